package dev.sluice.mapping;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Where a mapping's records come from: a cluster known by its ARN, or brokers known by their addresses. Immutable.
 *
 * <p>AWS: {@code EventSourceArn} and {@code SelfManagedEventSource} of CreateEventSourceMapping.
 */
public sealed interface EventSource {

    /**
     * The source that a request names.
     *
     * @param arn null when the request has none
     * @param bootstrapServers null or empty when the request has none
     * @throws MappingException.InvalidParameter in AWS's words when it is none that a Kafka mapping can read
     */
    static EventSource recognize(String arn, List<String> bootstrapServers) {
        boolean kafkaArn = arn != null && arn.matches("arn:aws[a-zA-Z0-9-]*:kafka:.*");
        boolean selfManaged = bootstrapServers != null && !bootstrapServers.isEmpty();
        if (kafkaArn == selfManaged) {
            throw arn == null || kafkaArn
                    ? new MappingException.InvalidParameter("Unrecognized event source.")
                    : new MappingException.InvalidParameter("Unrecognized event source.",
                            "This server runs Kafka event sources only: MSK cluster ARNs and SelfManagedEventSource.");
        }
        return kafkaArn ? new MskCluster(arn) : new SelfManagedKafka(bootstrapServers);
    }

    /** Whether both mean the same records: the same ARN, or at least one broker address in common, as AWS counts duplicates. */
    boolean overlaps(EventSource other);

    /** An Amazon MSK cluster or VPC connection. */
    record MskCluster(String arn) implements EventSource {
        public MskCluster {
            Objects.requireNonNull(arn, "arn");
        }

        @Override
        public boolean overlaps(EventSource other) {
            return equals(other);
        }
    }

    /** A cluster that is not Amazon's; {@code bootstrapServers} are {@code host:port}, sorted as AWS returns them. */
    record SelfManagedKafka(List<String> bootstrapServers) implements EventSource {
        public SelfManagedKafka {
            if (bootstrapServers.isEmpty()) {
                throw new IllegalArgumentException("bootstrapServers is empty");
            }
            bootstrapServers = bootstrapServers.stream().sorted().toList();
        }

        @Override
        public boolean overlaps(EventSource other) {
            if (!(other instanceof SelfManagedKafka kafka)) {
                return false;
            }
            Set<String> mine = new HashSet<>(bootstrapServers);
            return kafka.bootstrapServers.stream().anyMatch(mine::contains);
        }
    }
}
