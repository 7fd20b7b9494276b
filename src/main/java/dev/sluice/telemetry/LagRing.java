package dev.sluice.telemetry;

import dev.sluice.diagnosis.MappingProgress.Trend;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far was a mapping behind during the last quarter of an hour? A sample every five seconds at most, in arrays that never grow: 180 of
 * four numbers, under 6 KB. Confined to its owner's lock.
 */
final class LagRing {

    static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final int SAMPLES = 180;
    /** Before that much has been seen nobody says that something grows. */
    private static final Duration LEAST = Duration.ofSeconds(20);

    private final long[] at = new long[SAMPLES];
    private final long[] lag = new long[SAMPLES];
    private final long[] written = new long[SAMPLES];
    private final long[] committed = new long[SAMPLES];
    private int count;
    private int next;

    boolean due(long nanos) {
        return count == 0 || nanos - at[before(1)] >= INTERVAL.toNanos();
    }

    /** @param end the sum of the partitions' ends @param done the sum of what is committed of them */
    void add(long nanos, long end, long done) {
        at[next] = nanos;
        lag[next] = Math.max(0, end - done);
        written[next] = end;
        committed[next] = done;
        next = (next + 1) % SAMPLES;
        count = Math.min(SAMPLES, count + 1);
    }

    /** Other partitions' sums can't be compared with those before. */
    void clear() {
        count = 0;
    }

    /** From the smallest lag that is known on; null while too little is. */
    @Nullable
    Trend trend() {
        if (count < 2) {
            return null;
        }
        int last = before(1);
        int least = last;
        for (int i = 2; i <= count; i++) {
            // Of equal ones the last: it has grown from there.
            least = lag[before(i)] < lag[least] ? before(i) : least;
        }
        if (at[last] - at[least] < LEAST.toNanos()) {
            least = before(count);
        }
        Duration over = Duration.ofNanos(at[last] - at[least]);
        return over.compareTo(LEAST) < 0 ? null
                : new Trend(over, lag[least], lag[last], written[last] - written[least], committed[last] - committed[least]);
    }

    private int before(int samples) {
        return Math.floorMod(next - samples, SAMPLES);
    }
}
