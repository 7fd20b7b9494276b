package dev.sluice.cluster;

import java.util.List;
import java.util.Map;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;

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
        return new Brokers(String.join(",", bootstrapServers), properties);
    }

    @Override
    public String toString() {
        return "ClusterConfiguration[arn=" + arn + ", bootstrapServers=" + bootstrapServers + ", properties="
                + Brokers.withoutValues(properties) + "]";
    }
}
