package dev.sluice.runtime.handler;

/** Ends what made a call that needs a JVM of the function's own. An Error, since that is what code catches least. */
final class HandlerMove extends Error {

    private static final long serialVersionUID = 1L;

    HandlerMove(String because) {
        super("the code moves to a JVM of its own, as " + because, null, false, false);
    }
}
