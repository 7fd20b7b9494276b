package dev.sluice.chaos;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/** Looks all the time at what the mappings' groups have committed. {@link #stop} is thread-safe. */
final class CommitSampler {

    private static final Duration INTERVAL = Duration.ofMillis(150);

    private final TestTopics topics;
    private final Supplier<Collection<TrackedMapping>> mappings;
    private final Journal journal;
    private volatile boolean stopped;

    CommitSampler(TestTopics topics, Supplier<Collection<TrackedMapping>> mappings, Journal journal) {
        this.topics = topics;
        this.mappings = mappings;
        this.journal = journal;
    }

    /** Goes on until {@link #stop}. */
    void run() throws InterruptedException {
        while (!stopped) {
            List<TrackedMapping> all = List.copyOf(mappings.get());
            Map<String, Map<TopicPartition, Long>> committed = topics.committed(all.stream().map(TrackedMapping::group).toList());
            for (TrackedMapping mapping : all) {
                Map<TopicPartition, Long> offsets = committed.getOrDefault(mapping.group(), Map.of());
                // One that was deleted while the broker took its time may have a successor in its group by now, whose commits these are.
                if (!offsets.isEmpty() && !mapping.deleting()) {
                    journal.committed(mapping.function(), offsets);
                }
            }
            Awaiting.pause(INTERVAL);
        }
    }

    void stop() {
        stopped = true;
    }
}
