package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mapping with a schema registry delivers nothing rather than bytes that its function can't read. */
class SchemaRegistryIT {

    private static final String REGISTRY = "\"AmazonManagedKafkaEventSourceConfig\":{\"SchemaRegistryConfig\":{\"SchemaRegistryURI\":"
            + "\"https://registry\",\"EventRecordFormat\":\"JSON\",\"SchemaValidationConfigs\":[{\"Attribute\":\"VALUE\"}]}}";
    private static final String NO_REGISTRY = "\"AmazonManagedKafkaEventSourceConfig\":{\"SchemaRegistryConfig\":{}}";
    private static final String PROVISIONED = "\"ProvisionedPollerConfig\":{\"MinimumPollers\":1}";

    @TempDir
    private Path dir;

    @Test
    void itIsDisabledAtOnceAndRunsWhenTheRegistryIsTakenAway() {
        TestKafka kafka = TestKafka.shared();
        String topic = kafka.createTopic(TestKafka.topicName("registry"), 1);
        kafka.produce(topic, "waits");
        try (HandlerEndpoint endpoint = new HandlerEndpoint();
                TestServer server = TestServer.start(dir, kafka.bootstrapServers(), Map.of())) {
            server.function("f", endpoint);
            String uuid = server.mapping(topic, "f", "TRIM_HORIZON", PROVISIONED, REGISTRY);
            server.awaitState(uuid, "Disabled");
            assertThat(server.get(uuid).get("StateTransitionReason").asText()).isEqualTo("ESM_CONFIG_NOT_VALID");
            assertThat(server.result(uuid)).startsWith("PROBLEM: ").contains("Sluice can't use a schema registry yet");

            server.update(uuid, "{\"Enabled\":true}");
            server.awaitState(uuid, "Disabled");
            server.stop();
            server.start();
            assertThat(server.state(uuid)).isEqualTo("Disabled");
            assertThat(endpoint.events()).isEmpty();

            server.update(uuid, "{\"Enabled\":true," + NO_REGISTRY + "}");
            await().atMost(TestServer.PATIENCE).untilAsserted(() -> assertThat(endpoint.values()).isEqualTo(List.of("waits")));
            server.awaitResult(uuid, "OK").awaitState(uuid, "Enabled");
            assertThat(server.get(uuid).get("StateTransitionReason").asText()).isEqualTo("USER_INITIATED");
        }
    }

    @Test
    void aRegistryGivenToARunningMappingStopsItBeforeItsNextRecord() {
        TestKafka kafka = TestKafka.shared();
        String topic = kafka.createTopic(TestKafka.topicName("registry"), 1);
        kafka.produce(topic, "before");
        try (HandlerEndpoint endpoint = new HandlerEndpoint();
                TestServer server = TestServer.start(dir, kafka.bootstrapServers(), Map.of())) {
            server.function("f", endpoint);
            String uuid = server.mapping(topic, "f", "TRIM_HORIZON", PROVISIONED);
            await().atMost(TestServer.PATIENCE).untilAsserted(() -> assertThat(endpoint.values()).isEqualTo(List.of("before")));
            server.awaitState(uuid, "Enabled");

            server.update(uuid, "{" + REGISTRY + "}");
            server.awaitState(uuid, "Disabled");
            kafka.produce(topic, "meanwhile");
            assertThat(server.detail(uuid).get("detail").isNull()).isTrue();
            assertThat(endpoint.values()).isEqualTo(List.of("before"));

            server.update(uuid, "{\"Enabled\":true," + NO_REGISTRY + "}");
            await().atMost(TestServer.PATIENCE)
                    .untilAsserted(() -> assertThat(endpoint.values()).isEqualTo(List.of("before", "meanwhile")));
        }
    }
}
