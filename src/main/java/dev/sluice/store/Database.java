package dev.sluice.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs transactions, one after another, on the one connection to a database file. Thread-safe.
 *
 * <p>One connection for all, because SQLite has one writer at a time anyway and a call takes well under a millisecond; a pool
 * would only turn waiting for the lock below into SQLITE_BUSY. WAL, so that somebody who looks into the file with another
 * program doesn't hold the server up; synchronous=FULL where commits must survive a power failure, which in WAL mode anything less
 * loses.
 */
final class Database implements AutoCloseable {

    /** How long a statement waits for another program that holds the database. */
    static final Duration BUSY_TIMEOUT = Duration.ofSeconds(5);

    private final Path file;
    /** Held from before BEGIN until after COMMIT or ROLLBACK; guards the connection. */
    private final ReentrantLock lock = new ReentrantLock();
    private final Connection connection;

    private Database(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /** What a commit survives: a power failure, or a crash of this process only, at a fraction of the price. */
    enum Synchronous {
        FULL, NORMAL
    }

    /** The statements of one transaction. */
    @FunctionalInterface
    interface Work<T> {
        T run(Transaction transaction) throws SQLException;
    }

    /**
     * Opens the file, makes it where there is none, and brings its tables up to {@code schema}.
     *
     * @throws DataDirectoryException when the file can't be used; one of a newer version is left as it is
     */
    static Database open(Path databaseFile, Schema schema, Duration busyTimeout) {
        return open(databaseFile, schema, busyTimeout, Synchronous.FULL);
    }

    static Database open(Path databaseFile, Schema schema, Duration busyTimeout, Synchronous synchronous) {
        Path file = databaseFile.toAbsolutePath().normalize();
        try {
            if (isEmpty(file)) {
                create(file);
            } else {
                // Before anything can write: opening for writing alone may already change the file (a WAL is copied back).
                try (Connection readOnly = connect(file, "ro", busyTimeout)) {
                    schema.check(readOnly, file);
                }
            }
            return openForWriting(file, schema, busyTimeout, synchronous);
        } catch (SQLException e) {
            throw new DataDirectoryException("The database " + file + " can't be used: " + StorageFailure.meaning(e), e);
        } catch (IOException e) {
            throw new DataDirectoryException("The database " + file + " can't be used: " + DataDirectory.reason(e), e);
        }
    }

    /** Runs {@code work} in a transaction that reads. */
    <T> T read(String action, Work<T> work) {
        return transaction("BEGIN", action, work);
    }

    /** Runs {@code work} in a transaction that may write; it is on disk when this returns, and undone when this throws. */
    <T> T write(String action, Work<T> work) {
        // IMMEDIATE takes the write lock first: a transaction that only finds out later that it writes can't wait for it.
        return transaction("BEGIN IMMEDIATE", action, work);
    }

    /** Waits for the running transaction and closes the file. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            connection.close();
        } catch (SQLException e) {
            throw StorageFailure.of("close the database", file, e);
        } finally {
            lock.unlock();
        }
    }

    private <T> T transaction(String begin, String action, Work<T> work) {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("This thread is in a transaction already; this indicates a bug");
        }
        lock.lock();
        try {
            execute(begin);
            T result;
            try {
                result = work.run(new Transaction(connection));
                execute("COMMIT");
            } catch (SQLException | RuntimeException | Error e) {
                rollBack(e);
                throw e;
            }
            return result;
        } catch (SQLException e) {
            throw StorageFailure.of(action, file, e);
        } finally {
            lock.unlock();
        }
    }

    private void rollBack(Throwable cause) {
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            // After some errors (disk full, I/O) SQLite has rolled back by itself and says so here.
            cause.addSuppressed(e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static boolean isEmpty(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("it is a directory");
        }
        return !Files.exists(file) || Files.size(file) == 0;
    }

    /** Makes the file before SQLite does, for its mode; SQLite gives the -wal and -shm files the same. */
    private static void create(Path file) throws IOException {
        try {
            Files.createFile(file, DataDirectory.mode(file, "rw-------"));
        } catch (FileAlreadyExistsException e) {
            // Empty, so SQLite makes a database of it.
        }
    }

    private static Database openForWriting(Path file, Schema schema, Duration busyTimeout, Synchronous synchronous) throws SQLException {
        Connection connection = connect(file, "rw", busyTimeout);
        try {
            Database database = new Database(file, connection);
            database.execute("PRAGMA synchronous = " + synchronous);
            database.execute("PRAGMA foreign_keys = ON");
            String journal = text(connection, "PRAGMA journal_mode = WAL");
            if (!"wal".equals(journal)) {
                throw new SQLException("its file system doesn't allow a write-ahead log (journal mode is " + journal + ")");
            }
            schema.migrate(database, number(connection, "PRAGMA user_version"));
            return database;
        } catch (SQLException | RuntimeException e) {
            try (connection) {
                if (e instanceof UncheckedIOException io) {
                    throw new DataDirectoryException(io.getMessage(), io.getCause());
                }
                throw e;
            }
        }
    }

    private static Connection connect(Path file, String mode, Duration busyTimeout) throws SQLException {
        // A URI, because the driver takes what follows a '?' in a plain path for its own settings.
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toUri() + "?mode=" + mode);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = " + busyTimeout.toMillis());
            return connection;
        } catch (SQLException e) {
            try (connection) {
                throw e;
            }
        }
    }

    static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    static int number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getInt(1) : 0;
        }
    }
}
