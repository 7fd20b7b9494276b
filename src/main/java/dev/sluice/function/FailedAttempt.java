package dev.sluice.function;

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
