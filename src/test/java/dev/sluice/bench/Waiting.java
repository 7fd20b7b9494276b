package dev.sluice.bench;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for something that only asking tells. */
final class Waiting {

    private Waiting() {
    }

    /** What is waited for. */
    interface Condition {
        boolean met() throws Exception;
    }

    /** Asks every so many milliseconds; fails after {@code atMost}. */
    static void until(String what, int everyMillis, Duration atMost, Condition condition) throws Exception {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.met()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Waited " + atMost.toSeconds() + " s in vain until " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(everyMillis));
        }
    }
}
