package dev.sluice.runtime.instance;

/** What does a handler get to know of the call it runs? Thread-safe: its own threads may ask. */
public interface Request {

    String requestId();

    /** The function as the caller names it. */
    String functionArn();

    /** What the caller says of itself, JSON; null for nothing. */
    String clientContext();

    /** The value of {@code X-Amzn-Trace-Id}: the caller's, or one of this call. */
    String traceId();

    /** What is left of its time, at least 0. */
    int remainingMillis();
}
