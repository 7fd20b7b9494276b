/** The fault harness: server, broker and function as processes that are killed, and an account of every record; started by {@code scripts/chaos}. */
package dev.sluice.chaos;
