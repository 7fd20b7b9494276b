package dev.sluice.cluster;

import dev.sluice.mapping.EventSource;
import dev.sluice.mapping.SourceAccessConfiguration;
import java.util.List;
import java.util.Map;

import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * Which brokers and client settings did the user write down for a cluster? {@code bootstrapServers} are {@code host:port}. Immutable; the
 * values of the properties may be secrets and are never printed.
 *
 * @param match which sources mean it, besides those that name one of its brokers
 * @param advertise what events call its brokers; null for its bootstrap servers
 * @param listener what its ports speak; null when that is not said. PLAINTEXT: no secret is asked for
 * @param accesses with which secrets clients log in there that name none themselves
 */
public record ClusterConfiguration(List<SourcePattern> match, List<String> bootstrapServers, Map<String, String> properties,
        String advertise, SecurityProtocol listener, List<SourceAccessConfiguration> accesses) {
    public ClusterConfiguration {
        match = List.copyOf(match);
        if (bootstrapServers.isEmpty()) {
            throw new IllegalArgumentException("bootstrapServers is empty");
        }
        bootstrapServers = List.copyOf(bootstrapServers);
        properties = Map.copyOf(properties);
        accesses = List.copyOf(accesses);
    }

    /** One that says nothing of its ports, nor of secrets. */
    public ClusterConfiguration(List<SourcePattern> match, List<String> bootstrapServers, Map<String, String> properties,
            String advertise) {
        this(match, bootstrapServers, properties, advertise, null, List.of());
    }

    /** How a log or message calls this cluster. */
    public String name() {
        return match.isEmpty() ? String.join(",", bootstrapServers) : match.get(0).toString();
    }

    /** Whether the source means this cluster: by what was written down under match, or by an address of its own. */
    boolean isMeantBy(EventSource source) {
        return source.match(msk -> match.stream().anyMatch(pattern -> pattern.isArn(msk.arn())),
                kafka -> kafka.bootstrapServers().stream()
                        .anyMatch(address -> match.stream().anyMatch(pattern -> pattern.isAddress(address)))
                        || BrokerAddresses.share(kafka.bootstrapServers(), bootstrapServers));
    }

    /** The properties that no client of Kafka's knows: misspelt, or of a class that somebody brought along. */
    public static List<String> unknownProperties(Map<String, String> properties) {
        return properties.keySet().stream().filter(name -> !knownProperties().contains(name)).sorted().toList();
    }

    /** Those that a client of Kafka's knows. */
    public static Set<String> knownProperties() {
        Set<String> known = new TreeSet<>(ConsumerConfig.configNames());
        known.addAll(ProducerConfig.configNames());
        known.addAll(AdminClientConfig.configNames());
        return known;
    }

    /**
     * Whether Kafka can read the log-in that these properties hold, or they hold none. When it can't, its own words are no good: they
     * may quote a password.
     */
    public static boolean logInReadable(Map<String, String> properties) {
        String logIn = properties.get(SaslConfigs.SASL_JAAS_CONFIG);
        if (logIn == null) {
            return true;
        }
        try {
            JaasContext.loadClientContext(Map.of(SaslConfigs.SASL_JAAS_CONFIG, new Password(logIn)));
            return true;
        } catch (IllegalArgumentException | KafkaException unreadable) {
            return false;
        }
    }

    Brokers brokers() {
        Brokers brokers = new Brokers(String.join(",", bootstrapServers), properties, advertise);
        return listener == null || listener == SecurityProtocol.PLAINTEXT || logsInByProperties() ? brokers : brokers.with(listener);
    }

    /** Whether the properties say how clients log in, so that secrets are not asked for. */
    boolean logsInByProperties() {
        return properties.containsKey(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG);
    }

    @Override
    public String toString() {
        return "ClusterConfiguration[match=" + match + ", bootstrapServers=" + bootstrapServers + ", properties="
                + Brokers.withoutValues(properties) + ", advertise=" + advertise + ", listener=" + listener + ", accesses=" + accesses
                + "]";
    }
}
