package dev.sluice.runtime;

import dev.sluice.function.NotRunnableException;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.Payload;
import dev.sluice.runtime.instance.FunctionRunner;
import dev.sluice.runtime.instance.RunningCall;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A call that begins a while after it could: as on Lambda when there is no environment yet. Immutable. */
record DelayedCall(FunctionRunner.Prepared then, Duration by) implements FunctionRunner.Prepared {

    @Override
    public InvocationResult run(Payload event, RunningCall call) throws NotRunnableException {
        try {
            TimeUnit.NANOSECONDS.sleep(by.toNanos());
        } catch (InterruptedException closing) {
            return new InvocationResult.CouldNotInvoke("the server ends while the call is delayed");
        }
        return then.run(event, call);
    }

    @Override
    public Optional<InvocationResult> instead() {
        return then.instead();
    }

    @Override
    public void abort() {
        then.abort();
    }

    @Override
    public boolean inThisJvm() {
        return then.inThisJvm();
    }

    @Override
    public void done(boolean overdue) {
        then.done(overdue);
    }
}
