package dev.sluice.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mappings in Queue mode, from a share group of a real broker to the function and back. */
class QueueModeIT {

    /** What a fetch that is under way when its consumer is closed acquires stays locked for the 30 s of a lock. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private Path directory;
    private final TestKafka kafka = TestKafka.shared();
    private final HandlerEndpoint endpoint = new HandlerEndpoint();
    private TestServer server;
    private String topic;

    @BeforeEach
    void start() {
        server = TestServer.start(directory.resolve("data"), kafka.bootstrapServers(), Map.of());
        server.function("f", endpoint);
        topic = TestKafka.topicName("queue");
    }

    @AfterEach
    void stop() {
        server.close();
        endpoint.close();
    }

    @Test
    void everyRecordIsDeliveredAndAccepted() throws Exception {
        kafka.createTopic(topic, 2);
        String uuid = enabled(queue("\"BatchSize\":10"));
        List<String> values = IntStream.range(0, 300).mapToObj(i -> "v" + i).toList();
        kafka.produce(topic, values.toArray(String[]::new));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(endpoint.values()).containsAll(values));
        assertThat(endpoint.values()).containsExactlyInAnyOrderElementsOf(values);
        await().atMost(PATIENCE).until(() -> lag(uuid) == 0);
        assertThat(server.get(uuid).get("LastProcessingResult").asText()).isEqualTo("OK");
        assertThat(server.get(uuid).has("StartingPosition")).isFalse();
        assertThat(server.get(uuid).at("/SelfManagedKafkaEventSourceConfig/ConsumptionMode").asText()).isEqualTo("Queue");
    }

    @Test
    void tenInvocationsAtOnceHaveRecordsOfOnePartition() throws Exception {
        kafka.createTopic(topic, 1);
        endpoint.hold();
        String uuid = enabled(queue("\"BatchSize\":10", "\"ProvisionedPollerConfig\":{\"MinimumPollers\":2,\"MaximumPollers\":10}"));
        kafka.produce(topic, IntStream.range(0, 200).mapToObj(i -> "v" + i).toArray(String[]::new));

        await().atMost(PATIENCE).until(() -> endpoint.events().size() >= 10);
        endpoint.release();
        await().atMost(PATIENCE).until(() -> new HashSet<>(endpoint.values()).size() == 200);
        await().atMost(PATIENCE).until(() -> lag(uuid) == 0);
    }

    @Test
    void whatFailsIsDeliveredAgain() throws Exception {
        kafka.createTopic(topic, 1);
        endpoint.failNext(2);
        String uuid = enabled(queue("\"BatchSize\":10"));
        kafka.produce(topic, "v");

        await().atMost(PATIENCE).until(() -> endpoint.values().contains("v"));
        assertThat(endpoint.events()).hasSizeGreaterThanOrEqualTo(3);
        await().atMost(PATIENCE).until(() -> lag(uuid) == 0);
    }

    @Test
    void afterItsRetriesARecordGoesToTheDestinationAndIsAccepted() throws Exception {
        kafka.createTopic(topic, 1);
        kafka.createTopic(topic + "-dead", 1);
        endpoint.failAlways(true);
        String uuid = enabled(queue("\"BatchSize\":10", "\"MaximumRetryAttempts\":2", "\"ProvisionedPollerConfig\":{\"MinimumPollers\":1}",
                "\"DestinationConfig\":{\"OnFailure\":{\"Destination\":\"kafka://" + topic + "-dead\"}}"));
        kafka.produce(topic, "v");

        await().atMost(PATIENCE).until(() -> kafka.records(topic + "-dead", 0).size() == 1);
        assertThat(endpoint.events()).hasSizeBetween(1, 3);
        await().atMost(PATIENCE).until(() -> lag(uuid) == 0);
    }

    @Test
    void atTheBrokersLimitARecordIsKeptUntilTheFunctionTakesIt() throws Exception {
        kafka.createTopic(topic, 1);
        endpoint.failAlways(true);
        String uuid = enabled(queue("\"BatchSize\":10"));
        kafka.produce(topic, "v");

        await().atMost(PATIENCE).until(() -> server.result(uuid).startsWith("PROBLEM: " + topic + "-0 offset 0 was handed out 5 times"));
        await().atMost(PATIENCE).until(() -> endpoint.events().size() > 5);
        endpoint.failAlways(false);
        await().atMost(PATIENCE).until(() -> endpoint.values().contains("v"));
        await().atMost(PATIENCE).until(() -> lag(uuid) == 0);
        server.awaitResult(uuid, "OK");
    }

    @Test
    void asOnAwsItIsDroppedWhereThatIsAskedFor() throws Exception {
        server.close();
        server = TestServer.start(directory.resolve("aws"), kafka.bootstrapServers(), Map.of("onFailure.archiveAtDeliveryLimit", "true"));
        server.function("f", endpoint);
        kafka.createTopic(topic, 1);
        endpoint.failAlways(true);
        String uuid = enabled(queue("\"BatchSize\":10"));
        kafka.produce(topic, "v");

        await().atMost(PATIENCE).until(() -> !endpoint.events().isEmpty() && isDone(uuid));
        endpoint.failAlways(false);
        kafka.produce(topic, "w");
        await().atMost(PATIENCE).until(() -> endpoint.values().contains("w"));
        assertThat(endpoint.events()).hasSizeLessThanOrEqualTo(6);
        assertThat(endpoint.values()).containsOnly("w");
    }

    @Test
    void whatRunsIsFinishedWhenTheMappingIsDisabledAndNothingIsLostBetween() throws Exception {
        kafka.createTopic(topic, 1);
        String uuid = enabled(queue("\"BatchSize\":10"));
        List<String> values = IntStream.range(0, 500).mapToObj(i -> "v" + i).toList();
        kafka.produce(topic, values.toArray(String[]::new));
        for (int i = 0; i < 3; i++) {
            int before = endpoint.values().size();
            await().atMost(PATIENCE).until(() -> endpoint.values().size() > Math.min(before, 400));
            server.update(uuid, "{\"Enabled\":false}");
            server.awaitState(uuid, "Disabled");
            server.update(uuid, "{\"Enabled\":true}");
            server.awaitState(uuid, "Enabled");
        }
        await().atMost(PATIENCE).until(() -> new HashSet<>(endpoint.values()).size() == 500);
        await().atMost(PATIENCE).until(() -> lag(uuid) == 0);
    }

    @Test
    void aGroupOfAnotherKindIsNamed() throws Exception {
        kafka.createTopic(topic, 1);
        server.function("g", endpoint);
        String stream = server.selfManagedMapping(kafka.bootstrapServers(), topic, "g", "TRIM_HORIZON",
                "\"SelfManagedKafkaEventSourceConfig\":{\"ConsumerGroupId\":\"" + topic + "\"}");
        enabled(stream);
        server.update(stream, "{\"Enabled\":false}");
        server.awaitState(stream, "Disabled");

        String uuid = queueOf("{\"ConsumptionMode\":\"Queue\",\"ConsumerGroupId\":\"" + topic + "\"}");

        server.awaitResult(uuid,
                "PROBLEM: Connection error. Please check your event source connection configuration. Group " + topic + " on "
                        + kafka.bootstrapServers() + " is no share group, as Queue mode needs it");
    }

    @Test
    void aTopicThatIsMadeLaterIsRead() throws Exception {
        String uuid = queue("\"BatchSize\":10");
        server.awaitResult(uuid, "PROBLEM: Connection error. Please check your event source connection configuration. Topic " + topic
                + " does not exist");
        kafka.createTopic(topic, 1);
        server.awaitResult(uuid, "No records processed");
        await().atMost(PATIENCE).until(() -> {
            kafka.produce(topic, "v"); // who joins begins at the latest record
            return endpoint.values().contains("v");
        });
    }

    @Test
    void whatTheFiltersRefuseIsAccepted() throws Exception {
        kafka.createTopic(topic, 1);
        String uuid = enabled(queue("\"FilterCriteria\":{\"Filters\":[{\"Pattern\":\"{\\\"value\\\":{\\\"a\\\":[1]}}\"}]}"));
        kafka.produce(topic, "{\"a\":2}", "{\"a\":1}", "{\"a\":3}");

        await().atMost(PATIENCE).until(() -> endpoint.values().contains("{\"a\":1}"));
        await().atMost(PATIENCE).until(() -> lag(uuid) == 0);
        assertThat(endpoint.values()).containsExactly("{\"a\":1}");
    }

    // aws-samples/serverless-patterns, smk-lambda-queue-mode-python-sam: its request, and its handler's answers.
    @Test
    void thePublicSampleOfAwsWorks() throws Exception {
        kafka.createTopic(topic, 1);
        kafka.createTopic(topic + "-dead", 1);
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, topic);
        kafka.admin()
                .incrementalAlterConfigs(Map.of(group, Map.of("share.delivery.count.limit", "3", "share.record.lock.duration.ms", "30000",
                        "share.partition.max.record.locks", "100").entrySet().stream().map(set -> new AlterConfigOp(
                                new ConfigEntry(set.getKey(), set.getValue()), AlterConfigOp.OpType.SET))
                        .toList()))
                .all().get();
        endpoint.answer(QueueModeIT::namesTheBadOnes);
        String uuid = enabled(queueOf("{\"ConsumptionMode\":\"Queue\",\"ConsumerGroupId\":\"" + topic + "\"}", "\"BatchSize\":10",
                "\"MaximumRetryAttempts\":3", "\"FunctionResponseTypes\":[\"ReportBatchItemFailures\"]",
                "\"DestinationConfig\":{\"OnFailure\":{\"Destination\":\"kafka://" + topic + "-dead\"}}",
                "\"ProvisionedPollerConfig\":{\"MinimumPollers\":2,\"MaximumPollers\":10}",
                "\"MetricsConfig\":{\"Metrics\":[\"EventCount\",\"ErrorCount\",\"KafkaMetrics\"]}"));
        List<String> values = IntStream.range(0, 40).mapToObj(i -> i % 10 == 0 ? "bad" : "good " + i).toList();
        kafka.produce(topic, values.toArray(String[]::new));

        await().atMost(PATIENCE).until(() -> !kafka.records(topic + "-dead", 0).isEmpty() && lag(topic) == 0);
        assertThat(endpoint.values()).containsAll(values);
        Map<Long, Long> given = endpoint.received().stream().collect(Collectors.groupingBy(HandlerEndpoint.Received::offset,
                Collectors.counting()));
        assertThat(given).hasSize(40);
        // A delivery may be spent on a lane that closes meanwhile; none is had beyond the limit.
        given.forEach((offset, times) -> assertThat(times).as("offset " + offset).isBetween(1L, 3L));
        assertThat(server.get(uuid).at("/SelfManagedKafkaEventSourceConfig/ConsumptionMode").asText()).isEqualTo("Queue");
    }

    private static String namesTheBadOnes(JsonNode event) {
        List<String> bad = new ArrayList<>();
        event.get("records").forEach(partition -> partition.forEach(record -> {
            if (new String(Base64.getDecoder().decode(record.get("value").asText()), UTF_8).equals("bad")) {
                bad.add("{\"itemIdentifier\":\"" + record.get("topic").asText() + "-" + record.get("partition").asInt() + "-"
                        + record.get("offset").asLong() + "\"}");
            }
        }));
        return "{\"batchItemFailures\":[" + String.join(",", bad) + "]}";
    }

    private String queue(String... members) {
        return queueOf("{\"ConsumptionMode\":\"Queue\"}", members);
    }

    private String queueOf(String config, String... members) {
        StringBuilder body = new StringBuilder("{\"FunctionName\":\"f\",\"Topics\":[\"" + topic
                + "\"],\"SelfManagedEventSource\":{\"Endpoints\":{\"KAFKA_BOOTSTRAP_SERVERS\":[\"" + kafka.bootstrapServers()
                + "\"]}},\"SelfManagedKafkaEventSourceConfig\":" + config + ",\"SourceAccessConfigurations\":[{\"Type\":"
                + "\"VPC_SUBNET\",\"URI\":\"subnet:subnet-local\"}]");
        for (String member : members) {
            body.append(',').append(member);
        }
        return server.uuid(server.send("POST", "/2015-03-31/event-source-mappings", body.append('}').toString()));
    }

    private String enabled(String uuid) {
        server.awaitState(uuid, "Enabled");
        return uuid;
    }

    /** Whether something of the group's partitions was acknowledged, and nothing is left. */
    private boolean isDone(String group) throws ExecutionException, InterruptedException {
        return kafka.admin().listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec())).partitionsToOffsetInfo(group).get()
                .values()
                .stream().allMatch(info -> info != null && info.lag().orElse(1L) == 0);
    }

    /** Nothing is known of a partition before something of it was acknowledged. */
    private long lag(String group) throws ExecutionException, InterruptedException {
        return kafka.admin().listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec())).partitionsToOffsetInfo(group).get()
                .values()
                .stream().mapToLong(info -> info == null ? 0 : info.lag().orElse(1L)).sum();
    }
}
