package dev.sluice.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.util.Optional;

/** Is it a Sluice that holds a port, and which one? Asked where a port is taken. Immutable. */
record RunningSluice(long pid, String bootstrapServers) {

    private static final int PATIENCE_MILLIS = 1_000;

    /** Empty when what is there doesn't answer as Sluice does. */
    static Optional<RunningSluice> at(String host, int port) {
        try {
            String reached = host.equals("0.0.0.0") ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
            HttpURLConnection connection = (HttpURLConnection) URI.create("http://" + reached + ":" + port + "/_sluice/health").toURL()
                    .openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            try (InputStream in = connection.getInputStream()) {
                JsonNode health = new ObjectMapper().readTree(in);
                return health != null && health.path("pid").isIntegralNumber() && health.path("bootstrapServers").isTextual()
                        ? Optional.of(new RunningSluice(health.get("pid").asLong(), health.get("bootstrapServers").asText()))
                        : Optional.empty();
            }
        } catch (IOException | IllegalArgumentException noSluice) {
            return Optional.empty();
        }
    }

    boolean hasBrokerAt(int port) {
        return bootstrapServers.endsWith(":" + port);
    }

    @Override
    public String toString() {
        return "a Sluice that runs already (pid " + pid + ")";
    }
}
