package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
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
        awaitBackoff(mapping);
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
    void aChangeOfTheFunctionsConfigurationAloneEndsIt() {
        assertThat(server.send("PUT", "/_sluice/functions/f", "{\"url\":\"" + endpoint.url() + "\",\"timeoutSeconds\":59}").statusCode())
                .isEqualTo(200);

        await().atMost(PATIENCE).until(() -> endpoint.values().contains("poison"));
    }

    @Test
    void newCodeForAFunctionOfTheLambdaApiEndsIt() throws IOException {
        assertThat(server.send("POST", "/2015-03-31/functions", """
                {"FunctionName":"uploaded","Runtime":"java17","Role":"arn:aws:iam::000000000000:role/r","Handler":"example.Handler",
                 "Code":{"ZipFile":"%s"}}""".formatted(zip("throw new IllegalStateException();"))).statusCode()).isEqualTo(201);
        String other = server.mapping(topic, "uploaded", "TRIM_HORIZON");
        awaitBackoff(other);
        assertThat(server.send("PUT", "/2015-03-31/functions/uploaded/code", "{\"ZipFile\":\"" + zip("return null;") + "\"}").statusCode())
                .isEqualTo(200);

        await().atMost(PATIENCE).until(() -> kafka.lag(other, topic) == 0);
        assertThat(kafka.lag(mapping, topic)).as("another function's mapping waits on").isEqualTo(1);
    }

    @Test
    void anUpdateOfTheFunctionEndsItWhenTheMappingNamesItsLatestVersion() {
        endpoint.failNext(1);
        String qualified = server.mapping(topic, "f:$LATEST", "TRIM_HORIZON");
        awaitBackoff(qualified);
        try (HandlerEndpoint repaired = new HandlerEndpoint()) {
            server.function("f", repaired);

            await().atMost(PATIENCE).until(() -> repaired.values().size() >= 2);
            await().atMost(PATIENCE).until(() -> kafka.lag(qualified, topic) == 0 && kafka.lag(mapping, topic) == 0);
        }
    }

    @Test
    void anotherFunctionForTheMappingEndsIt() {
        try (HandlerEndpoint other = new HandlerEndpoint()) {
            server.function("other", other);
            server.update(mapping, "{\"FunctionName\":\"other\"}");

            await().atMost(PATIENCE).until(() -> other.values().contains("poison"));
        }
    }

    @Test
    void theRemovalOfTheFunctionEndsItAndIsFoundAtOnce() {
        server.send("DELETE", "/_sluice/functions/f", null);

        server.awaitState(mapping, "Disabled");
        assertThat(server.get(mapping).get("StateTransitionReason").asText()).isEqualTo("FUNCTION_CONFIG_NOT_VALID");
        assertThat(kafka.lag(mapping, topic)).isEqualTo(1);
    }

    @Test
    void enablingAMappingThatIsEnabledEndsIt() {
        server.update(mapping, "{\"Enabled\":true}");

        await().atMost(PATIENCE).until(() -> endpoint.values().contains("poison"));
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

    private void awaitBackoff(String uuid) {
        await().atMost(PATIENCE).until(() -> server.detail(uuid).at("/detail/partitions/0"),
                partition -> partition.hasNonNull("nextAttempt") && partition.path("attempt").asInt() == 1);
    }

    private String zip(String body) throws IOException {
        return Base64.getEncoder().encodeToString(CompiledHandler.compile(dataDir, "Handler", """
                public class Handler implements RequestHandler<Map<String, Object>, String> {
                    @Override
                    public String handleRequest(Map<String, Object> event, Context context) {
                        %s
                    }
                }
                """.formatted(body)).zip());
    }

    private JsonNode partition() {
        return server.detail(mapping).at("/detail/partitions/0");
    }
}
