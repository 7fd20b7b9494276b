package dev.sluice.invocation;

/**
 * What happens to one {@link Invocation}. Each method is called once at most, in the order executes, started, logged, completed,
 * ended; completed and ended always come unless the invocation was cancelled before it started. Calls arrive on the function's
 * threads and must not block.
 */
public interface InvocationListener {

    /** Which version the call runs, {@code $LATEST} or a number; comes before {@link #started}. */
    default void executes(String version) {
    }

    /**
     * The end of what the invocation logged, 4 KB at most; only when {@link InvocationOptions#logWanted}, and when it got as far as
     * its version.
     */
    default void logged(byte[] tail) {
    }

    /** The slot is taken and the call begins: from here on it counts as an attempt. Not called when it could not be tried. */
    void started(String requestId);

    /** What came of it, at the timeout at the latest. */
    void completed(InvocationResult result);

    /**
     * The call has truly ended, or Sluice no longer waits for it (30 s after the timeout, by default): another call for the same
     * records may begin.
     */
    void ended();
}
