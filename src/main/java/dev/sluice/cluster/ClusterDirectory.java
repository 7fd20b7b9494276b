package dev.sluice.cluster;

import dev.sluice.mapping.EventSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which brokers does an event source mean? The configured cluster that it matches, and then that one's addresses, whatever it says itself.
 * Any other MSK ARN means the default cluster, or nothing when the directory is strict; any other self-managed source its own addresses, with
 * the client settings of the default cluster if it names one of its brokers. Thread-safe; only what its {@link #listeners} know changes.
 */
public final class ClusterDirectory {

    private static final String DEFAULT = "the default cluster";

    private final Brokers defaultCluster;
    private final List<ClusterConfiguration> clusters;
    private final boolean strict;
    private final Listeners listeners;

    /**
     * One that knows every ARN.
     *
     * @param defaultBootstrapServers {@code host:port}, joined by commas: what {@code --kafka} says, or the embedded broker
     */
    public ClusterDirectory(String defaultBootstrapServers, Map<String, String> defaultProperties, List<ClusterConfiguration> clusters) {
        this(new Brokers(defaultBootstrapServers, defaultProperties), clusters, false, new Listeners());
    }

    private ClusterDirectory(Brokers defaultCluster, List<ClusterConfiguration> clusters, boolean strict, Listeners listeners) {
        this.defaultCluster = defaultCluster;
        this.clusters = List.copyOf(clusters);
        this.strict = strict;
        this.listeners = listeners;
    }

    /** The same clusters, but an Amazon MSK cluster that is not configured means none of them when {@code strict}. */
    public ClusterDirectory strict(boolean strictly) {
        return new ClusterDirectory(defaultCluster, clusters, strictly, listeners);
    }

    /** What the clusters' ports were found to speak. */
    public Listeners listeners() {
        return listeners;
    }

    /** The cluster of everything that is not configured. */
    public Brokers defaultCluster() {
        return defaultCluster;
    }

    /** A cluster that sources may mean. @param match empty of one that is meant by its addresses alone */
    public record Cluster(String name, List<String> match, Brokers brokers) {
        public Cluster {
            match = List.copyOf(match);
        }
    }

    /** The default cluster, and those of the config. */
    public List<Cluster> all() {
        List<Cluster> all = new ArrayList<>();
        all.add(new Cluster(DEFAULT, List.of(), defaultCluster));
        clusters.forEach(cluster -> all.add(shown(cluster)));
        return all;
    }

    /** The one that the source means, be it by addresses of its own; empty when there is none. */
    public Optional<Cluster> cluster(EventSource source) {
        return brokers(source).found().map(brokers -> configured(source).map(ClusterDirectory::shown).orElseGet(
                () -> brokers.equals(defaultCluster) || source.isMsk() ? new Cluster(DEFAULT, List.of(), defaultCluster)
                        : new Cluster(brokers.bootstrapServers(), List.of(), brokers)));
    }

    private static Cluster shown(ClusterConfiguration cluster) {
        return new Cluster(cluster.name(), cluster.match().stream().map(SourcePattern::toString).toList(), cluster.brokers());
    }

    public SourceBrokers brokers(EventSource source) {
        Optional<ClusterConfiguration> configured = configured(source);
        if (configured.isEmpty()) {
            return source.match(this::notConfigured,
                    kafka -> new SourceBrokers.Found(new Brokers(String.join(",", kafka.bootstrapServers()),
                            isDefault(kafka) ? defaultCluster.clientProperties() : Map.of())));
        }
        return new SourceBrokers.Found(configured.get().brokers());
    }

    private SourceBrokers notConfigured(EventSource.MskCluster msk) {
        return strict ? new SourceBrokers.Refused("strictClusters is true, and clusters has no entry for " + msk.arn())
                : new SourceBrokers.Found(defaultCluster);
    }

    /** How messages call the cluster whose client settings are used for {@code source}. */
    public String name(EventSource source) {
        return configured(source).map(ClusterConfiguration::name).orElseGet(() -> source.match(msk -> DEFAULT,
                kafka -> isDefault(kafka) ? DEFAULT : String.join(",", kafka.bootstrapServers()) + ", which has none"));
    }

    /** The first entry that matches: who writes a more general one puts it behind. */
    private Optional<ClusterConfiguration> configured(EventSource source) {
        return clusters.stream().filter(cluster -> cluster.isMeantBy(source)).findFirst();
    }

    private boolean isDefault(EventSource.SelfManagedKafka kafka) {
        return BrokerAddresses.share(kafka.bootstrapServers(), List.of(defaultCluster.bootstrapServers().split(",")));
    }
}
