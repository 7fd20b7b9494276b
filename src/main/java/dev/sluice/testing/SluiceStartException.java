package dev.sluice.testing;

/** Why could the server not be started? The message ends with what it said last, and where all of that is. */
public final class SluiceStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SluiceStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
