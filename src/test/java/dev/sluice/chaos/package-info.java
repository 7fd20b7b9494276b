/** The fault harness: server, broker and function as processes that are killed, and an account of every record. */
package dev.sluice.chaos;
