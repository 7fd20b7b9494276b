package dev.sluice.chaos;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for what only asking tells, and for time to pass. */
final class Awaiting {

    private static final Duration INTERVAL = Duration.ofMillis(100);

    private Awaiting() {
    }

    /** What is waited for. */
    interface Condition {
        boolean met();
    }

    /** Fails after {@code atMost}. */
    static void until(String what, Duration atMost, Condition condition) throws InterruptedException {
        if (!within(atMost, condition)) {
            throw new IllegalStateException("Waited " + atMost.toSeconds() + " s in vain until " + what);
        }
    }

    /** As {@link #until}, for where an interruption only ends the program. */
    static void uninterruptibly(String what, Duration atMost, Condition condition) {
        try {
            until(what, atMost, condition);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted in waiting until " + what, e);
        }
    }

    /** Whether it was met in time. */
    static boolean within(Duration atMost, Condition condition) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.met()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            pause(INTERVAL);
        }
        return true;
    }

    static void pause(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
