package dev.sluice.poller;

import java.time.Duration;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * How long may the brokers' answers take that a mapping needs before it can read? Longer each time that it was too short, up to a bound:
 * each round begins with the first question again, and a machine too slow for one would never get to its last. Thread-safe.
 */
final class BrokerPatience {

    private static final int MOST_TIMES = 8;

    private final Duration longest;
    private Duration within;

    BrokerPatience(Duration first) {
        this.within = first;
        this.longest = first.multipliedBy(MOST_TIMES);
    }

    /** For the questions of one round together. */
    synchronized Duration within() {
        return within;
    }

    /** A round failed; perhaps for want of time, which the consumer wraps where a rebalance ran out of it. */
    synchronized void endedBy(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                Duration twice = within.multipliedBy(2);
                within = twice.compareTo(longest) < 0 ? twice : longest;
                return;
            }
        }
    }
}
