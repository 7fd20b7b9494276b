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
