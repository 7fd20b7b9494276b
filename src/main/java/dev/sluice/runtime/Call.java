package dev.sluice.runtime;

import dev.sluice.function.FunctionVersion;
import dev.sluice.function.NotRunnableException;
import dev.sluice.invocation.ErrorDocument;
import dev.sluice.invocation.FunctionInvoker;
import dev.sluice.invocation.Invocation;
import dev.sluice.invocation.InvocationOptions;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.Payload;
import dev.sluice.resource.FunctionArn;
import dev.sluice.runtime.handler.HandlerProblem;
import dev.sluice.runtime.instance.FunctionRunner;
import dev.sluice.runtime.instance.RunningCall;
import dev.sluice.runtime.log.InvocationLog;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One invocation from its slot to its end. {@link #run} belongs to the thread that serves the slot, {@link #giveUp} to the
 * watchdog or to whoever closes; {@link CallState} decides between them.
 */
final class Call implements RunningCall, FunctionInvoker.Pending {

    private static final Logger LOG = LoggerFactory.getLogger(Call.class);

    private final Invocation invocation;
    private final FunctionCalls function;
    private final String requestId;
    /** Null for none. */
    private final InjectedFault fault;
    private final CallState state = new CallState();
    /** Confined to the running thread. */
    private Future<?> watch;
    /** Volatile, as the next: a handler's own threads may ask for the remaining time. */
    private volatile Duration limit = Duration.ZERO;
    private volatile long deadline;
    /** Set while the thread may be interrupted for this call. Guarded by this. */
    private Thread thread;
    private volatile FunctionRunner.Prepared prepared;
    /** What it runs; set before it is prepared. */
    private volatile FunctionVersion version;
    /** Null as long as there is nothing to log: before the version is known. */
    private volatile InvocationLog log;

    Call(Invocation invocation, FunctionCalls function, String requestId, InjectedFault fault) {
        this.invocation = invocation;
        this.function = function;
        this.requestId = requestId;
        this.fault = fault;
    }

    String turn() {
        return invocation.turn();
    }

    @Override
    public String requestId() {
        return requestId;
    }

    @Override
    public FunctionArn function() {
        return invocation.function();
    }

    @Override
    public String clientContext() {
        return invocation.options().clientContext();
    }

    @Override
    public String traceId() {
        String given = invocation.options().traceId();
        return given == null ? InvocationOptions.traceIdOf(requestId) : given;
    }

    @Override
    public InvocationLog log() {
        return log;
    }

    @Override
    public boolean cancel() {
        return function.cancel(this);
    }

    /** Runs the call on this thread. True when the slot is still this thread's, false when the watchdog has passed it on. */
    boolean run() {
        Optional<InvocationResult> refusal = function.refusal();
        if (refusal.isPresent()) {
            reportUntried(refusal.get());
            return true;
        }
        Payload event;
        try {
            FunctionRunner.Prepared ready = prepare();
            if (ready == null) {
                return true;
            }
            prepared = ready;
            event = payload(ready);
        } catch (RuntimeException | Error e) {
            LOG.error("A call of function {} could not be prepared", function(), e);
            reportUntried(new InvocationResult.CouldNotInvoke("the call could not be prepared: " + e));
            return true;
        }
        synchronized (this) {
            thread = Thread.currentThread();
        }
        report("started", () -> invocation.listener().started(requestId));
        function.running(this);
        InvocationResult result = run(event);
        if (watch != null) {
            watch.cancel(false);
        }
        synchronized (this) {
            thread = null;
        }
        // An interrupt, by the watchdog or by the handler itself, must not reach the next call on this thread.
        Thread.interrupted();
        return finish(result);
    }

    /** Null when it can't be tried; that is reported then. What fails as it would on Lambda is tried, and comes to that. */
    private FunctionRunner.Prepared prepare() {
        FunctionVersion chosen = null;
        try {
            chosen = function.version(invocation.function().qualifier());
            version = chosen;
            String number = chosen.version();
            report("executes", () -> invocation.listener().executes(number));
            log = function.logs().begin(function(), chosen, requestId, invocation.options().logWanted());
            if (fault instanceof InjectedFault.Error error) {
                return new PreparedFailure(ErrorDocument.of(InjectedFault.Error.TYPE, error.message()));
            }
            FunctionRunner.Prepared ready = function.prepare(chosen);
            return fault instanceof InjectedFault.Delay delay ? new DelayedCall(ready, delay.by()) : ready;
        } catch (NotRunnableException e) {
            InvocationResult result = function.notRunnable(this, chosen, e);
            if (result instanceof InvocationResult.FunctionError error) {
                return new PreparedFailure(error);
            }
            reportUntried(result);
            return null;
        }
    }

    private Payload payload(FunctionRunner.Prepared ready) {
        try {
            return invocation.payload().get();
        } catch (RuntimeException | Error e) {
            ready.done(false);
            throw e;
        }
    }

    private InvocationResult run(Payload event) {
        boolean here = prepared.inThisJvm();
        if (here) {
            function.enteredHere();
            log.runsInThisJvm();
        }
        try {
            return HandlerProblem.explained(prepared.run(event, this), version);
        } catch (NotRunnableException e) {
            InvocationResult result = function.notRunnable(this, version, e);
            return result instanceof InvocationResult.FunctionError error ? new PreparedFailure(error).run(event, this) : result;
        } catch (RuntimeException | Error e) {
            // A bug of ours, or no memory left even to describe the function's error.
            LOG.error("The call {} of function {} failed outside of its code", requestId, function(), e);
            return new InvocationResult.CouldNotInvoke("the call failed outside of the function's code: " + e);
        } finally {
            if (here) {
                function.leftHere();
            }
        }
    }

    private boolean finish(InvocationResult result) {
        CallState.Return mine = state.returned();
        done(mine != CallState.Return.COMPLETED_AND_ENDED);
        if (mine == CallState.Return.COMPLETED_AND_ENDED) {
            reportCompleted(result);
            reportEnded();
            return true;
        }
        function.abandonedReturned();
        if (mine == CallState.Return.ENDED) {
            reportEnded();
        } else {
            function.ended(this);
        }
        return false;
    }

    /** Whatever becomes of what the call used, its end is to be reported, and its slot somebody else's. */
    private void done(boolean overdue) {
        try {
            prepared.done(overdue);
        } catch (RuntimeException | Error e) {
            LOG.error("What the call {} of function {} used could not be freed", requestId, function(), e);
        }
    }

    /** Reports an end without a start, for a call that was never tried. */
    void reportUntried(InvocationResult result) {
        reportCompleted(result);
        report("ended", invocation.listener()::ended);
    }

    @Override
    public boolean limitTo(Duration time) {
        if (watch != null) {
            watch.cancel(false);
        }
        limit = time;
        deadline = System.nanoTime() + time.toNanos();
        if (function.timeoutApplies(version)) {
            watch = function.watchdog().schedule(() -> giveUp(new InvocationResult.TimedOut(requestId, time), function.abandonAfter()),
                    time.toNanos(), TimeUnit.NANOSECONDS);
        }
        return state.running();
    }

    @Override
    public void end(InvocationResult result) {
        giveUp(result, function.abandonAfter());
    }

    @Override
    public int remainingMillis() {
        if (!function.timeoutApplies(version)) {
            return (int) limit.toMillis();
        }
        return (int) Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
    }

    /** Completes the call with this result unless it has returned, makes it stop, and waits for it at most this much longer. */
    void giveUp(InvocationResult result, Duration wait) {
        if (!state.timeUp()) {
            return;
        }
        reportCompleted(prepared.instead().orElse(result));
        prepared.abort();
        synchronized (this) {
            if (thread != null) {
                thread.interrupt();
            }
        }
        if (state.timeoutReported()) {
            reportEnded();
            function.abandoned();
            return;
        }
        function.abandoned();
        function.watchdog().schedule(this::endWait, wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Waits no longer for a call that goes on after its end was reported. */
    void endWait() {
        if (state.waitOver()) {
            LOG.warn("The call {} of function {} goes on although its time was up and it was interrupted;"
                    + " the same records may be delivered again while it runs", requestId, function());
            reportEnded();
        }
    }

    private void reportCompleted(InvocationResult result) {
        InvocationLog begun = log;
        if (begun != null) {
            endLog(begun, result);
        }
        report("completed", () -> invocation.listener().completed(result));
    }

    private void endLog(InvocationLog begun, InvocationResult result) {
        try {
            byte[] tail = begun.end(result);
            if (invocation.options().logWanted()) {
                report("logged", () -> invocation.listener().logged(tail));
            }
        } catch (RuntimeException | Error e) {
            LOG.error("The log of call {} of function {} could not be ended", requestId, function(), e);
        }
    }

    private void reportEnded() {
        function.ended(this);
        report("ended", invocation.listener()::ended);
    }

    private void report(String what, Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException | Error e) {
            LOG.error("The listener of call {} of function {} failed on '{}'", requestId, function(), what, e);
        }
    }
}
