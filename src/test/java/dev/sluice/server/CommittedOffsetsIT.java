package dev.sluice.server;

import static dev.sluice.fixture.DeliveryGuarantees.assertExactlyOnce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a group has committed is what its function has taken, and where the next mapping of the group goes on. */
class CommittedOffsetsIT {

    private static final Duration PATIENCE = TestServer.PATIENCE;

    @TempDir
    private Path dataDir;
    private TestKafka kafka;
    private TestServer server;
    private HandlerEndpoint endpoint;
    private String topic;
    private String group;

    @BeforeEach
    void start() {
        kafka = TestKafka.shared();
        server = TestServer.start(dataDir, kafka.bootstrapServers(), Map.of());
        endpoint = new HandlerEndpoint();
        server.function("f", endpoint);
        topic = kafka.createTopic(TestKafka.topicName("committed"), 1);
        group = TestKafka.topicName("group");
    }

    @AfterEach
    void stop() {
        server.close();
        endpoint.close();
    }

    // azure-functions-kafka-extension#614, #17, #8: the offset was committed although the function failed, and the records were lost.
    @Test
    void aFailedBatchIsNotCommittedNeitherByItsRetriesNorByTheEndOfTheServer() {
        kafka.produce(topic, "1", "2", "3", "4", "5");
        String uuid = mapping("TRIM_HORIZON", "\"BatchSize\":2");
        await().atMost(PATIENCE).until(() -> endpoint.values().size() == 5);
        awaitCommitted(5);
        endpoint.failAlways(true);
        kafka.produce(topic, "6", "7", "8");
        int before = endpoint.events().size();
        await().atMost(PATIENCE).until(() -> endpoint.events().size() >= before + 4);
        assertThat(committed()).isEqualTo(5);

        server.stop();
        assertThat(committed()).as("a server that ends commits what was taken and no more").isEqualTo(5);
        endpoint.failAlways(false);
        server.start();
        await().atMost(PATIENCE).until(() -> endpoint.values().size() >= 8);
        assertExactlyOnce(endpoint.received(), List.of("1", "2", "3", "4", "5", "6", "7", "8"));
        awaitCommitted(8);
        assertThat(server.state(uuid)).isEqualTo("Enabled");
    }

    // azure-functions-kafka-extension#614: neither by a disabled mapping, nor by an update.
    @Test
    void aFailedBatchIsNotCommittedByWhoeverStopsTheMapping() {
        endpoint.failAlways(true);
        kafka.produce(topic, "1", "2");
        String uuid = mapping("TRIM_HORIZON");
        await().atMost(PATIENCE).until(() -> endpoint.events().size() >= 2);
        server.update(uuid, "{\"BatchSize\":7}");
        server.awaitState(uuid, "Enabled");
        server.update(uuid, "{\"Enabled\":false}");
        server.awaitState(uuid, "Disabled");
        assertThat(committed()).isZero();
        endpoint.failAlways(false);
        server.update(uuid, "{\"Enabled\":true}");

        await().atMost(PATIENCE).until(() -> endpoint.values().size() >= 2);
        assertExactlyOnce(endpoint.received(), List.of("1", "2"));
    }

    // aws-cdk#21789: with its ConsumerGroupId a mapping that is made anew goes on where the old one stopped, wherever it would start.
    @ParameterizedTest
    @ValueSource(strings = {"TRIM_HORIZON", "LATEST"})
    void aMappingMadeAnewWithTheGroupOfTheOldOneGoesOnWhereThatStopped(String position) {
        kafka.produce(topic, "1");
        String old = mapping("TRIM_HORIZON");
        await().atMost(PATIENCE).until(() -> endpoint.values().contains("1"));
        awaitCommitted(1);
        deleteAndAwaitGone(old);
        kafka.produce(topic, "while there was none");
        String anew = mapping(position);
        server.awaitState(anew, "Enabled");
        kafka.produce(topic, "2");

        await().atMost(PATIENCE).until(() -> endpoint.values().contains("2"));
        assertExactlyOnce(endpoint.received(), List.of("1", "while there was none", "2"));
    }

    // aws-cdk#21789: without one it is another group, which begins at its own starting position.
    @Test
    void aMappingMadeAnewWithoutAGroupBeginsAtItsStartingPosition() {
        kafka.produce(topic, "1");
        String old = server.mapping(topic, "f", "TRIM_HORIZON");
        await().atMost(PATIENCE).until(() -> endpoint.values().contains("1"));
        deleteAndAwaitGone(old);
        server.mapping(topic, "f", "TRIM_HORIZON");

        await().atMost(PATIENCE).until(() -> endpoint.values().size() >= 2);
        assertThat(endpoint.values()).containsExactly("1", "1");
    }

    private String mapping(String position, String... members) {
        String inGroup = "\"AmazonManagedKafkaEventSourceConfig\":{\"ConsumerGroupId\":\"" + group + "\"}";
        return server.mapping(topic, "f", position, members.length == 0 ? new String[] {inGroup} : new String[] {inGroup, members[0]});
    }

    private void deleteAndAwaitGone(String uuid) {
        server.delete(uuid);
        await().atMost(PATIENCE).until(() -> server.get(uuid).path("State").isMissingNode());
    }

    private void awaitCommitted(long offset) {
        await().atMost(PATIENCE).until(() -> committed() == offset);
    }

    private long committed() {
        return kafka.committed(group).getOrDefault(new TopicPartition(topic, 0), -1L);
    }
}
