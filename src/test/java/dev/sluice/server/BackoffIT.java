package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.testing.HandlerEndpoint;
import dev.sluice.testing.TestKafka;
import dev.sluice.testing.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ends a backoff before its time: here it would take an hour. */
class BackoffIT {

    private static final Duration PATIENCE = TestServer.PATIENCE;

    @TempDir
    private Path dataDir;
    private TestKafka kafka;
    private TestServer server;
    private HandlerEndpoint endpoint;
    private String topic;
    private String mapping;

    @BeforeEach
    void startWithAFunctionThatFailed() {
        kafka = TestKafka.shared();
        server = TestServer.start(dataDir, kafka.bootstrapServers(), Map.of("retry.initialBackoff", "60m", "retry.maxBackoff", "60m"));
        endpoint = new HandlerEndpoint();
        endpoint.failNext(1);
        server.function("f", endpoint);
        topic = kafka.createTopic(TestKafka.topicName("backoff"), 1);
        kafka.produce(topic, "poison");
        mapping = server.mapping(topic, "f", "TRIM_HORIZON");
        await().atMost(PATIENCE).until(() -> !partition().path("nextAttempt").isNull() && partition().path("attempt").asInt() == 1);
    }

    @AfterEach
    void stop() {
        server.close();
        endpoint.close();
    }

    @Test
    void theDetailSaysWhenTheNextAttemptIs() {
        assertThat(Instant.parse(partition().get("nextAttempt").asText())).isAfter(Instant.now().plus(Duration.ofMinutes(50)));
        assertThat(partition().get("inFlight").asInt()).isEqualTo(1);
        assertThat(server.detail(mapping).at("/detail/lastError").asText()).contains("told to fail");
    }

    @Test
    void anUpdateOfTheFunctionEndsIt() {
        try (HandlerEndpoint mended = new HandlerEndpoint()) {
            server.function("f", mended);

            await().atMost(PATIENCE).until(() -> mended.values().contains("poison"));
        }
    }

    @Test
    void anUpdateOfTheMappingEndsIt() {
        server.update(mapping, "{\"BatchSize\":5}");

        await().atMost(PATIENCE).until(() -> endpoint.values().contains("poison"));
        server.awaitState(mapping, "Enabled");
    }

    @Test
    void retryEndsIt() {
        assertThat(server.send("POST", "/_sluice/mappings/" + mapping + "/retry", null).body()).isEqualTo("{\"retried\":true}");

        await().atMost(PATIENCE).until(() -> endpoint.values().contains("poison"));
        assertThat(server.send("POST", "/_sluice/mappings/" + mapping + "/retry", null).body()).isEqualTo("{\"retried\":false}");
    }

    @Test
    void disablingDoesNotWaitForIt() {
        server.update(mapping, "{\"Enabled\":false}");

        server.awaitState(mapping, "Disabled");
        assertThat(kafka.lag(mapping, topic)).isEqualTo(1);
    }

    private JsonNode partition() {
        return server.detail(mapping).at("/detail/partitions/0");
    }
}
