package dev.sluice.runtime;

import dev.sluice.invocation.ErrorDocument;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.Payload;
import dev.sluice.runtime.instance.FunctionRunner;
import dev.sluice.runtime.instance.RunningCall;

/** A call of which it is known before what it comes to: its function can't be started. Immutable. */
record PreparedFailure(InvocationResult.FunctionError error) implements FunctionRunner.Prepared {

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
