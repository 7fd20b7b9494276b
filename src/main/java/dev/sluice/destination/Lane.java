package dev.sluice.destination;

import dev.sluice.fault.FatalFaults;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that talk to one service or cluster, so that one that doesn't answer holds up no other. They end when idle.
 * Thread-safe, single-use; the queue is not bounded, as no partition has more than one batch in it.
 */
final class Lane {

    private static final int THREADS = 4;

    /** Talks to a destination and returns when it has accepted all. */
    interface Sending {
        void send() throws Exception;
    }

    private final ThreadPoolExecutor threads;
    private final FatalFaults faults;
    private final Map<CompletableFuture<Void>, String> pending = new ConcurrentHashMap<>();

    Lane(String name, FatalFaults faults) {
        this.faults = faults;
        threads = new ThreadPoolExecutor(THREADS, THREADS, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                runnable -> faults.thread("sluice-destination-" + name, runnable));
        threads.allowCoreThreadTimeOut(true);
    }

    /** Completes when {@code sending} has returned, exceptionally with a {@link DestinationFailedException} when it threw. */
    CompletableFuture<Void> send(String destination, Sending sending) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        pending.put(result, destination);
        result.whenComplete((nothing, failure) -> pending.remove(result));
        try {
            threads.execute(() -> run(destination, sending, result));
        } catch (RejectedExecutionException closed) {
            result.completeExceptionally(closing(destination));
        } catch (OutOfMemoryError noThread) {
            result.completeExceptionally(new DestinationFailedException(destination, noThread.toString(), noThread));
        }
        return result;
    }

    private void run(String destination, Sending sending, CompletableFuture<Void> result) {
        try {
            sending.send();
        } catch (DestinationFailedException named) {
            result.completeExceptionally(named);
            return;
        } catch (InterruptedException closed) {
            result.completeExceptionally(closing(destination));
            return;
        } catch (Exception | Error e) { // an Error too: whoever waits for the answer must get one
            faults.caught(e);
            result.completeExceptionally(new DestinationFailedException(destination, DestinationFailedException.firstLine(e), e));
            return;
        }
        result.complete(null);
    }

    private static DestinationFailedException closing(String destination) {
        return new DestinationFailedException(destination, "the server is closing", null);
    }

    /** Takes nothing new, gives what runs {@code within} this time, then interrupts it; whoever still waits is told so. */
    void close(Duration within) {
        threads.shutdown();
        try {
            if (threads.awaitTermination(within.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
        pending.forEach((waiting, destination) -> waiting.completeExceptionally(closing(destination)));
    }
}
