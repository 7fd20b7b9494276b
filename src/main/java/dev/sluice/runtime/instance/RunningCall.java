package dev.sluice.runtime.instance;

import dev.sluice.invocation.InvocationResult;
import dev.sluice.resource.FunctionArn;
import dev.sluice.runtime.log.InvocationLog;
import java.time.Duration;

/** What a runtime may ask of, and tell, the call it runs. Used by the call's thread. */
public interface RunningCall extends Request {

    /** The function as the caller names it. */
    FunctionArn function();

    @Override
    default String functionArn() {
        return function().toString();
    }

    /** Where what the call logs goes. */
    InvocationLog log();

    /** Gives what follows this much time from now; false when the time was up already, and the result won't be asked for. */
    boolean limitTo(Duration time);

    /** Ends the call with this result although its code still runs; that is interrupted, as if its time was up. Any thread. */
    void end(InvocationResult result);
}
