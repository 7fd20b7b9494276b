package dev.sluice.mapping;

import dev.sluice.resource.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a mapping's records come from: a cluster known by its ARN, or brokers known by their addresses. Immutable.
 *
 * <p>AWS: {@code EventSourceArn} and {@code SelfManagedEventSource} of CreateEventSourceMapping.
 */
public sealed interface EventSource {

    /** Which ARNs are event sources: MSK clusters, serverless ones too, and VPC connections to a cluster of another account. */
    String MSK_ARN = "arn:aws[a-zA-Z0-9-]*:kafka:[a-z0-9-]+:\\d{12}:(?:cluster|vpc-connection)/.+";

    /**
     * The source that a request names.
     *
     * @param arn null when the request has none
     * @param bootstrapServers null or empty when the request has none
     * @throws MappingException.InvalidParameter in AWS's words when it is none that a Kafka mapping can read
     */
    static EventSource recognize(@Nullable String arn, @Nullable List<String> bootstrapServers) {
        boolean selfManaged = bootstrapServers != null && !bootstrapServers.isEmpty();
        if (arn == null && bootstrapServers != null && selfManaged) {
            return new SelfManagedKafka(bootstrapServers);
        }
        if (arn != null && !selfManaged && arn.matches(MSK_ARN)) {
            return new MskCluster(arn);
        }
        throw new MappingException.InvalidParameter("Unrecognized event source.", arn == null ? null : selfManaged
                ? "A mapping has one source: either EventSourceArn or SelfManagedEventSource."
                : "This server runs Kafka event sources only: ARNs of MSK clusters and VPC connections, and SelfManagedEventSource.");
    }

    /** The answer for this kind. A new kind is a new parameter, so that the compiler names everybody who has to answer for it. */
    <T> T match(Function<MskCluster, T> msk, Function<SelfManagedKafka, T> selfManaged);

    default boolean isMsk() {
        return match(msk -> true, kafka -> false);
    }

    /** AWS's {@code EventSourceArn}; empty of brokers known by their addresses. */
    default Optional<String> eventSourceArn() {
        return match(msk -> Optional.of(msk.arn()), kafka -> Optional.empty());
    }

    /** Whether both mean the same records: the same ARN, or at least one broker address in common, as AWS counts duplicates. */
    boolean overlaps(EventSource other);

    /** Why AWS could not read this for a mapping of {@code mapping}, as far as can be told; here it is read all the same. */
    default Optional<String> unknownToAws(Scope mapping) {
        return match(msk -> msk.doubts(mapping), kafka -> Optional.empty());
    }

    /** An Amazon MSK cluster or VPC connection. */
    record MskCluster(String arn) implements EventSource {
        public MskCluster {
            Objects.requireNonNull(arn, "arn");
        }

        @Override
        public <T> T match(Function<MskCluster, T> msk, Function<SelfManagedKafka, T> selfManaged) {
            return msk.apply(this);
        }

        @Override
        public boolean overlaps(EventSource other) {
            return equals(other);
        }

        /** Of its ARN. */
        private Optional<String> doubts(Scope mapping) {
            List<String> doubts = new ArrayList<>();
            if (!scope().equals(mapping)) {
                doubts.add("AWS takes only clusters of the function's own account and region");
            }
            if (arn.matches("[^/]*:cluster/[^/]+/?")) {
                doubts.add("on AWS the ARN of a cluster ends with an id behind its name, as cluster/NAME/UUID-1");
            }
            return doubts.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", doubts));
        }

        /** The account and region that the ARN names. */
        Scope scope() {
            String[] parts = arn.split(":", 6);
            return new Scope(parts[4], parts[3]);
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
        public <T> T match(Function<MskCluster, T> msk, Function<SelfManagedKafka, T> selfManaged) {
            return selfManaged.apply(this);
        }

        @Override
        public boolean overlaps(EventSource other) {
            Set<String> mine = new HashSet<>(bootstrapServers);
            return other.match(msk -> false, kafka -> kafka.bootstrapServers.stream().anyMatch(mine::contains));
        }
    }
}
