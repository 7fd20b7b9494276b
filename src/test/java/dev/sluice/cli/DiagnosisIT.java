package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.SecuredKafka;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each cause produced for real, found in the control API and on the command line, and its command run. */
class DiagnosisIT {

    @TempDir
    private Path directory;
    private final HandlerEndpoint endpoint = new HandlerEndpoint();
    private final TestKafka kafka = TestKafka.shared();
    private TestServer server;
    private FoundCause cause;

    @BeforeEach
    void serve() {
        server = TestServer.startWithFile(directory, kafka.bootstrapServers(),
                Map.of("timeouts.broker", "1s", "timeouts.unrecoverable", "1h"), "");
        server.function("f", endpoint);
        cause = new FoundCause(server);
    }

    @AfterEach
    void stop() {
        server.close();
        endpoint.close();
    }

    @Test
    void disabledBySomebody() {
        String uuid = server.mapping(topic(), "f", "LATEST", "\"Enabled\":false");
        JsonNode found = awaitCode(uuid, "disabled");
        run(found);
        server.awaitState(uuid, "Enabled");
    }

    @Test
    void topicThatIsNotThere() {
        String topic = TestKafka.topicName("not-there");
        String uuid = server.mapping(topic, "f", "TRIM_HORIZON");
        JsonNode found = awaitCode(uuid, "no-such-topic");
        assertThat(found.path("sentence").asText()).contains(topic).contains("does not exist");
        run(found);
        await().atMost(TestServer.PATIENCE).until(() -> endpoint.values().contains("VALUE"));
        awaitCode(uuid, "nothing-new");
    }

    @Test
    void topicThatIsMisspelt() {
        String topic = topic();
        kafka.produce(topic, "one");
        String uuid = server.mapping(topic.replace("diagnosis", "diagnossi"), "f", "TRIM_HORIZON");
        JsonNode found = awaitCode(uuid, "no-such-topic");
        assertThat(found.path("sentence").asText() + found.path("figures")).contains("Did you mean " + topic + "?");
        run(found);
    }

    @Test
    void functionThatFails() {
        endpoint.failAlways(true);
        String topic = topic();
        kafka.produce(topic, "boom");
        String uuid = server.mapping(topic, "f", "TRIM_HORIZON");
        JsonNode found = awaitCode(uuid, "function-error");
        assertThat(found.path("blocking").asBoolean()).isTrue();
        // Not while an attempt runs.
        await().atMost(TestServer.PATIENCE).until(() -> first(uuid).path("figures").toString().contains(topic + "-0 failed"));
        assertThat(found.path("ageSeconds").isNumber()).isTrue();
        run(found);
        endpoint.failAlways(false);
        awaitCode(uuid, "nothing-new");
    }

    @Test
    void functionThatIsGone() {
        String uuid = server.mapping(topic(), "f", "LATEST");
        server.send("DELETE", "/_sluice/functions/f", null);
        run(awaitCode(uuid, "function-missing"));
    }

    @Test
    void windowThatIsStillOpen() {
        String topic = topic();
        kafka.produce(topic, "one", "two");
        String uuid = server.mapping(topic, "f", "TRIM_HORIZON");
        await().atMost(TestServer.PATIENCE).until(() -> endpoint.values().size() == 2);
        server.awaitState(uuid, "Enabled");
        assertThat(server.update(uuid, "{\"MaximumBatchingWindowInSeconds\":300}").statusCode()).isEqualTo(202);
        server.awaitState(uuid, "Enabled");
        kafka.produce(topic, "three");
        JsonNode found = awaitCode(uuid, "waiting-for-window");
        assertThat(found.path("sentence").asText()).startsWith("1 record waits for the batching window, which ends in ");
        assertThat(found.path("command").asText())
                .isEqualTo("aws lambda update-event-source-mapping --uuid " + uuid + " --maximum-batching-window-in-seconds 0");
        assertThat(server.update(uuid, "{\"MaximumBatchingWindowInSeconds\":0}").statusCode()).isEqualTo(202);
        await().atMost(TestServer.PATIENCE).until(() -> endpoint.values().contains("three"));
    }

    @Test
    void filterThatDropsEverything() {
        String topic = topic();
        String uuid = server.mapping(topic, "f", "TRIM_HORIZON",
                "\"FilterCriteria\":{\"Filters\":[{\"Pattern\":\"{\\\"value\\\":{\\\"type\\\":[\\\"order\\\"]}}\"}]}");
        kafka.produce(topic, "no json", "{\"type\":\"payment\"}");
        JsonNode found = awaitCode(uuid, "filtered-out");
        await().atMost(TestServer.PATIENCE)
                .until(() -> first(uuid).path("sentence").asText().startsWith("Its filters have dropped 2 of 2 records, the last as "));
        run(found);
    }

    @Test
    void olderRecordsThatLatestLeavesOut() {
        String topic = topic();
        kafka.produce(topic, "older");
        String uuid = server.mapping(topic, "f", "LATEST");
        JsonNode found = awaitCode(uuid, "position-latest");
        assertThat(sluice("mappings", uuid).out()).contains("Position     LATEST\n", "Batch        at most 100 records, or after 0 s\n");
        assertThat(found.path("sentence").asText()).contains("up to 1 older record was left out");
        run(found);
        await().atMost(TestServer.PATIENCE).until(() -> endpoint.values().equals(List.of("VALUE")));
        awaitCode(uuid, "nothing-new");
    }

    @Test
    void partitionOfAnotherMember() {
        String topic = topic();
        String group = "\"AmazonManagedKafkaEventSourceConfig\":{\"ConsumerGroupId\":\"" + TestKafka.topicName("group") + "\"}";
        server.function("g", endpoint);
        String first = server.mapping(topic, "f", "LATEST", group);
        server.awaitState(first, "Enabled");
        String second = server.mapping(topic, "g", "LATEST", group);
        server.awaitState(second, "Enabled");
        await().atMost(TestServer.PATIENCE).until(() -> List.of(first(first), first(second)).stream()
                .anyMatch(found -> found.path("code").asText().equals("no-partition") && found.path("sentence").asText()
                        .startsWith(topic + "-0 is read by another member of its group: sluice-")));
    }

    @Test
    void brokersOfAnotherKindAndBrokersThatAreNotThere() {
        String tls = SecuredKafka.shared().tlsServers();
        String wrong = server.selfManagedMapping(tls, topic(), "f", "LATEST");
        run(awaitCode(wrong, "wrong-listener"));
        String nowhere = server.selfManagedMapping("localhost:1", topic(), "f", "LATEST");
        run(awaitCode(nowhere, "brokers-unreachable"));
    }

    private String topic() {
        return kafka.createTopic(TestKafka.topicName("diagnosis"), 1);
    }

    private JsonNode first(String uuid) {
        return cause.first(uuid);
    }

    private JsonNode awaitCode(String uuid, String code) {
        return cause.await(uuid, code);
    }

    private CommandRun run(JsonNode found) {
        return cause.run(found);
    }

    private CommandRun sluice(String... arguments) {
        return cause.sluice(arguments);
    }
}
