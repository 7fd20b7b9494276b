package dev.sluice.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/**
 * What time is it for deliveries, and what waits for it? By it batching windows end, records age, backoffs pass and refused log-ins are
 * given up. Functions, HTTP and Kafka have the time of the machine, and so have the timestamps of logs and journal. Thread-safe.
 */
public interface DeliveryClock {

    Instant now();

    /** Of no particular moment, as {@link System#nanoTime}; never goes back. */
    long nanos();

    /**
     * What the clock on the wall shows when delivery time has come to {@code moment}, unless somebody moves it until then; or showed, so that
     * a record that was stamped by the wall ages by what delivery time was moved since, and not by what it was moved before.
     */
    Instant real(Instant moment);

    /** Now, by the clock on the wall. */
    default Instant timestamp() {
        return real(now());
    }

    /** What the clock on the wall showed when delivery time was less by so many milliseconds; since 1970. */
    default long ago(long millis) {
        return real(now().minusMillis(millis)).toEpochMilli();
    }

    /**
     * Runs {@code step} on {@code executor} once this time has passed.
     *
     * @param executor with one thread, so that what falls due at once runs in order
     * @throws java.util.concurrent.RejectedExecutionException when the executor is closed
     */
    Scheduled schedule(ScheduledExecutorService executor, Duration after, Runnable step);

    /** A step that is to run. */
    interface Scheduled {

        /** False when it was too late for that. */
        boolean cancel();
    }

    /**
     * Registers who acts when time has come; at work until it says otherwise.
     *
     * @param woken called when time is moved, on the thread that moves it; must not block
     */
    Waiter waiter(Runnable woken);

    /** How who acts on delivery time says whether it is at work: time is not moved meanwhile. Thread-safe. */
    interface Waiter {

        /** Does something, or will at once. */
        void works();

        /** Does nothing by itself before this moment; {@link Long#MAX_VALUE} when it waits for none. */
        void waitsUntil(long nanos);

        /** Does nothing any more. */
        void close();
    }

    /** Lets go whoever moves time: the server ends. */
    default void release() {
    }

    /** The machine's. */
    static DeliveryClock real() {
        return real(Clock.systemUTC(), System::nanoTime);
    }

    /** One that nobody moves. @param nanos as {@link System#nanoTime} */
    static DeliveryClock real(Clock clock, LongSupplier nanos) {
        return new RealDeliveryClock(clock, nanos);
    }
}
