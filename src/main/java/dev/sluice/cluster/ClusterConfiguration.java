package dev.sluice.cluster;

import java.util.List;
import java.util.Map;

/**
 * Which brokers and client settings did the user write down for a cluster? {@code arn} is that of an Amazon MSK cluster, or null;
 * {@code bootstrapServers} are {@code host:port}. Immutable; the values of the properties may be secrets and are never printed.
 */
public record ClusterConfiguration(String arn, List<String> bootstrapServers, Map<String, String> properties) {
    public ClusterConfiguration {
        if (bootstrapServers.isEmpty()) {
            throw new IllegalArgumentException("bootstrapServers is empty");
        }
        bootstrapServers = List.copyOf(bootstrapServers);
        properties = Map.copyOf(properties);
    }

    /** How a log or message calls this cluster. */
    public String name() {
        return arn == null ? String.join(",", bootstrapServers) : arn;
    }

    Brokers brokers() {
        return new Brokers(String.join(",", bootstrapServers), properties);
    }

    @Override
    public String toString() {
        return "ClusterConfiguration[arn=" + arn + ", bootstrapServers=" + bootstrapServers + ", properties="
                + Brokers.withoutValues(properties) + "]";
    }
}
