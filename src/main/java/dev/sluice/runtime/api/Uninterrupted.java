package dev.sluice.runtime.api;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits that an interrupt doesn't cut short: it stays set for whoever waits next. */
final class Uninterrupted {

    private Uninterrupted() {
    }

    /** Waits on a monitor that this thread holds, until the condition is true; false when it takes longer. */
    static boolean await(Object monitor, Duration atMost, BooleanSupplier condition) {
        long end = System.nanoTime() + atMost.toNanos();
        boolean interrupted = false;
        try {
            while (!condition.getAsBoolean()) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                try {
                    monitor.wait(left / 1_000_000, (int) (left % 1_000_000));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
