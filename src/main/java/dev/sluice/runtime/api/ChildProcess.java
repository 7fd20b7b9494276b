package dev.sluice.runtime.api;

import dev.sluice.runtime.process.RuntimeProcess;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One process, from its start to the moment when nothing of it is left. Thread-safe; single-use. A thread of its own waits for its
 * end.
 */
final class ChildProcess implements RuntimeProcess {

    /** How long a process that was asked to end has for it. */
    static final long STOP_MILLIS = 500;

    /** For what a process sent just before it ended. */
    private static final Duration LAST_REQUESTS = Duration.ofMillis(200);
    private static final Duration WRITE_PATIENCE = Duration.ofSeconds(1);
    /**
     * For what a process does between its answer and its next request: what it prints there belongs to the call, as on Lambda, and the
     * next call couldn't begin before anyway.
     */
    private static final Duration NEXT_PATIENCE = Duration.ofMillis(500);
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(5);

    private static final Result.Exited KILLED = new Result.Exited("signal: killed");

    private final Process process;
    private final Exchange exchange;
    private final ProcessOutput output;
    private final RuntimeApiPort port;
    private final RuntimeApi.Delay delay;
    private final ProcessFamily family;
    private final CompletableFuture<Void> exit = new CompletableFuture<>();
    private volatile boolean killed;
    private volatile OptionalLong peakMemory = OptionalLong.empty();

    ChildProcess(Process process, Exchange exchange, ProcessOutput output, ProcessFamily family, RuntimeApiPort port,
            RuntimeApi.Delay delay) {
        this.process = process;
        this.exchange = exchange;
        this.output = output;
        this.port = port;
        this.delay = delay;
        this.family = family;
    }

    /** @param whenEnded when nothing of it is left */
    void watch(String name, Consumer<ChildProcess> whenEnded) {
        Thread watch = new Thread(() -> {
            try {
                end(exitStatus());
            } finally {
                whenEnded.accept(this);
                exit.complete(null);
            }
        }, "end of " + name);
        watch.setDaemon(true);
        watch.start();
    }

    @Override
    public Optional<Result> awaitReady() {
        Optional<Result> result;
        try {
            result = exchange.awaitReady();
        } catch (InterruptedException e) {
            result = Optional.of(interrupted());
        }
        output.settle();
        return result;
    }

    @Override
    public Result invoke(Event event) {
        exchange.offer(event);
        Result result;
        try {
            result = exchange.awaitResult();
        } catch (InterruptedException e) {
            result = interrupted();
        }
        exchange.endWrites(WRITE_PATIENCE);
        exchange.awaitNext(NEXT_PATIENCE);
        output.settle();
        return result;
    }

    @Override
    public boolean isAlive() {
        return !killed && process.isAlive();
    }

    @Override
    public CompletableFuture<Void> onExit() {
        return exit.copy();
    }

    /** What was seen last, when it has ended. */
    @Override
    public OptionalLong peakMemoryBytes() {
        OptionalLong now = ProcessTable.available() && process.isAlive()
                ? ProcessTable.peakMemory(process.pid()) : OptionalLong.empty();
        if (now.isPresent()) {
            peakMemory = now;
        }
        return peakMemory;
    }

    @Override
    public void stop() {
        if (process.isAlive()) {
            // Not the process's own method, which closes the pipe: what it prints on its way out is wanted.
            process.toHandle().destroy();
            delay.after(STOP_MILLIS, this::kill);
        }
    }

    @Override
    public void kill() {
        killed = true;
        if (process.isAlive()) {
            family.kill();
        }
    }

    /** Whether nothing of it is left after this time. */
    boolean awaitEnd(Duration atMost) {
        return exchange.awaitEnd(atMost).isPresent();
    }

    boolean hasEnded() {
        return awaitEnd(Duration.ZERO);
    }

    private Result interrupted() {
        try {
            kill();
            // No process can refuse to be killed; one that waits for a disk only takes longer for it.
            return exchange.awaitEnd(KILL_PATIENCE).orElse(KILLED);
        } finally {
            Thread.currentThread().interrupt();
        }
    }

    private int exitStatus() {
        while (true) {
            try {
                return process.waitFor();
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt this thread, and the process is still to be waited for.
                continue;
            }
        }
    }

    /** The order is that in which one needs the other: nobody hears of the end before all that came from the process is in. */
    private void end(int status) {
        Result.Exited how = new Result.Exited(ExitStatus.text(status));
        exchange.ending(how);
        try {
            family.killRest();
        } finally {
            try {
                if (exchange.expectsMore()) {
                    port.connections().awaitNone(LAST_REQUESTS);
                }
                output.finish();
            } finally {
                free(how);
            }
        }
    }

    private void free(Result.Exited how) {
        try {
            port.close();
        } finally {
            exchange.ended(how);
        }
    }
}
