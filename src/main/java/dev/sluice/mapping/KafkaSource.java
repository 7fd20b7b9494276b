package dev.sluice.mapping;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What of a mapping is fixed at its creation: source, topics, where it begins, consumer group and how it consumes. Immutable.
 *
 * @param startingPosition null in Queue mode, where the share group itself says where it begins; only there
 * @param consumerGroupId of the consumer group, or the share group
 */
public record KafkaSource(EventSource eventSource, List<String> topics, @Nullable StartingPosition startingPosition,
        String consumerGroupId, ConsumptionMode consumptionMode) {

    /**
     * How does a mapping consume its topics: in the order of each partition, or as a queue that several pollers take records from at once?
     *
     * <p>AWS: {@code SelfManagedKafkaEventSourceConfig.ConsumptionMode}; "Polling Kafka topics in Queue mode" in the AWS Lambda developer guide.
     */
    public enum ConsumptionMode {
        /** A consumer group; AWS's default. */
        STREAM("Stream"),
        /** A share group. */
        QUEUE("Queue");

        private final String awsName;

        ConsumptionMode(String awsName) {
            this.awsName = awsName;
        }

        public String awsName() {
            return awsName;
        }

        /** @throws IllegalArgumentException when AWS has none of this name */
        public static ConsumptionMode of(String awsName) {
            Objects.requireNonNull(awsName, "awsName");
            return Stream.of(values()).filter(mode -> mode.awsName.equals(awsName)).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("consumptionMode is '" + awsName + "'; allowed are Queue and Stream"));
        }
    }

    public KafkaSource {
        Objects.requireNonNull(eventSource, "eventSource");
        Objects.requireNonNull(consumerGroupId, "consumerGroupId");
        if ((startingPosition == null) != (consumptionMode == ConsumptionMode.QUEUE)) {
            throw new IllegalArgumentException("startingPosition is " + startingPosition + " in mode " + consumptionMode
                    + "; it goes with STREAM, and with nothing else");
        }
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("topics is empty");
        }
        topics = List.copyOf(topics);
    }

    /** One in Stream mode. */
    public KafkaSource(EventSource eventSource, List<String> topics, StartingPosition startingPosition, String consumerGroupId) {
        this(eventSource, topics, startingPosition, consumerGroupId, ConsumptionMode.STREAM);
    }

    public boolean isQueue() {
        return consumptionMode == ConsumptionMode.QUEUE;
    }

    /** Whether what was written before the mapping began is left out as its starting position says. */
    public boolean beginsAtLatest() {
        return startingPosition != null && startingPosition.type() == StartingPosition.Type.LATEST;
    }

    /** Where a mapping in Stream mode begins. @throws IllegalStateException in Queue mode */
    public StartingPosition streamPosition() {
        if (startingPosition == null) {
            throw new IllegalStateException("a mapping in Queue mode has no starting position");
        }
        return startingPosition;
    }
}
