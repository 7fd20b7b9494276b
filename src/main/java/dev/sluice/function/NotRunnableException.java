package dev.sluice.function;

/** The function's code can't be run until somebody changes it; the message is the reason a user gets to read. */
final class NotRunnableException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What to do about code that Sluice doesn't run itself. */
    static final String WAY_OUT = "run it yourself (sam local start-lambda, or Lambda's Runtime Interface Emulator), delete this"
            + " function, and register where it answers: sluice functions add NAME --invoke-url URL, or invokeUrl in sluice.yaml";

    NotRunnableException(String reason) {
        super(reason);
    }

    NotRunnableException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
