package dev.sluice.poller;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The wait between two consumers of a poller: twice as long each time until one goes well, and over at once when the poller stops.
 * {@link #end} and {@link #skip} are thread-safe, the rest is the poller's own; {@code this} guards {@code ended} and {@code skipped}.
 */
final class RestartBackoff {

    private static final long FIRST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final LongSupplier nanos;
    private long waitNanos = FIRST_WAIT_NANOS;
    private long onceNanos;
    private boolean ended;
    private boolean skipped;

    RestartBackoff(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** A consumer went well: the next wait is a short one. */
    void reset() {
        waitNanos = FIRST_WAIT_NANOS;
    }

    /** The next wait, and no other, is at least as long. */
    void next(Duration least) {
        onceNanos = least.toNanos();
    }

    /** Waits; false when the thread was interrupted, which it then still is. */
    synchronized boolean pass() {
        long until = nanos.getAsLong() + Math.max(waitNanos, onceNanos);
        onceNanos = 0;
        waitNanos = Math.min(LONGEST_WAIT_NANOS, waitNanos * 2);
        try {
            for (long left = until - nanos.getAsLong(); left > 0 && !ended && !skipped; left = until - nanos.getAsLong()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            skipped = false;
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends the wait under way, or the next one before it begins. */
    synchronized void skip() {
        skipped = true;
        notifyAll();
    }

    /** Ends the wait under way, and every later one before it begins. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }
}
