package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a whole server tells of its deliveries: awslabs/mcp#1140, where finding out why nothing arrives is a job of its own. */
class TelemetryIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = TestServer.PATIENCE;

    @TempDir
    private Path dataDir;
    private TestKafka kafka;
    private TestServer server;
    private HandlerEndpoint endpoint;
    private String topic;

    @BeforeEach
    void start() {
        kafka = TestKafka.shared();
        server = TestServer.start(dataDir, kafka.bootstrapServers(), Map.of());
        endpoint = new HandlerEndpoint();
        server.function("orders", endpoint);
        topic = kafka.createTopic(TestKafka.topicName("telemetry"), 1);
    }

    @AfterEach
    void stop() {
        server.close();
        endpoint.close();
    }

    @Test
    void aDeliveryThatFailsTwiceIsInTheJournalWithEveryAttemptAlsoAfterARestart() {
        endpoint.failNext(2);
        kafka.produce(topic, "a", "b");
        String mapping = server.mapping(topic, "orders", "TRIM_HORIZON");
        await().atMost(PATIENCE).until(() -> listed("?mapping=" + mapping + "&state=delivered").size() > 0);

        JsonNode summary = listed("?mapping=" + mapping).get(0);
        JsonNode delivery = get("/_sluice/deliveries/" + summary.get("id").asText());
        assertThat(delivery.get("attempts")).hasSize(3);
        assertThat(delivery.at("/attempts/0/outcome").asText()).isEqualTo("failed");
        assertThat(delivery.at("/attempts/0/answer/json/errorMessage").asText()).contains("told to fail");
        assertThat(delivery.at("/attempts/0/event/json/records/" + topic + "-0/0/offset").asInt(-1)).isZero();
        assertThat(delivery.at("/attempts/2/outcome").asText()).isEqualTo("succeeded");
        assertThat(delivery.at("/settled/0/fate").asText()).isEqualTo("delivered");

        server.stop();
        server.start();

        assertThat(get("/_sluice/deliveries/" + summary.get("id").asText())).isEqualTo(delivery);
    }

    @Test
    void metricsCountWhatPassedAndEndWithTheMapping() {
        endpoint.failNext(1);
        kafka.produce(topic, "a", "b", "c");
        String mapping = server.mapping(topic, "orders", "TRIM_HORIZON", "\"BatchSize\":3");
        await().atMost(PATIENCE).until(() -> value("sluice_delivered_event_count_total", mapping) == 3);
        await().atMost(PATIENCE).until(() -> value("sluice_committed_event_count_total", mapping) == 3);
        await().atMost(PATIENCE).until(() -> value("sluice_sum_offset_lag", mapping) == 0);

        assertThat(value("sluice_polled_event_count_total", mapping)).isEqualTo(3);
        assertThat(value("sluice_invoke_error_count_total", mapping)).isEqualTo(1);
        assertThat(value("sluice_invoked_event_count_total", mapping))
                .isEqualTo(3 + value("sluice_failed_invoke_event_count_total", mapping));
        assertThat(value("sluice_dropped_event_count_total", mapping)).isZero();

        server.update(mapping, "{\"Enabled\":false}");
        await().atMost(PATIENCE).until(() -> !metrics().contains(mapping));
    }

    @Test
    void aReplayInvokesTheFunctionOnceMoreAndMovesNoOffset() {
        kafka.produce(topic, "a");
        String mapping = server.mapping(topic, "orders", "TRIM_HORIZON");
        await().atMost(PATIENCE).until(() -> listed("?mapping=" + mapping + "&state=delivered").size() == 1);
        await().atMost(PATIENCE).until(() -> kafka.lag(mapping, topic) == 0);
        String id = listed("?mapping=" + mapping).get(0).get("id").asText();

        HttpResponse<String> replayed = server.send("POST", "/_sluice/deliveries/" + id + "/replay", "");

        assertThat(replayed.statusCode()).as(replayed.body()).isEqualTo(200);
        assertThat(json(replayed.body()).get("outcome").asText()).isEqualTo("succeeded");
        assertThat(endpoint.values()).containsExactly("a", "a");
        assertThat(endpoint.events().get(1)).as("the same event").isEqualTo(endpoint.events().get(0));
        await().atMost(PATIENCE).until(() -> listed("?mapping=" + mapping).get(0).get("replayOf").asText().equals(id));
        assertThat(kafka.committed(mapping)).containsEntry(new TopicPartition(topic, 0), 1L);
    }

    @Test
    void aReplayReadsRecordsAgainWhoseEventWasNotKeptAndSaysWhenTheyAreGone() throws Exception {
        // More than is kept of an event.
        String large = "x".repeat(300 * 1024);
        kafka.produce(topic, large);
        String mapping = server.mapping(topic, "orders", "TRIM_HORIZON");
        await().atMost(PATIENCE).until(() -> listed("?mapping=" + mapping + "&state=delivered").size() == 1);
        String id = listed("?mapping=" + mapping).get(0).get("id").asText();

        assertThat(server.send("POST", "/_sluice/deliveries/" + id + "/replay", "").statusCode()).isEqualTo(200);
        assertThat(endpoint.values()).containsExactly(large, large);

        kafka.admin().deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(1))).all().get();
        HttpResponse<String> gone = server.send("POST", "/_sluice/deliveries/" + id + "/replay", "");
        assertThat(gone.statusCode()).isEqualTo(410);
        assertThat(gone.body()).contains("1 of the 1 records", "are gone");
        assertThat(endpoint.values()).hasSize(2);
    }

    @Test
    void theSystemLogSaysWhatTheMappingAskedFor() {
        List<String> lines = new CopyOnWriteArrayList<>();
        Logger logger = (Logger) LoggerFactory.getLogger("sluice.esm");
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                lines.add(event.getFormattedMessage());
            }
        };
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.DEBUG);
        try {
            endpoint.failNext(1);
            kafka.produce(topic, "secret record");
            String mapping = server.mapping(topic, "orders", "TRIM_HORIZON", "\"ProvisionedPollerConfig\":{\"MinimumPollers\":1}",
                    "\"LoggingConfig\":{\"SystemLogLevel\":\"DEBUG\"}");

            for (String event : List.of("POLLER_STATUS_EVENT", "ESM_PROCESSING_EVENT", "KAFKA_STATUS_EVENT")) {
                await().alias(event).atMost(PATIENCE)
                        .until(() -> lines.stream().anyMatch(line -> line.contains(event) && line.contains(mapping)));
            }
            assertThat(lines).allSatisfy(line -> assertThat(json(line).get("eventType").asText()).isNotEmpty());
            assertThat(String.join("\n", lines)).doesNotContain("secret record").doesNotContain("told to fail");
        } finally {
            logger.detachAppender(appender);
        }
    }

    private List<JsonNode> listed(String query) {
        List<JsonNode> found = new CopyOnWriteArrayList<>();
        get("/_sluice/deliveries" + query).get("deliveries").forEach(found::add);
        return found;
    }

    private JsonNode get(String path) {
        return json(server.send("GET", path, null).body());
    }

    private String metrics() {
        return server.send("GET", "/metrics", null).body();
    }

    /** -1 while there is no such series. */
    private double value(String name, String mapping) {
        return metrics().lines().filter(line -> line.startsWith(name + "{") && line.contains(mapping))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).findFirst().orElse(-1);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(text, e);
        }
    }
}
