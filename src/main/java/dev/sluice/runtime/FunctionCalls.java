package dev.sluice.runtime;

import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionDefinitions;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.NotRunnableException;
import dev.sluice.invocation.FunctionInvoker;
import dev.sluice.invocation.Invocation;
import dev.sluice.invocation.InvocationOptions;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.runtime.handler.HandlerProblem;
import dev.sluice.runtime.instance.FunctionRunner;
import dev.sluice.runtime.instance.InvocationThreads;
import dev.sluice.runtime.log.InvocationLogs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The calls of one function: who waits, who runs, who goes on after its timeout. Thread-safe; nothing here blocks. */
final class FunctionCalls {

    /** AWS's ThrottleReason. */
    private static final InvocationResult OVER_RESERVATION =
            new InvocationResult.Throttled("ReservedFunctionConcurrentInvocationLimitExceeded");
    private static final InvocationResult INJECTED_THROTTLE = new InvocationResult.Throttled("an injected fault");
    static final InvocationResult CHANGED =
            new InvocationResult.CouldNotInvoke("the function was changed while the call was prepared");
    private static final InvocationResult STOPPING = new InvocationResult.CouldNotInvoke("Sluice is stopping");

    private final FunctionDefinitions.Key key;
    private final Supplier<Optional<FunctionDefinition>> definition;
    private final InvocationThreads threads;
    private final InvocationLimits limits;
    private final Runners runners;
    private final InvocationLogs logs;
    private final ConcurrencySlots<Call> slots;
    private final InjectedFaults faults = new InjectedFaults();
    private final Set<Call> running = ConcurrentHashMap.newKeySet();
    private final AtomicInteger abandoned = new AtomicInteger();
    /** Calls whose code is running in this JVM, also those that nobody waits for any more. */
    private final AtomicInteger here = new AtomicInteger();
    private volatile boolean closed;

    /** What runs the function's versions, by the kind of their code. */
    record Runners(FunctionRunner code, FunctionRunner http, FunctionRunner attached) {
        FunctionRunner of(FunctionCode ofVersion) {
            return switch (ofVersion.runBy()) {
                case SLUICE, NOBODY -> code;
                case ATTACHED_PROCESS -> attached;
                case ENDPOINT -> http;
            };
        }
    }

    /** @param definition the function as it is defined now, empty once it is deleted */
    FunctionCalls(FunctionDefinitions.Key key, Supplier<Optional<FunctionDefinition>> definition, InvocationThreads threads,
            InvocationLimits limits, Runners runners, InvocationLogs logs) {
        this.key = key;
        this.definition = definition;
        this.threads = threads;
        this.limits = limits;
        this.runners = runners;
        this.logs = logs;
        this.slots = new ConcurrencySlots<>(limit());
    }

    Call submit(Invocation invocation, String requestId) {
        InjectedFault fault = faults.take().orElse(null);
        Call call = new Call(invocation, this, requestId, fault);
        if (fault instanceof InjectedFault.Throttle) {
            threads.runAnyway(() -> call.reportUntried(INJECTED_THROTTLE));
            return call;
        }
        boolean mayWait = invocation.options().whenBusy() == InvocationOptions.WhenBusy.WAIT || reserved() == null;
        ConcurrencySlots.Place place = slots.take(call.turn(), call, mayWait);
        if (place == ConcurrencySlots.Place.SLOT) {
            start(call);
        } else if (place == ConcurrencySlots.Place.NONE) {
            throttle(call);
        } else if (closed && slots.remove(call.turn(), call)) {
            call.reportUntried(STOPPING);
        }
        return call;
    }

    private void throttle(Call call) {
        threads.runAnyway(() -> call.reportUntried(OVER_RESERVATION));
    }

    FunctionInvoker.Watch watch(Runnable then) {
        return runners.code().watch(then);
    }

    boolean cancel(Call call) {
        return slots.remove(call.turn(), call);
    }

    /** The definition has changed or is gone. */
    void changed() {
        if (definition.get().isEmpty()) {
            faults.clear();
        }
        runners.code().changed();
        applyLimit();
    }

    /** What comes over the next calls. */
    InjectedFaults faults() {
        return faults;
    }

    /** Lets as many run as the definition now allows; what runs beyond that goes on. */
    void applyLimit() {
        List<Call> served;
        List<Call> refused;
        // Read and set together: of two changes, the later one must be what holds.
        synchronized (slots) {
            int limit = limit();
            served = slots.limit(limit);
            refused = limit == 0 ? slots.removeAll() : List.of();
        }
        served.forEach(this::start);
        refused.forEach(this::throttle);
    }

    /** Takes back what waits; what runs goes on. */
    void stopWaiting() {
        closed = true;
        slots.removeAll().forEach(call -> call.reportUntried(STOPPING));
        runners.code().stopKeeping();
    }

