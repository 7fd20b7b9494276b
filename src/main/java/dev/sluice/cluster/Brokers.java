package dev.sluice.cluster;

import dev.sluice.credential.Credentials;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * How does a Kafka client reach a cluster: the addresses to ask first, {@code host:port} joined by commas, and the settings it needs
 * (TLS, SASL, anything). Immutable; the values of the settings may be secrets and are never printed. What is kept by brokers is so kept by
 * cluster, credentials and their version.
 *
 * @param clientProperties those of the config; they win over what the credentials say
 * @param advertised what events call the brokers
 * @param credentials those of secrets; null for none
 */
public record Brokers(String bootstrapServers, Map<String, String> clientProperties, String advertised, Credentials credentials) {
    public Brokers {
        Objects.requireNonNull(bootstrapServers, "bootstrapServers");
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException("bootstrapServers is empty");
        }
        clientProperties = Map.copyOf(clientProperties);
        advertised = advertised == null ? bootstrapServers : advertised;
    }

    /** Brokers that events call by their addresses. */
    public Brokers(String bootstrapServers, Map<String, String> clientProperties) {
        this(bootstrapServers, clientProperties, null);
    }

    /** Brokers that need no secrets. */
    public Brokers(String bootstrapServers, Map<String, String> clientProperties, String advertised) {
        this(bootstrapServers, clientProperties, advertised, null);
    }

    /** The same brokers for a client that logs in so. */
    Brokers with(Credentials secret, SecurityProtocol protocol) {
        return new Brokers(bootstrapServers, speaking(protocol), advertised, secret);
    }

    /** The same brokers for a client that speaks this. */
    Brokers with(SecurityProtocol protocol) {
        return new Brokers(bootstrapServers, speaking(protocol), advertised, credentials);
    }

    private Map<String, String> speaking(SecurityProtocol protocol) {
        Map<String, String> properties = new HashMap<>(clientProperties);
        properties.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol.name);
        return properties;
    }

    /** The settings of a client of these brokers, in a new map to which the caller adds its own. */
    public Map<String, Object> toClientSettings() {
        Map<String, Object> settings = new HashMap<>(credentials == null ? Map.of() : credentials.settings());
        settings.putAll(clientProperties);
        settings.put("bootstrap.servers", bootstrapServers);
        return settings;
    }

    static String withoutValues(Map<String, String> properties) {
        return properties.keySet().stream().sorted().map(key -> key + "=…").collect(Collectors.joining(", ", "{", "}"));
    }

    @Override
    public String toString() {
        return "Brokers[bootstrapServers=" + bootstrapServers + ", clientProperties=" + withoutValues(clientProperties)
                + (advertised.equals(bootstrapServers) ? "" : ", advertised=" + advertised)
                + (credentials == null ? "" : ", credentials=" + credentials) + "]";
    }
}
