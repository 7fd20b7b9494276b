package dev.sluice.dispatch;

import dev.sluice.function.FunctionInvoker;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Who takes a batch to its function: queues it for a slot, writes its event once, tries until it succeeds. Thread-safe;
 * {@link #deliver} never blocks. Single-use: after {@link #close} no backoff ends by itself.
 */
public final class Dispatcher implements AutoCloseable {

    private final FunctionInvoker functions;
    private final RetryPolicy retries;
    private final Clock clock;
    private final EventBuffers buffers = new EventBuffers();
    private final ScheduledThreadPoolExecutor backoffs;

    public Dispatcher(FunctionInvoker functions, RetryPolicy retries, Clock clock) {
        this.functions = functions;
        this.retries = retries;
        this.clock = clock;
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
        Delivery delivery = new Delivery(batch, listener, this::begin, functions, buffers);
        delivery.start();
        return delivery;
    }

    /** Plans the end of a backoff after {@code attempts} attempts. */
    private Delivery.Backoff begin(int attempts, Runnable next) {
        Duration wait = retries.after(attempts);
        var planned = backoffs.schedule(next, wait.toNanos(), TimeUnit.NANOSECONDS);
        return new Delivery.Backoff(clock.instant().plus(wait), planned);
    }

    @Override
    public void close() {
        backoffs.shutdownNow();
    }
}
