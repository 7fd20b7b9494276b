package dev.sluice.dispatch;

import dev.sluice.function.FunctionInvoker;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Who takes a batch to its function: queues it for a slot, writes its event once, tries until it succeeds or the mapping's limits end it. Thread-safe;
 * {@link #deliver} never blocks. Single-use: after {@link #close} no backoff ends by itself.
 */
public final class Dispatcher implements AutoCloseable {

    private final RetryPolicy retries;
    private final Clock clock;
    private final Surroundings surroundings;
    private final ScheduledThreadPoolExecutor backoffs;

    /**
     * Where records go that no function takes.
     *
     * @param dropWhenUnavailable whether what the destination doesn't take is dropped, as AWS does; else it is sent until it does
     */
    public record OnFailure(OnFailureDestination destination, boolean dropWhenUnavailable) {
    }

    /** @param observer told of everything; its calls must not block */
    public Dispatcher(FunctionInvoker functions, RetryPolicy retries, OnFailure onFailure, DeliveryObserver observer, Clock clock) {
        this.retries = retries;
        this.clock = clock;
        this.surroundings = new Surroundings(functions, this::begin, onFailure, observer, clock, new EventBuffers());
        this.backoffs = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "sluice-backoff");
            thread.setDaemon(true);
            return thread;
        });
        backoffs.setRemoveOnCancelPolicy(true);
        backoffs.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Starts delivering {@code batch}; what becomes of it arrives at {@code listener}, possibly before this returns. */
    public Delivery deliver(Batch batch, DeliveryListener listener) {
        Delivery delivery = new Delivery(batch, listener, surroundings);
        delivery.start();
        return delivery;
    }

    /** Plans the end of a backoff after {@code failures} failures in a row. */
    private Delivery.Backoff begin(int failures, Runnable next) {
        Duration wait = retries.after(failures);
        var planned = backoffs.schedule(next, wait.toNanos(), TimeUnit.NANOSECONDS);
        return new Delivery.Backoff(clock.instant().plus(wait), planned);
    }

    @Override
    public void close() {
        backoffs.shutdownNow();
    }
}
