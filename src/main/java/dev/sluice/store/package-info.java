/**
 * The data directory, and the SQLite database in it that keeps mappings and functions.
 *
 * <p>{@link dev.sluice.store.DataDirectory} first, then {@code Database} (the one connection) and {@code Schema} (migrations); a store a port:
 * {@code SqliteMappingStore}, {@code SqliteFunctionStore}, {@code SqliteDeclarationStore}, {@code SqliteJournal}.
 */
package dev.sluice.store;
