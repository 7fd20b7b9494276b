package dev.sluice.function;

import dev.sluice.mapping.FunctionArn;
import java.time.Duration;

/** What a runtime may ask of, and tell, the call it runs. Used by the call's thread. */
interface RunningCall {

    String requestId();

    /** The function as the caller names it. */
    FunctionArn function();

    /** What the caller says of itself, JSON; null for nothing. */
    String clientContext();

    /** The value of {@code X-Amzn-Trace-Id}: the caller's, or one of this call. */
    String traceId();

    /** Where the call's log goes; null when nobody asked for it. */
    InvocationLog log();

    /** Gives what follows this much time from now; false when the time was up already, and the result won't be asked for. */
    boolean limitTo(Duration time);

    /** Ends the call with this result although its code still runs; that is interrupted, as if its time was up. Any thread. */
    void end(InvocationResult result);

    /** What is left of that time, at least 0. */
    int remainingMillis();
}
