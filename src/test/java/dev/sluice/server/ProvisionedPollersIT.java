package dev.sluice.server;

import static dev.sluice.fixture.DeliveryGuarantees.assertExactlyOnce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.ChildServer;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ProvisionedPollerConfig from the request to the members of the group, in a server that can be killed. */
class ProvisionedPollersIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static TestKafka kafka;

    @TempDir
    private Path dir;

    @BeforeAll
    static void start() {
        kafka = TestKafka.shared();
    }

    // serverless#13024: provisioned pollers.
    @Test
    void afterKill9OfAServerWithThreePollersTheNextOneDeliversWithinThreeSeconds() throws Exception {
        try (HandlerEndpoint endpoint = new HandlerEndpoint()) {
            String topic = kafka.createTopic(TestKafka.topicName("provisioned"), 4);
            List<String> values = new ArrayList<>();
            String uuid;
            try (ChildServer first = child()) {
                TestServer server = TestServer.at(first);
                server.function("f", endpoint);
                uuid = server.mapping(topic, "f", "TRIM_HORIZON", "\"ProvisionedPollerConfig\":{\"MinimumPollers\":3}");
                values.addAll(produce(topic, "before"));
                await().atMost(PATIENCE).until(() -> kafka.groupMembers(uuid).size() == 3);
                await().atMost(PATIENCE).until(() -> endpoint.values().size() == 4);
                await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
                first.kill();
            }
            values.addAll(produce(topic, "after"));
            try (ChildServer second = child()) {
                await().atMost(Duration.ofSeconds(3)).pollInterval(Duration.ofMillis(20)).until(() -> endpoint.values().size() > 4);
                await().atMost(PATIENCE).until(() -> endpoint.values().size() == 8);
                assertExactlyOnce(endpoint.received(), values);

                TestServer server = TestServer.at(second);
                await().atMost(PATIENCE).until(() -> kafka.groupMembers(uuid).size() == 3);
                server.update(uuid, "{\"ProvisionedPollerConfig\":{}}");
                server.awaitState(uuid, "Enabled");
                await().atMost(PATIENCE).until(() -> kafka.groupMembers(uuid).size() == 1);
                assertThat(second.terminate()).isZero();
            }
            assertThat(kafka.groupMembers(uuid)).isEmpty();
        }
    }

    private ChildServer child() throws Exception {
        return new ChildServer(dir.resolve("data"), "--kafka", kafka.bootstrapServers());
    }

    private static List<String> produce(String topic, String prefix) {
        List<String> values = new ArrayList<>();
        for (int partition = 0; partition < 4; partition++) {
            values.add(prefix + "-" + partition);
            kafka.produce(topic, partition, List.of(prefix + "-" + partition));
        }
        return values;
    }
}
