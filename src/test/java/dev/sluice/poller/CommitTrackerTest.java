package dev.sluice.poller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CommitTrackerTest {

    private final CommitTracker tracker = new CommitTracker();

    @Test
    void commitsThePositionWhenNothingIsUnfinished() {
        assertThat(tracker.committable(42)).isEqualTo(42);
    }

    @Test
    void neverPassesAnUnfinishedRecord() {
        tracker.received(10);
        tracker.received(11);
        tracker.received(12);
        tracker.finished(11, 12);

        assertThat(tracker.committable(13)).isEqualTo(10);
        tracker.finished(10, 10);
        assertThat(tracker.committable(13)).isEqualTo(13);
    }

    @Test
    void stepsOverGapsOfCompactedAndTransactionalTopics() {
        tracker.received(3);
        tracker.received(90);
        tracker.finished(3, 3);

        assertThat(tracker.committable(95)).isEqualTo(90);
        tracker.finished(90, 90);
        assertThat(tracker.committable(95)).isEqualTo(95);
    }

    @Test
    void startsAgainAfterAClear() {
        tracker.received(3);
        tracker.clear();

        assertThat(tracker.committable(4)).isEqualTo(4);
        tracker.received(3);
        assertThat(tracker.committable(4)).isEqualTo(3);
    }

    @Test
    void remembersARunOfFilteredRecordsAsOneHoweverLongABatchIsTriedAgain() {
        tracker.received(0);
        for (long offset = 1; offset < 100_000; offset++) {
            tracker.receivedFinished(offset);
        }
        tracker.received(100_000);

        assertThat(tracker.size()).isEqualTo(3);
        tracker.finished(0, 0);
        assertThat(tracker.committable(100_001)).isEqualTo(100_000);
    }

    @Test
    void agreesWithASortedSetWhateverTheOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        TreeSet<Long> unfinished = new TreeSet<>();
        List<long[]> running = new ArrayList<>();
        long next = 0;
        for (int step = 0; step < 20_000; step++) {
            if (random.nextInt(3) > 0) {
                long first = next;
                int count = 1 + random.nextInt(50);
                for (int i = 0; i < count; i++) {
                    if (i > 0 && random.nextInt(3) == 0) {
                        tracker.receivedFinished(next);
                    } else {
                        tracker.received(next);
                        unfinished.add(next);
                    }
                    next += 1 + (random.nextInt(10) == 0 ? random.nextInt(100) : 0);
                }
                running.add(new long[] {first, unfinished.last()});
            } else if (!running.isEmpty()) {
                // mostly the oldest, as deliveries end, so that the ring wraps and grows
                long[] range = running.remove(random.nextInt(4) == 0 ? random.nextInt(running.size()) : 0);
                tracker.finished(range[0], range[1]);
                unfinished.subSet(range[0], true, range[1], true).clear();
            }
            assertThat(tracker.committable(next)).as("seed %d, step %d", seed, step)
                    .isEqualTo(unfinished.isEmpty() ? next : unfinished.first());
        }
    }
}
