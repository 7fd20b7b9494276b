package dev.sluice.runtime.instance;

/** Ends what called {@code System.exit} in a function's code. An Error, since that is what code catches least. */
public final class HandlerExit extends Error {

    private static final long serialVersionUID = 1L;

    /** @param status as the operating system would report it */
    public HandlerExit(int status) {
        super("exit status " + status, null, false, false);
    }
}
