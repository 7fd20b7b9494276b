package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.KafkaTools;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records come in through each listener of the embedded broker: by Kafka's own producer with the file for clients, and by ours. */
class ProducersIT {

    private static final String PASSWORD = "pass word";

    @TempDir
    private Path directory;
    private final HandlerEndpoint endpoint = new HandlerEndpoint();
    private TestServer server;

    @AfterEach
    void stop() {
        server.close();
        endpoint.close();
    }

    @Test
    void writeThroughEachListener() throws IOException {
        Files.writeString(directory.resolve("password"), PASSWORD);
        server = TestServer.startWithFile(directory, null,
                Map.of("embeddedKafkaPort", "0", "embeddedKafkaListeners", "plaintext,ssl,sasl_plaintext,sasl_ssl",
                        "embeddedKafkaSslClientAuth", "required"),
                "embeddedKafkaUsers: {alice: {file: password}}\n");
        server.function("f", endpoint);
        KafkaTools tools = new KafkaTools("3.9.1");
        List<String> written = new ArrayList<>();
        JsonNode listeners = new ObjectMapper().readTree(server.send("GET", "/_sluice/clusters", null).body()).path("listeners");
        try (TestKafka kafka = TestKafka.at(listeners.path(0).path("bootstrapServers").asText())) {
            kafka.createTopic("orders", 1);
        }
        server.mapping("orders", "f", "TRIM_HORIZON");
        assertThat(listeners).hasSize(4);

        for (JsonNode listener : listeners) {
            String kind = listener.path("securityProtocol").asText();
            Path settings = Files.writeString(directory.resolve(kind + ".properties"),
                    Files.readString(Path.of(listener.path("clientProperties").asText())).replace("PASSWORD", PASSWORD));
            tools.produce(listener.path("bootstrapServers").asText(), settings, "orders", List.of(kind + " by Kafka"));
            assertThat(produce(kind + " by Sluice", kind).status()).isZero();
            written.addAll(List.of(kind + " by Kafka", kind + " by Sluice"));
        }

        await().atMost(Duration.ofSeconds(30)).until(() -> endpoint.values().containsAll(written));
        assertThat(produce("x", "iam").err())
                .contains("listener is 'iam'; the embedded broker has plaintext, ssl, sasl_plaintext, sasl_ssl");
    }

    private CommandRun produce(String value, String listener) {
        return CommandRun.of("produce", "orders", value, "--listener", listener.toLowerCase(Locale.ROOT), "--endpoint",
                server.endpoint().toString());
    }
}
