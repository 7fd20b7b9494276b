package dev.sluice.dispatch;

import dev.sluice.fault.FatalFaults;
import dev.sluice.fault.ReportingSchedule;
import dev.sluice.invocation.FunctionInvoker;
import java.time.Duration;

/**
 * Who takes a batch to its function: queues it for a slot, writes its event once, tries until it succeeds or the mapping's limits end
 * it. Thread-safe; {@link #deliver} never blocks. Single-use: after {@link #close} no backoff ends by itself.
 */
public final class Dispatcher implements AutoCloseable {

    private final Surroundings surroundings;
    private final Runnable closing;

    /**
     * Where records go that no function takes.
     *
     * @param dropWhenUnavailable whether what the destination doesn't take is dropped, as AWS does; else it is sent until it does
     */
    public record OnFailure(OnFailureDestination destination, boolean dropWhenUnavailable) {
    }

    /** @param observer told of everything; its calls must not block */
    public Dispatcher(FunctionInvoker functions, RetryPolicy retries, OnFailure onFailure, DeliveryObserver observer, DeliveryClock clock) {
        this(functions, retries, onFailure, observer, clock, FatalFaults.unheard());
    }

    public Dispatcher(FunctionInvoker functions, RetryPolicy retries, OnFailure onFailure, DeliveryObserver observer, DeliveryClock clock,
            FatalFaults faults) {
        ReportingSchedule backoffs = new ReportingSchedule("sluice-backoff", faults);
        this.surroundings = new Surroundings(functions, (failures, next) -> {
            Duration wait = retries.after(failures);
            return new Delivery.Backoff(clock.now().plus(wait), clock.schedule(backoffs, wait, next));
        }, onFailure, observer, clock, new EventBuffers(), faults);
        this.closing = backoffs::shutdownNow;
    }

    /** One whose backoffs end when a test says so. */
    Dispatcher(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.closing = () -> {};
    }

    /** Starts delivering {@code batch}; what becomes of it arrives at {@code listener}, possibly before this returns. */
    public Delivery deliver(Batch batch, DeliveryListener listener) {
        Delivery delivery = new Delivery(batch, listener, surroundings);
        delivery.start();
        return delivery;
    }

    @Override
    public void close() {
        closing.run();
    }
}
