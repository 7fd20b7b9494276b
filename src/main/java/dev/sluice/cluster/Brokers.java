package dev.sluice.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * How does a Kafka client reach a cluster: the addresses to ask first, {@code host:port} joined by commas, and the settings it needs
 * (TLS, SASL, anything). Immutable; the values of the settings may be secrets and are never printed.
 *
 * @param advertised what events call the brokers
 */
public record Brokers(String bootstrapServers, Map<String, String> clientProperties, String advertised) {
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

    /** The settings of a client of these brokers, in a new map to which the caller adds its own. */
    public Map<String, Object> toClientSettings() {
        Map<String, Object> settings = new HashMap<>(clientProperties);
        settings.put("bootstrap.servers", bootstrapServers);
        return settings;
    }

    static String withoutValues(Map<String, String> properties) {
        return properties.keySet().stream().sorted().map(key -> key + "=…").collect(Collectors.joining(", ", "{", "}"));
    }

    @Override
    public String toString() {
        return "Brokers[bootstrapServers=" + bootstrapServers + ", clientProperties=" + withoutValues(clientProperties)
                + (advertised.equals(bootstrapServers) ? "" : ", advertised=" + advertised) + "]";
    }
}
