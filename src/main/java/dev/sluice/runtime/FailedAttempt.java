package dev.sluice.runtime;

import dev.sluice.invocation.ErrorDocument;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.Payload;
import dev.sluice.runtime.instance.FunctionRuntime;
import dev.sluice.runtime.instance.RunningCall;

/** An attempt of which it is known before what it comes to: its function can't be started. Immutable. */
record FailedAttempt(InvocationResult.FunctionError error) implements FunctionRuntime.Attempt {

    @Override
    public InvocationResult run(Payload event, RunningCall call) {
        call.log().memoryUsed(0);
        call.log().error(ErrorDocument.line(error));
        return error;
    }

    /** There is nothing to stop, nor to free. */
    @Override
    public void abort() {
    }

    @Override
    public void done(boolean overdue) {
    }
}
