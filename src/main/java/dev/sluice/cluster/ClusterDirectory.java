package dev.sluice.cluster;

import dev.sluice.mapping.EventSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which brokers does an event source mean? An Amazon MSK cluster means the configured cluster of its ARN, any other ARN the default
 * cluster, or nothing when the directory is strict. A self-managed source means its own addresses, with the client settings of the cluster
 * (configured, or the default) that has one of those addresses. Immutable.
 */
public final class ClusterDirectory {
    private final Brokers defaultCluster;
    private final List<ClusterConfiguration> clusters;
    private final boolean strict;

    /**
     * One that knows every ARN.
     *
     * @param defaultBootstrapServers {@code host:port}, joined by commas: what {@code --kafka} says, or the embedded broker
     */
    public ClusterDirectory(String defaultBootstrapServers, Map<String, String> defaultProperties, List<ClusterConfiguration> clusters) {
        this(new Brokers(defaultBootstrapServers, defaultProperties), clusters, false);
    }

    private ClusterDirectory(Brokers defaultCluster, List<ClusterConfiguration> clusters, boolean strict) {
        this.defaultCluster = defaultCluster;
        this.clusters = List.copyOf(clusters);
        this.strict = strict;
    }

    /** The same clusters, but an Amazon MSK cluster that is not configured means none of them when {@code strict}. */
    public ClusterDirectory strict(boolean strictly) {
        return new ClusterDirectory(defaultCluster, clusters, strictly);
    }

    /** The cluster of everything that is not configured. */
    public Brokers defaultCluster() {
        return defaultCluster;
    }

    public SourceBrokers brokers(EventSource source) {
        return source.match(this::brokers, kafka -> new SourceBrokers.Found(brokers(kafka)));
    }

    private SourceBrokers brokers(EventSource.MskCluster msk) {
        Optional<Brokers> configured = configured(msk).map(ClusterConfiguration::brokers);
        if (configured.isEmpty() && strict) {
            return new SourceBrokers.Refused("strictClusters is true, and clusters has no entry for " + msk.arn());
        }
        return new SourceBrokers.Found(configured.orElse(defaultCluster));
    }

    /** A self-managed source brings its own addresses, so there are always brokers that it means. */
    public Brokers brokers(EventSource.SelfManagedKafka kafka) {
        Map<String, String> properties = configured(kafka).map(ClusterConfiguration::properties)
                .orElse(sharesAddress(kafka, addresses(defaultCluster)) ? defaultCluster.clientProperties() : Map.of());
        return new Brokers(String.join(",", kafka.bootstrapServers()), properties);
    }

    /** How messages call the cluster whose client settings are used for {@code source}. */
    public String name(EventSource source) {
        return configured(source).map(ClusterConfiguration::name).orElse("the default cluster");
    }

    private Optional<ClusterConfiguration> configured(EventSource source) {
        return clusters.stream().filter(cluster -> source.match(msk -> msk.arn().equals(cluster.arn()),
                kafka -> sharesAddress(kafka, cluster.bootstrapServers()))).findFirst();
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
