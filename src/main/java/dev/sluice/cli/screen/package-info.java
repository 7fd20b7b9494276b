/** What is a command printed on: how wide it is, and what fits? Asks no server, and knows no command. */
package dev.sluice.cli.screen;
