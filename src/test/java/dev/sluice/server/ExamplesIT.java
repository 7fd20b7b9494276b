package dev.sluice.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples in Java, in the files that the build makes of them and under the settings that the README gives them. */
class ExamplesIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path BUILT = Path.of(System.getProperty("sluice.jar")).getParent();
    private static final String BATCH_OF_TWO = "\"BatchSize\":2";

    @TempDir
    private static Path dataDir;
    private static TestKafka kafka;
    private static TestServer server;

    @BeforeAll
    static void start() {
        kafka = TestKafka.shared();
        server = TestServer.start(dataDir, kafka.bootstrapServers(), Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theKafkaEventHandlerCountsItsRecords() {
        add("orders", "classes/examples/kafka-event-handler.jar", "example.OrdersHandler", "{}");
        String topic = topic("orders");
        kafka.produce(topic, "one", "two", "three");

        String uuid = server.mapping(topic, "orders", "TRIM_HORIZON");

        awaitAllCommitted(uuid, topic);
        assertThat(answers(uuid, 1)).containsExactly("\"3 records\"");
    }

    @Test
    void theStreamHandlerCountsRecordsAndBytesOfTheEventAsItCame() {
        add("counting", "examples/stream-handler.jar", "example.CountingHandler", "{}");
        String topic = topic("counting");
        kafka.produce(topic, 0, "\"value\":\"key\"", "twelve bytes");
        kafka.produce(topic, 0, "key", null);

        String uuid = server.mapping(topic, "counting", "TRIM_HORIZON", BATCH_OF_TWO);

        awaitAllCommitted(uuid, topic);
        assertThat(answers(uuid, 1)).containsExactly("{\"records\":2,\"bytes\":12}");
    }

    @Test
    void theHandlerWithPartialFailuresHasOnlyWhatItNamesTriedAgainAndSentToTheDestination() {
        add("payments", "examples/partial-failures.jar", "example.PaymentsHandler", "{}");
        String topic = topic("payments");
        String failed = topic("failed-payments");
        kafka.produce(topic, "19.90", "a lot", "5");

        String uuid = server.mapping(topic, "payments", "TRIM_HORIZON", "\"ProvisionedPollerConfig\":{\"MinimumPollers\":1}",
                "\"FunctionResponseTypes\":[\"ReportBatchItemFailures\"]", "\"MaximumRetryAttempts\":1",
                "\"DestinationConfig\":{\"OnFailure\":{\"Destination\":\"kafka://" + failed + "\"}}");

        awaitAllCommitted(uuid, topic);
        JsonNode named = json("{\"batchItemFailures\":[{\"itemIdentifier\":{\"partition\":\"" + topic + "-0\",\"offset\":1}}]}");
        List<JsonNode> attempts = attempts(uuid, 2);
        assertThat(attempts).extracting(attempt -> attempt.at("/answer/json")).containsExactly(named, named);
        assertThat(attempts).extracting(attempt -> attempt.path("records").asInt()).containsExactly(3, 1);
        assertThat(kafka.records(failed, 0)).singleElement().satisfies(
                record -> assertThat(json(new String(record.value(), UTF_8)).at("/payload/records/" + topic + "-0/0/offset").asInt())
                        .isOne());
    }

    @Test
    void theHandlerWithLibrariesReadsItsTableFromTheEnvironmentAndJsonWithItsOwnJackson() {
        add("items", "examples/with-libraries.zip", "example.ItemsHandler", "{\"TABLE_NAME\":\"items-local\"}");
        String topic = topic("items");
        kafka.produce(topic, "{\"id\":\"a1\"}", "{\"id\":\"b2\"}");

        String uuid = server.mapping(topic, "items", "TRIM_HORIZON", BATCH_OF_TWO);

        awaitAllCommitted(uuid, topic);
        assertThat(answers(uuid, 1)).containsExactly("\"2 items for items-local\"");
    }

    @Test
    void aRecordThatTheHandlerWithLibrariesCannotReadIsTriedAgainWithItsBatch() {
        add("strict-items", "examples/with-libraries.zip", "example.ItemsHandler", "{\"TABLE_NAME\":\"items-local\"}");
        String topic = topic("strict-items");
        kafka.produce(topic, "{\"id\":\"a1\"}", "no JSON");

        String uuid = server.mapping(topic, "strict-items", "TRIM_HORIZON", BATCH_OF_TWO);

        server.awaitResult(uuid, "PROBLEM: Function call failed");
        assertThat(attempts(uuid, 2)).allSatisfy(attempt -> {
            assertThat(attempt.path("records").asInt()).isEqualTo(2);
            assertThat(attempt.path("detail").asText()).contains("UncheckedIOException", topic + "-0@1");
        });
        assertThat(kafka.lag(uuid, topic)).isEqualTo(2);
    }

    private static void add(String name, String file, String handler, String environment) {
        assertThat(server.send("PUT", "/_sluice/functions/" + name, "{\"jar\":\"" + BUILT.resolve(file) + "\",\"handler\":\"" + handler
                + "\",\"timeoutSeconds\":30,\"environment\":" + environment + "}").statusCode()).isEqualTo(200);
    }

    private static String topic(String base) {
        return kafka.createTopic(TestKafka.topicName(base), 1);
    }

    private static void awaitAllCommitted(String uuid, String topic) {
        await().atMost(TestServer.PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
    }

    private static List<String> answers(String uuid, int atLeast) {
        return attempts(uuid, atLeast).stream().map(attempt -> attempt.at("/answer/json").toString()).toList();
    }

    /** Every attempt of the mapping's deliveries, the oldest first, once so many are in the journal, which is written after the commit. */
    private static List<JsonNode> attempts(String uuid, int atLeast) {
        return await().atMost(TestServer.PATIENCE).until(() -> attempts(uuid), attempts -> attempts.size() >= atLeast
                && attempts.stream().noneMatch(attempt -> attempt.path("answer").isNull()));
    }

    private static List<JsonNode> attempts(String uuid) {
        List<JsonNode> attempts = new ArrayList<>();
        for (JsonNode delivery : json(server.send("GET", "/_sluice/deliveries?mapping=" + uuid, null).body()).get("deliveries")) {
            List<JsonNode> its = new ArrayList<>();
            json(server.send("GET", "/_sluice/deliveries/" + delivery.get("id").asText(), null).body()).get("attempts").forEach(its::add);
            attempts.addAll(0, its);
        }
        return attempts;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }
}
