package dev.sluice.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What time is it for deliveries where nobody moves it? That of the machine; who waits for it needs no telling. Immutable. */
record RealDeliveryClock(Clock clock, LongSupplier passing) implements DeliveryClock {

    private static final Waiter NOBODY = new Waiter() {

        @Override
        public void works() {
        }

        @Override
        public void waitsUntil(long nanos) {
        }

        @Override
        public void close() {
        }
    };

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public long nanos() {
        return passing.getAsLong();
    }

    @Override
    public Instant real(Instant moment) {
        return moment;
    }

    @Override
    public Scheduled schedule(ScheduledExecutorService executor, Duration after, Runnable step) {
        Future<?> planned = executor.schedule(step, after.toNanos(), TimeUnit.NANOSECONDS);
        return () -> planned.cancel(false);
    }

    @Override
    public Waiter waiter(Runnable woken) {
        return NOBODY;
    }
}
