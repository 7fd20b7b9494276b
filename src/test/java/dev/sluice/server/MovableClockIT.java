package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.ClustersFile;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.PoisonedFunction;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Minutes of windows, ages and backoffs that no test waits for. Backoffs last a minute at least: none of them passes by itself here. */
class MovableClockIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = TestServer.PATIENCE;
    private static final String LONG_WINDOW = "\"MaximumBatchingWindowInSeconds\":300";
    private static final String PROVISIONED = "\"ProvisionedPollerConfig\":{\"MinimumPollers\":1,\"MaximumPollers\":1}";

    @TempDir
    private static Path dataDir;
    private static TestKafka kafka;
    private static TestServer server;

    private final HandlerEndpoint endpoint = new HandlerEndpoint();

    @BeforeAll
    static void start() {
        kafka = TestKafka.shared();
        server = TestServer.start(dataDir, kafka.bootstrapServers(),
                Map.of("movableClock", "true", "allowReset", "true", "retry.initialBackoff", "70s",
                        "retry.maxBackoff", "5m"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void reset() {
        endpoint.close();
        server.send("POST", "/_sluice/reset", "");
    }

    @Test
    void aWindowOfFiveMinutesAnHourOfAgeAndTenRetriesAreOverAtOnce() {
        try (PoisonedFunction function = new PoisonedFunction(false)) {
            String topic = topic("window");
            String failed = topic("failed");
            String uuid = mapping(topic, function, LONG_WINDOW, PROVISIONED, "\"MaximumRecordAgeInSeconds\":3600",
                    "\"MaximumRetryAttempts\":10", destination(failed));
            Instant begun = Instant.now();
            kafka.produce(topic, "poison");

            assertThat(advance("PT4M").get("fellDue").asInt()).isZero();
            assertThat(function.calls()).isEmpty();
            assertThat(advance("PT1M").get("fellDue").asInt()).isEqualTo(1);
            assertThat(function.calls()).hasSize(1);
            JsonNode moved = advance("PT50M");

            assertThat(function.calls()).hasSize(11);
            assertThat(moved.get("fellDue").asInt()).isEqualTo(10);
            assertThat(moved.get("underWay").asInt()).isZero();
            List<ConsumerRecord<byte[], byte[]>> sent = kafka.records(failed, 0);
            assertThat(sent).hasSize(1);
            JsonNode record = json(sent.get(0).value());
            assertThat(record.at("/requestContext/condition").asText()).isEqualTo("RetriesExhausted");
            assertThat(Instant.parse(record.get("timestamp").asText())).as("the wall's").isBefore(Instant.now().plusSeconds(1));
            assertThat(Duration.between(begun, Instant.now())).isLessThan(PATIENCE);
            await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
        }
    }

    @Test
    void recordsGrowOldByTheClockThatIsMovedAndNotAllAtOnce() {
        try (PoisonedFunction function = new PoisonedFunction(false)) {
            String topic = topic("old");
            String failed = topic("failed");
            mapping(topic, function, LONG_WINDOW, PROVISIONED, "\"MaximumRecordAgeInSeconds\":600", destination(failed),
                    "\"MaximumRetryAttempts\":100");
            kafka.produce(topic, "poison");
            advance("P1D");

            // Sent at 5 minutes, tried again after 70, 140 and some 280 s: by then older than 600.
            assertThat(function.calls()).hasSize(3);
            assertThat(json(kafka.records(failed, 0).get(0).value()).at("/requestContext/condition").asText())
                    .isEqualTo("RecordAgeExceeded");
        }
    }

    @Test
    void aDestinationThatWasNotThereIsAskedAgainWhenItsBackoffIsMoved() {
        try (PoisonedFunction function = new PoisonedFunction(false)) {
            String topic = topic("waiting");
            String missing = TestKafka.topicName("missing");
            String uuid = mapping(topic, function, "\"MaximumBatchingWindowInSeconds\":0", PROVISIONED, "\"MaximumRetryAttempts\":0",
                    destination(missing));
            kafka.produce(topic, "poison");
            await().atMost(PATIENCE).until(() -> server.result(uuid).contains("to be sent again. The on-failure destination kafka://"));
            kafka.createTopic(missing, 1);
            advance("PT2M");
            assertThat(kafka.records(missing, 0)).hasSize(1);
        }
    }

    @Test
    void whatIsRefusedForLongDisablesItsMapping(@TempDir Path directory) {
        try (TestServer strict = TestServer.startWithFile(directory, kafka.bootstrapServers(), Map.of("movableClock", "true",
                "timeouts.broker", "500ms"),
                "strictClusters: true\n"
                        + new ClustersFile()
                                .with("arn:aws:kafka:us-east-1:000000000000:cluster/other/*", kafka.bootstrapServers(), Map.of())
                                .text())) {
            strict.function("f", endpoint);
            String uuid = strict.mapping("tt", "f", "TRIM_HORIZON");
            strict.awaitResult(uuid, "PROBLEM").awaitState(uuid, "Enabled");
            advance(strict, "PT30S");
            assertThat(strict.state(uuid)).isEqualTo("Enabled");
            assertThat(advance(strict, "PT30S").get("fellDue").asInt()).isEqualTo(1);
            strict.awaitState(uuid, "Disabled");
        }
    }

    @Test
    void aFunctionHasTheTimeOfTheMachineAndHoldsNobodyElseUp() {
        String held = topic("held");
        String other = topic("other");
        String slow = TestKafka.topicName("slow");
        server.function(slow, endpoint); // with a timeout of 60 s
        endpoint.hold(held, 0);
        create(held, slow, "\"MaximumBatchingWindowInSeconds\":0");
        create(other, slow, LONG_WINDOW);
        kafka.produce(held, "takes its time");
        await().atMost(PATIENCE).until(() -> endpoint.events().size() == 1);
        kafka.produce(other, "waits for its window");

        JsonNode moved = advance("PT1H");
        assertThat(endpoint.values()).containsExactly("waits for its window");
        assertThat(moved.get("underWay").asInt()).isEqualTo(1);
        endpoint.release();
        await().atMost(PATIENCE).until(() -> endpoint.values().size() == 2);
        assertThat(endpoint.events()).as("no attempt has timed out").hasSize(2);
    }

    @Test
    void nobodyMovesTheTimeOfAServerThatDoesNotAllowIt(@TempDir Path data) {
        try (TestServer ordinary = TestServer.start(data, kafka.bootstrapServers(), Map.of())) {
            ordinary.given().body("{\"duration\":\"PT1S\"}").when().post("/_sluice/advance").then().statusCode(403)
                    .body("message", equalTo("This server lets nobody move its time; start it with: sluice serve --movable-clock"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "{} | duration is missing; allowed is a positive duration as PT5M, PT1H30M or P1D, up to P365D",
            "{\"duration\":\"5m\"} | duration is '5m'; allowed is a positive duration as PT5M, PT1H30M or P1D, up to P365D",
            "{\"duration\":\"PT0S\"} | duration is 'PT0S'; allowed is a positive duration",
            "{\"duration\":\"-PT5M\"} | duration is '-PT5M'; allowed is a positive duration",
            "{\"duration\":\"P366D\"} | duration is 'P366D'; allowed is a positive duration",
            "{\"duration\":\"PT999999999999999999999H\"} | duration is 'PT999999999999999999999H'; allowed is a positive duration",
            "{\"duration\":300} | duration is 300; allowed is a text",
            "{\"seconds\":300} | Unknown member seconds; allowed are duration"})
    void whatIsNoDurationMovesNothing(String body, String message) {
        String before = advance("PT1S").get("total").asText();
        server.given().body(body).when().post("/_sluice/advance").then().statusCode(400).body("message", containsString(message));
        assertThat(Duration.parse(advance("PT1S").get("total").asText())).isEqualTo(Duration.parse(before).plusSeconds(1));
    }

    private static JsonNode advance(String duration) {
        return advance(server, duration);
    }

    private static JsonNode advance(TestServer at, String duration) {
        var answer = at.send("POST", "/_sluice/advance", "{\"duration\":\"" + duration + "\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode moved = json(answer.body().getBytes(StandardCharsets.UTF_8));
        assertThat(Duration.parse(moved.get("moved").asText())).isEqualTo(Duration.parse(duration));
        return moved;
    }

    private static String topic(String name) {
        return kafka.createTopic(TestKafka.topicName(name), 1);
    }

    private static String destination(String topic) {
        return "\"DestinationConfig\":{\"OnFailure\":{\"Destination\":\"kafka://" + topic + "\"}}";
    }

    private static String mapping(String topic, PoisonedFunction function, String... members) {
        String name = TestKafka.topicName("function");
        function.registerAs(name, server);
        return create(topic, name, members);
    }

    private static String create(String topic, String function, String... members) {
        String uuid = server.uuid(server.send("POST", "/_sluice/mappings",
                "{\"EventSourceArn\":\"" + TestServer.CLUSTER + "\",\"Topics\":[\""
                        + topic + "\"],\"FunctionName\":\"" + function + "\",\"StartingPosition\":\"TRIM_HORIZON\","
                        + String.join(",", members)
                        + "}"));
        server.awaitState(uuid, "Enabled");
        return uuid;
    }

    private static JsonNode json(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
