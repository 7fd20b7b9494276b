package dev.sluice.function;

import java.time.Duration;
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

    private static final InvocationResult STOPPING = new InvocationResult.CouldNotInvoke("Sluice is stopping");

    private final FunctionDefinitions.Key key;
    private final Supplier<Optional<FunctionDefinition>> definition;
    private final InvocationThreads threads;
    private final InvocationLimits limits;
    private final FunctionRuntime jar;
    private final FunctionRuntime http;
    private final ConcurrencySlots<Call> slots;
    private final Set<Call> running = ConcurrentHashMap.newKeySet();
    private final AtomicInteger abandoned = new AtomicInteger();
    private volatile boolean closed;

    /** @param definition the function as it is defined now, empty once it is deleted */
    FunctionCalls(FunctionDefinitions.Key key, Supplier<Optional<FunctionDefinition>> definition, InvocationThreads threads,
                  InvocationLimits limits, FunctionRuntime jar, FunctionRuntime http) {
        this.key = key;
        this.definition = definition;
        this.threads = threads;
        this.limits = limits;
        this.jar = jar;
        this.http = http;
        this.slots = new ConcurrencySlots<>(limit());
    }

    Call submit(Invocation invocation, String requestId) {
        Call call = new Call(invocation, this, requestId);
        if (slots.takeOrWait(call.turn(), call)) {
            start(call);
        } else if (closed && slots.remove(call.turn(), call)) {
            call.reportUntried(STOPPING);
        }
        return call;
    }

    boolean cancel(Call call) {
        return slots.remove(call.turn(), call);
    }

    /** The definition has changed or is gone. */
    void changed() {
        jar.changed();
        slots.limit(limit()).forEach(this::start);
    }

    /** Takes back what waits; what runs goes on. */
    void stopWaiting() {
        closed = true;
        slots.removeAll().forEach(call -> call.reportUntried(STOPPING));
    }

    /** Completes what still runs, and interrupts it. */
    void giveUp() {
        running.forEach(call -> call.giveUp(STOPPING, limits.abandonAfter()));
    }

    /** Waits for nothing any more, and frees what the function's code holds. */
    void close() {
        running.forEach(Call::endWait);
        jar.close();
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

    /** One slot, as long as there is somebody to serve: the next call runs on the same thread, without a hand-over. */
    private void serve(Call first) {
        Call call = first;
        while (call != null) {
            call = call.run() ? slots.release().orElse(null) : null;
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
                .orElseThrow(() -> new NotRunnableException("function " + key.name() + " was deleted"));
        return current.invoked(qualifier, ThreadLocalRandom.current().nextDouble()).orElseThrow(
                () -> new NotRunnableException("version or alias " + qualifier + " of function " + key.name() + " was deleted"));
    }

    FunctionRuntime.Attempt prepare(FunctionVersion version) throws NotRunnableException {
        if (version.code() instanceof FunctionCode.Image image) {
            throw new NotRunnableException("function " + key.name() + " is the container image " + image.uri() + ", and Sluice runs no"
                    + " containers; run it yourself (docker run -p 9000:8080 …) and register it with its invokeUrl");
        }
        return (version.code() instanceof FunctionCode.HttpEndpoint ? http : jar).prepare(version);
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

    boolean timeoutsApply() {
        return switch (limits.timeouts()) {
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

    private int limit() {
        FunctionDefinition current = definition.get().orElse(null);
        if (current == null) {
            return limits.jarConcurrency();
        }
        if (current.reservedConcurrency() != null) {
            return current.reservedConcurrency();
        }
        return current.latest().code() instanceof FunctionCode.HttpEndpoint ? limits.httpConcurrency() : limits.jarConcurrency();
    }
}
