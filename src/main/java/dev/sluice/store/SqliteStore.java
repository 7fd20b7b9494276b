package dev.sluice.store;

import dev.sluice.function.FunctionStore;
import dev.sluice.mapping.DeclarationStore;
import dev.sluice.mapping.MappingStore;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where mappings and functions are on disk: one SQLite database file. Thread-safe; calls take turns on one connection.
 *
 * <p>Its stores throw {@link java.io.UncheckedIOException} when the file fails them, also after {@link #close}. Somebody else
 * may read the file meanwhile; a program that writes to it holds the stores up, for 5 s at most, then they throw.
 */
public final class SqliteStore implements AutoCloseable {

    private final Database database;
    private final MappingStore mappings;
    private final FunctionStore functions;
    private final DeclarationStore declarations;

    private SqliteStore(Database database) {
        this.database = database;
        this.mappings = new SqliteMappingStore(database);
        this.functions = new SqliteFunctionStore(database);
        this.declarations = new SqliteDeclarationStore(database);
    }

    /**
     * Opens the database, and makes it first where there is none; its directory must exist and should be a locked
     * {@link DataDirectory}. Tables of an older Sluice are brought up to date.
     *
     * @throws DataDirectoryException when the file can't be used: from a newer Sluice, of another program, damaged, not
     *     writable; it is not changed then
     */
    public static SqliteStore open(Path databaseFile) {
        return open(databaseFile, Database.BUSY_TIMEOUT);
    }

    static SqliteStore open(Path databaseFile, Duration busyTimeout) {
        return new SqliteStore(Database.open(databaseFile, Schema.current(), busyTimeout));
    }

    public MappingStore mappings() {
        return mappings;
    }

    public FunctionStore functions() {
        return functions;
    }

    public DeclarationStore declarations() {
        return declarations;
    }

    /** The connection behind them, for tests of what only SQLite shows. */
    Database database() {
        return database;
    }

    /** Waits for the running transaction and closes the file. Idempotent. */
    @Override
    public void close() {
        database.close();
    }
}
