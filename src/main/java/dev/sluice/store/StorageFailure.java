package dev.sluice.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;

/** What an error of SQLite means for the user. */
final class StorageFailure {

    // https://sqlite.org/rescode.html; the driver hands them on as vendor codes.
    private static final int BUSY = 5;
    private static final int READONLY = 8;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CANTOPEN = 14;
    private static final int NOTADB = 26;

    private StorageFailure() {
    }

    /** @param action what was being done, as in "Could not …" */
    static UncheckedIOException of(String action, Path file, SQLException e) {
        String message = "Could not " + action + " in " + file + ": " + meaning(e);
        return new UncheckedIOException(message, new IOException(message, e));
    }

    /** The error in words, with what can be done about it. */
    static String meaning(SQLException e) {
        return switch (e.getErrorCode()) {
            case BUSY -> "another program holds the database; end it and try again (" + e.getMessage() + ")";
            case READONLY -> "the file or its directory can't be written; change its permissions (" + e.getMessage() + ")";
            case CORRUPT, NOTADB -> "the file is no intact SQLite database; put a copy back, or move it and its -wal and -shm"
                    + " files away to start with nothing (" + e.getMessage() + ")";
            case FULL -> "the disk is full; make room on it (" + e.getMessage() + ")";
            case CANTOPEN -> "the file can't be opened; look at its permissions (" + e.getMessage() + ")";
            default -> e.getMessage();
        };
    }
}
