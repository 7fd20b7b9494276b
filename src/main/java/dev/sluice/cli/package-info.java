/** The commands; all but serve and demo are thin clients of the server's HTTP API. */
package dev.sluice.cli;
