package dev.sluice.cluster;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.sluice.mapping.EventSource;

/**
 * Which brokers does an event source mean? An Amazon MSK cluster means the configured cluster of its ARN, any other ARN the default
 * cluster. A self-managed source means its own addresses, with the client settings of the cluster (configured, or the default)
 * that has one of those addresses. Immutable.
 */
public final class ClusterDirectory {
    private final Brokers defaultCluster;
    private final List<ClusterConfiguration> clusters;

    /** @param defaultBootstrapServers {@code host:port}, joined by commas: what {@code --kafka} says, or the embedded broker */
    public ClusterDirectory(String defaultBootstrapServers, Map<String, String> defaultProperties, List<ClusterConfiguration> clusters) {
        this.defaultCluster = new Brokers(defaultBootstrapServers, defaultProperties);
        this.clusters = List.copyOf(clusters);
    }

    /** The cluster of everything that is not configured. */
    public Brokers defaultCluster() {
        return defaultCluster;
    }

    public Brokers brokers(EventSource source) {
        Optional<ClusterConfiguration> configured = configured(source);
        if (source instanceof EventSource.SelfManagedKafka kafka) {
            Map<String, String> properties = configured.map(ClusterConfiguration::properties)
                    .orElse(sharesAddress(kafka, addresses(defaultCluster)) ? defaultCluster.clientProperties() : Map.of());
            return new Brokers(String.join(",", kafka.bootstrapServers()), properties);
        }
        return configured.map(ClusterConfiguration::brokers).orElse(defaultCluster);
    }

    /** How messages call the cluster whose client settings are used for {@code source}. */
    public String name(EventSource source) {
        return configured(source).map(ClusterConfiguration::name).orElse("the default cluster");
    }

    private Optional<ClusterConfiguration> configured(EventSource source) {
        if (source instanceof EventSource.MskCluster msk) {
            return clusters.stream().filter(cluster -> msk.arn().equals(cluster.arn())).findFirst();
        }
        EventSource.SelfManagedKafka kafka = (EventSource.SelfManagedKafka) source;
        return clusters.stream().filter(cluster -> sharesAddress(kafka, cluster.bootstrapServers())).findFirst();
    }

    private static List<String> addresses(Brokers brokers) {
        return Arrays.asList(brokers.bootstrapServers().split(","));
    }

    private static boolean sharesAddress(EventSource.SelfManagedKafka kafka, List<String> addresses) {
        Set<String> shared = normalized(kafka.bootstrapServers());
        shared.retainAll(normalized(addresses));
        return !shared.isEmpty();
    }

    private static Set<String> normalized(List<String> addresses) {
        return addresses.stream().map(address -> address.strip().toLowerCase(Locale.ROOT)).collect(Collectors.toCollection(HashSet::new));
    }
}
