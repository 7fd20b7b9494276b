package dev.sluice.function;

/** The function's code can't be run until somebody changes it; the message is the reason a user gets to read. */
final class NotRunnableException extends Exception {

    private static final long serialVersionUID = 1L;

    NotRunnableException(String reason) {
        super(reason);
    }

    NotRunnableException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
