package dev.sluice.server;

/** Why a server with a valid configuration could not start, in one line a user can act on (a port taken, a directory locked). */
public final class StartFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StartFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
