package dev.sluice.mapping;

import dev.sluice.mapping.KafkaSource.ConsumptionMode;
import dev.sluice.mapping.MappingException.InvalidParameter;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a request to create a mapping says about the source. Immutable; absent members are null, and nothing is checked but the form.
 *
 * @param bootstrapServers SelfManagedEventSource.Endpoints.KAFKA_BOOTSTRAP_SERVERS
 * @param consumerGroupId ConsumerGroupId of the block that fits the source
 * @param consumptionMode ConsumptionMode of the block that fits the source
 */
public record SourceRequest(@Nullable String eventSourceArn, @Nullable List<String> bootstrapServers, @Nullable List<String> topics,
        @Nullable Position startingPosition, @Nullable String consumerGroupId, @Nullable ConsumptionMode consumptionMode) {

    /** StartingPosition and StartingPositionTimestamp, of which at least one is there. */
    public record Position(StartingPosition.@Nullable Type type, @Nullable Instant timestamp) {

        /** Asks for a position that is whole. @param position null for none */
        public static @Nullable Position of(@Nullable StartingPosition position) {
            return position == null ? null : new Position(position.type(), position.timestamp());
        }

        /** AWS documents these rules, not their words. */
        void require(Instant now) {
            if (type == StartingPosition.Type.AT_TIMESTAMP && timestamp == null) {
                throw InvalidParameter.missing("startingPositionTimestamp", null);
            }
            if (type != StartingPosition.Type.AT_TIMESTAMP && timestamp != null) {
                throw new InvalidParameter("StartingPositionTimestamp is given, but StartingPosition is " + type
                        + "; it goes with AT_TIMESTAMP only.");
            }
            if (timestamp != null && timestamp.isAfter(now)) {
                throw new InvalidParameter("StartingPositionTimestamp is " + timestamp + "; it must not be in the future.");
            }
        }
    }

    /** One that doesn't say how it consumes. */
    public SourceRequest(@Nullable String eventSourceArn, @Nullable List<String> bootstrapServers, @Nullable List<String> topics,
            @Nullable Position startingPosition, @Nullable String consumerGroupId) {
        this(eventSourceArn, bootstrapServers, topics, startingPosition, consumerGroupId, null);
    }

    public SourceRequest {
        bootstrapServers = bootstrapServers == null ? null : List.copyOf(bootstrapServers);
        topics = topics == null ? null : List.copyOf(topics);
    }

    /** The source, in AWS's words when there is none that a Kafka mapping can read. */
    EventSource eventSource() {
        return EventSource.recognize(eventSourceArn, bootstrapServers);
    }

    /** How it consumes; AWS's default when nothing is said. */
    ConsumptionMode mode() {
        return consumptionMode == null ? ConsumptionMode.STREAM : consumptionMode;
    }

    /** Where reading begins; AWS's default when nothing is said; null in Queue mode. */
    @Nullable
    StartingPosition position() {
        if (mode() == ConsumptionMode.QUEUE) {
            return null;
        }
        return startingPosition == null ? StartingPosition.TRIM_HORIZON
                : new StartingPosition(Objects.requireNonNull(startingPosition.type, "type"), startingPosition.timestamp);
    }
}
