package dev.sluice.telemetry;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** How long things took, in buckets. Thread-safe; what is counted while it is read may be missing in one number and not in the other. */
final class DurationHistogram {

    private static final long[] UPPER_MILLIS =
            {1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 900_000};

    private final LongAdder[] counts = new LongAdder[UPPER_MILLIS.length + 1];
    private final LongAdder nanos = new LongAdder();

    DurationHistogram() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    void add(Duration took) {
        int bucket = 0;
        while (bucket < UPPER_MILLIS.length && took.toNanos() > UPPER_MILLIS[bucket] * 1_000_000) {
            bucket++;
        }
        counts[bucket].increment();
        nanos.add(took.toNanos());
    }

    /** The buckets' upper ends in seconds; the last is infinite. */
    static double[] upperSeconds() {
        double[] seconds = new double[UPPER_MILLIS.length + 1];
        for (int i = 0; i < UPPER_MILLIS.length; i++) {
            seconds[i] = UPPER_MILLIS[i] / 1_000.0;
        }
        seconds[UPPER_MILLIS.length] = Double.POSITIVE_INFINITY;
        return seconds;
    }

    /** How many are in each bucket and in no lower one. */
    long[] counts() {
        long[] all = new long[counts.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = counts[i].sum();
        }
        return all;
    }

    double sumSeconds() {
        return nanos.sum() / 1e9;
    }
}
