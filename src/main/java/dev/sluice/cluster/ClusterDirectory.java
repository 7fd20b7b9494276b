package dev.sluice.cluster;

import dev.sluice.mapping.EventSource;
import dev.sluice.mapping.SourceAccessConfiguration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.SaslConfigs;

/**
 * Which brokers does an event source mean? The configured cluster that it matches, and then that one's addresses, whatever it says itself.
 * Any other MSK ARN means the default cluster, or nothing when the directory is strict; any other self-managed source its own addresses, with
 * the client settings of the default cluster if it names one of its brokers. Thread-safe; only what its {@link #listeners} know changes.
 */
public final class ClusterDirectory {

    private static final String DEFAULT = "the default cluster";

    private final ClusterConfiguration defaultCluster;
    private final List<ClusterConfiguration> clusters;
    private final boolean strict;
    private final Listeners listeners;

    /**
     * One that knows every ARN.
     *
     * @param defaultBootstrapServers {@code host:port}, joined by commas: what {@code --kafka} says, or the embedded broker
     */
    public ClusterDirectory(String defaultBootstrapServers, Map<String, String> defaultProperties, List<ClusterConfiguration> clusters) {
        this(new ClusterConfiguration(List.of(), Arrays.asList(defaultBootstrapServers.split(",")), defaultProperties, null), clusters);
    }

    /** One that knows every ARN. */
    public ClusterDirectory(ClusterConfiguration defaultCluster, List<ClusterConfiguration> clusters) {
        this(defaultCluster, clusters, false, new Listeners());
    }

    private ClusterDirectory(ClusterConfiguration defaultCluster, List<ClusterConfiguration> clusters, boolean strict,
            Listeners listeners) {
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
        return defaultCluster.brokers();
    }

    /** What is written down of the cluster of everything that is not configured. */
    ClusterConfiguration defaultConfiguration() {
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
        all.add(new Cluster(DEFAULT, List.of(), defaultCluster()));
        clusters.forEach(cluster -> all.add(shown(cluster)));
        return all;
    }

    /** The one that the source means, be it by addresses of its own; empty when there is none. */
    public Optional<Cluster> cluster(EventSource source) {
        return meant(source).map(meant -> configured(source).map(ClusterDirectory::shown).orElseGet(
                () -> meant.brokers().equals(defaultCluster()) || source.isMsk() ? new Cluster(DEFAULT, List.of(), defaultCluster())
                        : new Cluster(meant.brokers().bootstrapServers(), List.of(), meant.brokers())));
    }

    private static Cluster shown(ClusterConfiguration cluster) {
        return new Cluster(cluster.name(), cluster.match().stream().map(SourcePattern::toString).toList(), cluster.brokers());
    }

    /** Without the credentials of anybody's secrets: {@link BrokerAccess} has those. */
    public SourceBrokers brokers(EventSource source) {
        return meant(source).<SourceBrokers>map(meant -> new SourceBrokers.Found(meant.brokers())).orElseGet(() -> refused(source));
    }

    SourceBrokers refused(EventSource source) {
        return new SourceBrokers.Refused("strictClusters is true, and clusters has no entry for "
                + source.match(EventSource.MskCluster::arn, kafka -> String.join(",", kafka.bootstrapServers())));
    }

    /**
     * What a source means, and what is known of it.
     *
     * @param named whether the config names these addresses: they are not the source's alone
     */
    record Meant(ClusterConfiguration cluster, boolean named) {
        Brokers brokers() {
            return cluster.brokers();
        }
    }

    /** Empty of an MSK cluster that a strict directory doesn't know. */
    Optional<Meant> meant(EventSource source) {
        Optional<ClusterConfiguration> configured = configured(source);
        if (configured.isPresent()) {
            return Optional.of(new Meant(configured.get(), true));
        }
        return source.match(msk -> strict ? Optional.empty() : Optional.of(new Meant(defaultCluster, true)),
                kafka -> Optional.of(new Meant(ofItsOwn(kafka), isDefault(kafka))));
    }

    private ClusterConfiguration ofItsOwn(EventSource.SelfManagedKafka kafka) {
        return isDefault(kafka)
                ? new ClusterConfiguration(List.of(), kafka.bootstrapServers(), defaultCluster.properties(), null,
                        defaultCluster.listener(),
                        defaultCluster.accesses())
                : new ClusterConfiguration(List.of(), kafka.bootstrapServers(), Map.of(), null);
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
        return BrokerAddresses.share(kafka.bootstrapServers(), defaultCluster.bootstrapServers());
    }

    /** Those that the config names for all mappings that name none. */
    Stream<SourceAccessConfiguration> accesses() {
        return Stream.concat(Stream.of(defaultCluster), clusters.stream()).flatMap(cluster -> cluster.accesses().stream());
    }

    /** The URLs that the clusters' properties have Kafka's own OAuth client ask. */
    public Set<String> tokenEndpoints() {
        return Stream.concat(Stream.of(defaultCluster), clusters.stream()).flatMap(cluster -> Stream
                .of(SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL, SaslConfigs.SASL_OAUTHBEARER_JWKS_ENDPOINT_URL)
                .map(cluster.properties()::get)).filter(Objects::nonNull).collect(Collectors.toSet());
    }

    /** Whether the config names this host, in whichever cluster. */
    boolean names(String host) {
        return defaultCluster.bootstrapServers().stream().anyMatch(address -> isOf(address, host))
                || clusters.stream().flatMap(cluster -> cluster.bootstrapServers().stream()).anyMatch(address -> isOf(address, host));
    }

    private static boolean isOf(String address, String host) {
        int colon = address.lastIndexOf(':');
        return colon > 0 && address.substring(0, colon).strip().equalsIgnoreCase(host);
    }
}