    /** Completes what still runs, and interrupts it. */
    void giveUp() {
        running.forEach(call -> call.giveUp(STOPPING, limits.abandonAfter()));
    }

    /** Waits for nothing any more, and frees what the function's code holds. */
    void close() {
        running.forEach(Call::endWait);
        runners.code().close();
    }

    private void start(Call call) {
        Call next = call;
        while (next != null) {
            Call starting = next;
            next = null;
            try {
                threads.runners().execute(() -> serve(starting));
            } catch (RejectedExecutionException e) {
                starting.reportUntried(STOPPING);
            } catch (OutOfMemoryError noThread) {
                starting.reportUntried(new InvocationResult.CouldNotInvoke("no thread could be started: " + noThread.getMessage()));
                next = slots.release().orElse(null);
            }
        }
    }

    /** One slot, as long as there is somebody to serve: the next call runs on the same thread, without a hand-over if it can. */
    private void serve(Call first) {
        Call call = first;
        while (call != null) {
            call = call.run() ? slots.release().orElse(null) : null;
            if (call != null && InvocationThreads.isSpent()) {
                start(call);
                return;
            }
        }
    }

    // What a call asks of its function.

    /** Why no call may be tried now: too many threads are lost to calls that don't end. */
    Optional<InvocationResult> refusal() {
        int lost = abandoned.get();
        return lost <= limits.abandonedCalls() ? Optional.empty() : Optional.of(new InvocationResult.CouldNotInvoke(
                lost + " calls of function " + key.name() + " still run after their timeout, and a Java thread can't be killed;"
                        + " make the handler end when it is interrupted, or use isolation: process"));
    }

    /** The version that the next call of the qualifier runs. */
    FunctionVersion version(String qualifier) throws NotRunnableException {
        FunctionDefinition current = definition.get()
                .orElseThrow(() -> NotRunnableException.gone("function " + key.name() + " was deleted"));
        return current.invoked(qualifier, ThreadLocalRandom.current().nextDouble()).orElseThrow(
                () -> NotRunnableException.gone("version or alias " + qualifier + " of function " + key.name() + " was deleted"));
    }

    FunctionRunner.Prepared prepare(FunctionVersion version) throws NotRunnableException {
        Optional<String> image = version.code().imageUri();
        if (image.isPresent()) {
            throw new NotRunnableException("function " + key.name() + " is the container image " + image.get() + ", and Sluice runs no"
                    + " containers; " + NotRunnableException.WAY_OUT);
        }
        return runners.of(version.code()).prepare(version);
    }

    /**
     * What a call comes to that can't be run. Of a function that has changed since nobody knows whether it can be.
     *
     * @param chosen the version that the call was to run; null when there was none to choose
     */
    InvocationResult notRunnable(Call call, FunctionVersion chosen, NotRunnableException reason) {
        boolean changed = chosen != null
                && definition.get().filter(now -> now.runs(call.function().qualifier(), chosen)).isEmpty();
        return changed ? CHANGED : closed ? STOPPING : HandlerProblem.explained(reason.result(call.requestId()), chosen);
    }

    InvocationLogs logs() {
        return logs;
    }

    String name() {
        return key.name();
    }

    /** Whether code of the function runs in this JVM right now. */
    boolean runningHere() {
        return here.get() > 0;
    }

    void enteredHere() {
        here.incrementAndGet();
    }

    void leftHere() {
        here.decrementAndGet();
    }

    void running(Call call) {
        running.add(call);
    }

    void ended(Call call) {
        running.remove(call);
    }

    /** A call goes on after its timeout; its slot is somebody else's now. */
    void abandoned() {
        abandoned.incrementAndGet();
        slots.release().ifPresent(this::start);
    }

    void abandonedReturned() {
        abandoned.decrementAndGet();
    }

    boolean timeoutApplies(FunctionVersion version) {
        return version.timeoutApplies() && switch (limits.timeouts()) {
            case ENFORCED -> true;
            case OFF -> false;
            case OFF_WHEN_DEBUGGED -> !DebugAgent.PRESENT;
        };
    }

    Duration abandonAfter() {
        return limits.abandonAfter();
    }

    ScheduledExecutorService watchdog() {
        return threads.watchdog();
    }

    private Integer reserved() {
        return definition.get().map(FunctionDefinition::reservedConcurrency).orElse(null);
    }

    /** Whether a call that comes now would start at once. */
    boolean hasRoom() {
        return slots.hasRoom();
    }

    /** How many calls wait until another one has ended. */
    int waiting() {
        return slots.waiting();
    }

    private int limit() {
        return definition.get().map(limits::concurrency).orElse(limits.jarConcurrency());
    }
}
