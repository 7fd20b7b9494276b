package dev.sluice.store;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Why a data directory, or the database in it, can't be used. The message is complete: it names the directory or file, what is
 * wrong with it and what the user can do.
 */
public final class DataDirectoryException extends UncheckedIOException {

    private static final long serialVersionUID = 1L;

    DataDirectoryException(String message) {
        super(message, new IOException(message));
    }

    DataDirectoryException(String message, Throwable cause) {
        super(message, cause instanceof IOException io ? io : new IOException(message, cause));
    }
}
