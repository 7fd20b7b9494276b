/** The data directory, and the SQLite database in it that keeps mappings and functions. */
package dev.sluice.store;
