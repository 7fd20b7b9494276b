package dev.sluice.server;

import static dev.sluice.fixture.DeliveryGuarantees.assertExactlyOnce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of a mapping whose function can't be invoked until somebody changes it: it is found when a batch is to be delivered and
 * not before, the mapping is Disabled, and nothing is lost when it is enabled after the repair.
 */
class FunctionNotValidIT {

    private static final Duration PATIENCE = TestServer.PATIENCE;
    private static final String AWS = "PROBLEM: Function call failed";

    @TempDir
    private Path dir;
    private TestKafka kafka;
    private TestServer server;
    private HandlerEndpoint mended;
    private HandlerEndpoint healthy;
    private String topic;
    private String neighbour;

    @BeforeEach
    void startWithANeighbourOnTheSameTopic() {
        kafka = TestKafka.shared();
        server = TestServer.start(dir.resolve("data"), kafka.bootstrapServers(), Map.of());
        mended = new HandlerEndpoint();
        healthy = new HandlerEndpoint();
        topic = kafka.createTopic(TestKafka.topicName("not-valid"), 2);
        server.function("healthy", healthy);
        neighbour = server.mapping(topic, "healthy", "TRIM_HORIZON");
    }

    @AfterEach
    void stop() {
        server.close();
        mended.close();
        healthy.close();
    }

    @Test
    void aFunctionThatWasDeleted() {
        server.function("f", mended);
        disablesWithoutLoss(() -> assertThat(server.send("DELETE", "/_sluice/functions/f", null).statusCode()).isEqualTo(204),
                "Function not found: arn:aws:lambda:us-east-1:000000000000:function:f");
    }

    @Test
    void aTimeoutOverFourteenMinutes() {
        function("url\":\"" + mended.url(), 841);
        disablesWithoutLoss(() -> {}, "841 s");
    }

    @Test
    void aTimeoutOfFourteenMinutesIsDelivered() {
        function("url\":\"" + mended.url(), 840);
        String uuid = server.mapping(topic, "f", "TRIM_HORIZON");
        kafka.produce(topic, "taken");

        await().atMost(PATIENCE).until(() -> mended.values().contains("taken"));
        server.awaitResult(uuid, "OK");
    }

    private void disablesWithoutLoss(Runnable breakIt, String named) {
        String uuid = server.mapping(topic, "f", "TRIM_HORIZON");
        server.awaitState(uuid, "Enabled");
        breakIt.run();
        kafka.produce(topic, "beside it");
        await().atMost(PATIENCE).until(() -> healthy.values().contains("beside it"));
        // The neighbour has read the first record; this mapping may need a moment more to be disabled.
        kafka.produce(topic, 1, List.of("other partition"));
        server.awaitState(uuid, "Disabled");
        assertThat(server.get(uuid).get("StateTransitionReason").asText()).isEqualTo("FUNCTION_CONFIG_NOT_VALID");
        assertThat(server.result(uuid)).startsWith(AWS).contains(named);
        assertSaysHowToGoOn(uuid, named);
        kafka.produce(topic, "while disabled");
        await().atMost(PATIENCE).until(() -> healthy.values().contains("while disabled"));
        assertThat(server.state(neighbour)).isEqualTo("Enabled");
        assertThat(kafka.lag(uuid, topic)).as("nothing is committed past").isEqualTo(3);
        assertThat(mended.events()).isEmpty();

        server.stop();
        server.start();
        assertSaysHowToGoOn(uuid, named);
        server.function("f", mended);
        assertThat(server.send("POST", "/_sluice/mappings/" + uuid + "/enable", "{}").statusCode()).isEqualTo(200);
        await().atMost(PATIENCE).until(() -> mended.values().size() >= 3);
        assertExactlyOnce(mended.received(), List.of("beside it", "other partition", "while disabled"));
        server.awaitState(uuid, "Enabled").awaitResult(uuid, "OK");
        await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
    }

    private void assertSaysHowToGoOn(String uuid, String cause) {
        JsonNode disabled = server.detail(uuid).get("disabled");
        assertThat(disabled.get("cause").asText()).contains(cause);
        assertThat(Instant.parse(disabled.get("since").asText())).isBetween(Instant.now().minusSeconds(120), Instant.now());
        assertThat(disabled.get("goOnWith").asText()).isEqualTo("sluice mappings enable " + uuid);
        for (String command : List.of("retry", "skip")) {
            HttpResponse<String> answer = server.send("POST", "/_sluice/mappings/" + uuid + "/" + command, "{}");
            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(answer.body()).contains("is Disabled (FUNCTION_CONFIG_NOT_VALID)").contains("sluice mappings enable " + uuid);
        }
    }

    @Test
    void nothingIsFoundBeforeABatchIsToBeDelivered() {
        function("url\":\"" + mended.url(), 841);
        String uuid = server.mapping(topic, "f", "LATEST");
        server.awaitState(uuid, "Enabled");
        await().atMost(PATIENCE).until(() -> server.detail(uuid).at("/detail/partitions").size() == 2);
        assertThat(server.result(uuid)).isEqualTo("No records processed");
        assertThat(server.state(uuid)).isEqualTo("Enabled");
        function("url\":\"" + mended.url(), 840);
        kafka.produce(topic, "taken");

        await().atMost(PATIENCE).until(() -> mended.values().contains("taken"));
    }

    private void function(String code, int timeoutSeconds) {
        assertThat(server.send("PUT", "/_sluice/functions/f", "{\"" + code + "\",\"timeoutSeconds\":" + timeoutSeconds + "}").statusCode())
                .isEqualTo(200);
    }
}
