package dev.sluice.dispatch;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long a failed batch waits before its next attempt: exponentially longer, up to a limit, with jitter. Thread-safe if
 * {@code random} is.
 *
 * @param random a number from 0 to 1 for each wait
 */
public record RetryPolicy(Duration initialBackoff, Duration maxBackoff, DoubleSupplier random) {

    public RetryPolicy {
        if (initialBackoff.isNegative() || initialBackoff.isZero()) {
            throw new IllegalArgumentException("retry.initialBackoff is " + initialBackoff + "; it must be positive");
        }
        if (maxBackoff.compareTo(initialBackoff) < 0) {
            throw new IllegalArgumentException(
                    "retry.maxBackoff is " + maxBackoff + "; it must be at least retry.initialBackoff, " + initialBackoff);
        }
    }

    /** The wait after {@code attempts} failed attempts (at least 1): doubled each time, and 10 % more or less. */
    public Duration after(int attempts) {
        double nanos = Math.min(maxBackoff.toNanos(), initialBackoff.toNanos() * Math.pow(2, attempts - 1));
        return Duration.ofNanos((long) (nanos * (0.9 + 0.2 * random.getAsDouble())));
    }
}
