package dev.sluice.server;

import static dev.sluice.fixture.DeliveryGuarantees.assertExactlyOnce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.fixture.ClustersFile;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code strictClusters} refuses, and what it takes to make up for it. */
class StrictClustersIT {

    private static final Duration PATIENCE = TestServer.PATIENCE;
    private static final String LISTED = "arn:aws:kafka:us-east-1:000000000000:cluster/listed/aaaaaaaa-fd1b-45ad-85dd-15b4a5a6247e-2";

    @TempDir
    private Path dir;

    @Test
    void anMskClusterThatIsNotListedDisablesItsMappingUntilItIsListedAndTheMappingEnabled() {
        TestKafka kafka = TestKafka.shared();
        String topic = kafka.createTopic(TestKafka.topicName("strict"), 1);
        kafka.produce(topic, "waits");
        ClustersFile clusters = new ClustersFile().with(LISTED, kafka.bootstrapServers(), Map.of());
        try (HandlerEndpoint endpoint = new HandlerEndpoint(); HandlerEndpoint healthy = new HandlerEndpoint();
                TestServer server = TestServer.startWithFile(dir, kafka.bootstrapServers(),
                        Map.of("timeouts.broker", "500ms", "timeouts.unrecoverable", "3s"), "strictClusters: true\n" + clusters.text())) {
            server.function("f", endpoint);
            server.function("healthy", healthy);
            String working = server.mappingOf(LISTED, topic, "healthy", "TRIM_HORIZON");
            String uuid = server.mapping(topic, "f", "TRIM_HORIZON");
            server.awaitResult(uuid, "PROBLEM: Connection error. Please check your event source connection configuration.");
            assertThat(server.result(uuid)).contains("strictClusters", TestServer.CLUSTER);
            server.awaitState(uuid, "Enabled");
            JsonNode detail = server.detail(uuid).get("detail");
            assertThat(detail.get("bootstrapServers").isNull()).isTrue();
            assertThat(detail.get("partitions")).isEmpty();

            server.awaitState(uuid, "Disabled");
            assertThat(server.get(uuid).get("StateTransitionReason").asText()).isEqualTo("ESM_CONFIG_NOT_VALID");
            assertThat(server.result(uuid)).contains(TestServer.CLUSTER);
            kafka.produce(topic, "for those who work");
            await().atMost(PATIENCE).until(() -> healthy.values().contains("for those who work"));
            assertThat(server.state(working)).isEqualTo("Enabled");
            assertThat(endpoint.events()).isEmpty();

            server.stop();
            server.file("strictClusters: true\n" + clusters.with(TestServer.CLUSTER, kafka.bootstrapServers(), Map.of()).text());
            server.start();
            assertThat(server.state(uuid)).isEqualTo("Disabled");
            server.update(uuid, "{\"Enabled\":true}");
            await().atMost(PATIENCE).until(() -> endpoint.values().size() >= 2);
            assertExactlyOnce(endpoint.received(), List.of("waits", "for those who work"));
            server.awaitResult(uuid, "OK");
        }
    }

    @Test
    void aSelfManagedSourceBringsItsOwnBrokersAndNeedsNoEntry() {
        TestKafka kafka = TestKafka.shared();
        String topic = kafka.createTopic(TestKafka.topicName("strict"), 1);
        kafka.produce(topic, "arrives");
        try (HandlerEndpoint endpoint = new HandlerEndpoint();
                TestServer server = TestServer.start(dir, kafka.bootstrapServers(), Map.of("strictClusters", "true"))) {
            server.function("f", endpoint);
            server.selfManagedMapping(kafka.bootstrapServers(), topic, "f", "TRIM_HORIZON");

            await().atMost(PATIENCE).until(() -> endpoint.values().contains("arrives"));
        }
    }
}
