package dev.sluice.store;

import dev.sluice.function.FunctionStore;
import dev.sluice.mapping.DeclarationStore;
import dev.sluice.mapping.MappingStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

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
        refuseEmptied(databaseFile.toAbsolutePath().normalize());
        return new SqliteStore(Database.open(databaseFile, Schema.current(), busyTimeout));
    }

    /** A file that lost its content is no new one. Where it alone was made, a first start was cut short. */
    private static void refuseEmptied(Path file) {
        List<String> used = Stream.of("journal.db", "code", "kafka").filter(name -> Files.exists(file.resolveSibling(name))).toList();
        try {
            if (Files.isRegularFile(file) && Files.size(file) == 0 && !used.isEmpty()) {
                throw new DataDirectoryException("The database " + file + " is empty, and beside it there is what a server has used ("
                        + String.join(", ", used) + "). Put a copy back, or delete the file to start with no mappings and no functions.");
            }
        } catch (IOException e) {
            throw new DataDirectoryException("The database " + file + " can't be used: " + DataDirectory.reason(e), e);
        }
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
