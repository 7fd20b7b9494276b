/** What a server can't go on after, and who hears of it. */
package dev.sluice.fault;
