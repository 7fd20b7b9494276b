package dev.sluice.mapping;

import java.util.List;
import java.util.Objects;

/** What of a mapping is fixed at its creation: source, topics, starting position and consumer group. Immutable. */
public record KafkaSource(EventSource eventSource, List<String> topics, StartingPosition startingPosition,
        String consumerGroupId) {
    public KafkaSource {
        Objects.requireNonNull(eventSource, "eventSource");
        Objects.requireNonNull(startingPosition, "startingPosition");
        Objects.requireNonNull(consumerGroupId, "consumerGroupId");
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("topics is empty");
        }
        topics = List.copyOf(topics);
    }
}
