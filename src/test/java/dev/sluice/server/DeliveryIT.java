package dev.sluice.server;

import static dev.sluice.fixture.DeliveryGuarantees.assertExactlyOnce;
import static dev.sluice.fixture.DeliveryGuarantees.assertInOrderPerPartition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a topic to a function and back to the group's commits: what holds when nothing goes wrong, and when the function does. */
class DeliveryIT {

    private static final Duration PATIENCE = TestServer.PATIENCE;

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
    void whatIsThereBeforeTheMappingArrivesWithTrimHorizonAndNotWithLatest() {
        try (HandlerEndpoint all = new HandlerEndpoint(); HandlerEndpoint late = new HandlerEndpoint()) {
            String topic = topic("positions", 2);
            kafka.produce(topic, 0, List.of("a", "b"));
            kafka.produce(topic, 1, List.of("c"));
            String first = mapping(topic, all, "TRIM_HORIZON");
            String second = mapping(topic, late, "LATEST");
            server.awaitState(first, "Enabled").awaitState(second, "Enabled");
            kafka.produce(topic, 1, List.of("d"));

            await().atMost(PATIENCE).until(() -> all.values().size() >= 4 && late.values().size() >= 1);
            assertExactlyOnce(all.received(), List.of("a", "b", "c", "d"));
            assertExactlyOnce(late.received(), List.of("d"));
            awaitNoLag(first, topic);
            awaitNoLag(second, topic);
        }
    }

    // localstack#10103: two functions on one topic, only one got the events.
    @Test
    void twoMappingsOnOneTopicBothGetEveryRecord() {
        try (HandlerEndpoint one = new HandlerEndpoint(); HandlerEndpoint two = new HandlerEndpoint()) {
            String topic = topic("shared", 3);
            String first = mapping(topic, one, "TRIM_HORIZON");
            String second = mapping(topic, two, "TRIM_HORIZON");
            List<String> values = produce(topic, 3, 300);

            await().atMost(PATIENCE).until(() -> one.values().size() >= 300 && two.values().size() >= 300);
            for (HandlerEndpoint endpoint : List.of(one, two)) {
                assertExactlyOnce(endpoint.received(), values);
                assertInOrderPerPartition(endpoint.received());
                assertThat(endpoint.overlapped()).isFalse();
            }
            awaitNoLag(first, topic);
            awaitNoLag(second, topic);
        }
    }

    // localstack#10752: the function's second topic never triggered it.
    @Test
    void twoMappingsOfDifferentTopicsFeedOneFunctionTheSecondOneToo() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint()) {
            String function = function(endpoint);
            String first = topic("first", 1);
            String second = topic("second", 1);
            server.mapping(first, function, "TRIM_HORIZON");
            kafka.produce(first, "1");
            await().atMost(PATIENCE).until(() -> endpoint.values().contains("1"));
            server.mapping(second, function, "TRIM_HORIZON");
            kafka.produce(second, "2");

            await().atMost(PATIENCE).until(() -> endpoint.values().contains("2"));
            assertThat(endpoint.received()).extracting(HandlerEndpoint.Received::topic).containsExactly(first, second);
        }
    }

    @Test
    void aMappingThatFailsHoldsNoOtherUp() {
        try (HandlerEndpoint broken = new HandlerEndpoint(); HandlerEndpoint healthy = new HandlerEndpoint()) {
            String topic = topic("isolated", 1);
            broken.failAlways(true);
            String failing = mapping(topic, broken, "TRIM_HORIZON");
            String working = mapping(topic, healthy, "TRIM_HORIZON");
            List<String> values = produce(topic, 1, 50);

            await().atMost(PATIENCE).until(() -> healthy.values().size() >= 50);
            assertExactlyOnce(healthy.received(), values);
            awaitNoLag(working, topic);
            await().atMost(PATIENCE).until(() -> server.get(failing).get("LastProcessingResult").asText(),
                    "PROBLEM: Function call failed"::equals);
            assertThat(server.state(failing)).isEqualTo("Enabled");
            assertThat(kafka.lag(failing, topic)).isEqualTo(50);

            broken.failAlways(false);
            await().atMost(PATIENCE).until(() -> broken.values().size() >= 50);
            assertExactlyOnce(broken.received(), values);
            await().atMost(PATIENCE).until(() -> server.get(failing).get("LastProcessingResult").asText(), "OK"::equals);
        }
    }

    @Test
    void aFailedBatchComesAgainWholeBeforeAnythingLaterOfItsPartition() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint()) {
            String topic = topic("retried", 1);
            List<String> values = produce(topic, 1, 30);
            endpoint.failNext(3);
            String uuid = mapping(topic, endpoint, "TRIM_HORIZON", "\"BatchSize\":10");

            await().atMost(PATIENCE).until(() -> endpoint.values().size() >= 30);
            assertThat(endpoint.values()).containsExactlyElementsOf(values);
            List<JsonNode> events = endpoint.events();
            assertThat(events).hasSize(6);
            assertThat(events.get(1)).isEqualTo(events.get(0));
            assertThat(events.get(3)).isEqualTo(events.get(0));
            awaitNoLag(uuid, topic);
        }
    }

    @Test
    void aTopicThatAppearsAfterItsMappingIsReadFromItsFirstRecord() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint()) {
            String topic = TestKafka.topicName("late");
            String uuid = mapping(topic, endpoint, "LATEST");
            server.awaitState(uuid, "Enabled");
            await().atMost(PATIENCE).until(() -> server.get(uuid).get("LastProcessingResult").asText(),
                    text -> text.startsWith("PROBLEM: ") && text.contains(topic));
            kafka.createTopic(topic, 2);
            kafka.produce(topic, 0, List.of("first"));
            kafka.produce(topic, 1, List.of("second"));

            await().atMost(PATIENCE).until(() -> endpoint.values().size() >= 2);
            assertExactlyOnce(endpoint.received(), List.of("first", "second"));
            await().atMost(PATIENCE).until(() -> server.get(uuid).get("LastProcessingResult").asText(), "OK"::equals);
        }
    }

    @Test
    void aPartitionAddedLaterIsReadFromItsFirstRecord() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint()) {
            String topic = topic("growing", 1);
            String uuid = mapping(topic, endpoint, "LATEST");
            server.awaitState(uuid, "Enabled");
            kafka.increasePartitions(topic, 2);
            kafka.produce(topic, 1, List.of("in the new one"));

            await().atMost(PATIENCE).until(() -> endpoint.values().contains("in the new one"));
        }
    }

    @Test
    void transactionalTopicsEndWithoutLagAndWithoutAbortedRecords() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint();
                KafkaProducer<String, String> producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers(),
                        "transactional.id", TestKafka.topicName("tx")), new StringSerializer(), new StringSerializer())) {
            String topic = topic("transactional", 1);
            producer.initTransactions();
            for (int i = 0; i < 6; i++) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(topic, 0, null, "tx-" + i));
                if (i % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.flush();
                    producer.abortTransaction();
                }
            }
            String uuid = mapping(topic, endpoint, "TRIM_HORIZON");

            awaitNoLag(uuid, topic);
            assertThat(endpoint.values()).containsExactly("tx-0", "tx-2", "tx-4");
        }
    }

    @Test
    void compactedTopicsEndWithoutLag() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint()) {
            String topic = kafka.createTopic(TestKafka.topicName("compacted"), 1, "cleanup.policy", "compact",
                    "min.cleanable.dirty.ratio", "0.01", "segment.ms", "100", "max.compaction.lag.ms", "100",
                    "min.compaction.lag.ms", "0", "delete.retention.ms", "0");
            for (int i = 0; i < 40; i++) {
                kafka.produce(topic, 0, "key-" + i % 2, "value-" + i);
            }
            kafka.produce(topic, 0, "last", "end");
            String uuid = mapping(topic, endpoint, "TRIM_HORIZON");

            awaitNoLag(uuid, topic);
            assertThat(endpoint.values()).contains("value-38", "value-39", "end");
            assertInOrderPerPartition(endpoint.received());
        }
    }

    @Test
    void disabledStopsDeliveryAndEnabledGoesOnWhereItStopped() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint()) {
            String topic = topic("paused", 1);
            String uuid = mapping(topic, endpoint, "TRIM_HORIZON");
            List<String> values = new ArrayList<>(produce(topic, 1, 20));
            await().atMost(PATIENCE).until(() -> endpoint.values().size() >= 20);
            assertThat(server.update(uuid, "{\"Enabled\":false}").body()).contains("\"State\":\"Disabling\"");
            server.awaitState(uuid, "Disabled");
            assertThat(kafka.groupMembers(uuid)).isEmpty();
            assertThat(kafka.lag(uuid, topic)).isZero();
            kafka.produce(topic, "while disabled");
            values.add("while disabled");
            assertThat(server.update(uuid, "{\"Enabled\":true}").body()).contains("\"State\":\"Enabling\"");
            server.awaitState(uuid, "Enabled");

            await().atMost(PATIENCE).until(() -> endpoint.values().contains("while disabled"));
            assertExactlyOnce(endpoint.received(), values);
        }
    }

    @Test
    void aDeletedMappingIsGoneAndItsDeliveryEnds() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint()) {
            String topic = topic("deleted", 1);
            String uuid = mapping(topic, endpoint, "TRIM_HORIZON");
            server.awaitState(uuid, "Enabled");
            assertThat(server.delete(uuid).body()).contains("\"State\":\"Deleting\"");

            await().atMost(PATIENCE).until(() -> server.send("GET", "/2015-03-31/event-source-mappings/" + uuid, null).statusCode() == 404);
            assertThat(kafka.groupMembers(uuid)).isEmpty();
        }
    }

    @Test
    void anInvocationThatOutlastsTheStopKeepsItsPartitionToItself() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint();
                TestServer hasty = TestServer.start(dataDir.resolve("hasty"), kafka.bootstrapServers(), Map.of("timeouts.stop", "200ms"))) {
            String topic = topic("outlasting", 1);
            hasty.function("slow", endpoint);
            endpoint.hold();
            String uuid = hasty.mapping(topic, "slow", "TRIM_HORIZON", "\"BatchSize\":1");
            kafka.produce(topic, "held", "next");
            await().atMost(PATIENCE).until(() -> endpoint.events().size() == 1);
            hasty.update(uuid, "{\"Enabled\":false}");
            hasty.awaitState(uuid, "Disabled");
            hasty.update(uuid, "{\"Enabled\":true}");
            hasty.awaitState(uuid, "Enabled");
            assertThat(endpoint.events()).as("the partition waits for the call that still runs").hasSize(1);
            endpoint.release();

            await().atMost(PATIENCE).until(() -> endpoint.values().contains("next"));
            assertThat(endpoint.overlapped()).isFalse();
            assertThat(endpoint.values()).as("what the old call delivered is not delivered again").containsExactly("held", "next");
            await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
        }
    }

    @Test
    void aFunctionThatIsDeletedDisablesTheMappingWithItsCode() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint()) {
            String topic = topic("orphaned", 1);
            String function = function(endpoint);
            String uuid = server.mapping(topic, function, "TRIM_HORIZON");
            server.awaitState(uuid, "Enabled");
            assertThat(server.send("DELETE", "/_sluice/functions/" + function, null).statusCode()).isEqualTo(204);
            assertThat(server.state(uuid)).as("found out when a batch is to be delivered, not before").isEqualTo("Enabled");
            kafka.produce(topic, "nobody takes it");
            server.awaitState(uuid, "Disabled");
            assertThat(server.get(uuid).get("StateTransitionReason").asText()).isEqualTo("FUNCTION_CONFIG_NOT_VALID");

            server.function(function, endpoint);
            server.update(uuid, "{\"Enabled\":true}");
            await().atMost(PATIENCE).until(() -> endpoint.values().contains("nobody takes it"));
            await().atMost(PATIENCE).until(() -> server.get(uuid).get("LastProcessingResult").asText(), "OK"::equals);
        }
    }

    @Test
    void aRunOfPartitionsIsDeliveredConcurrentlyEachInOrder() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint()) {
            String topic = topic("concurrent", 4);
            List<String> values = produce(topic, 4, 400);
            endpoint.hold();
            String uuid = mapping(topic, endpoint, "TRIM_HORIZON", "\"BatchSize\":10");
            await().atMost(PATIENCE).until(() -> endpoint.events().size() == 4);
            assertThat(server.detail(uuid).at("/detail/partitions"))
                    .allSatisfy(partition -> assertThat(partition.get("inFlight").asInt()).isEqualTo(10));
            endpoint.release();

            await().atMost(PATIENCE).until(() -> endpoint.values().size() >= 400);
            assertExactlyOnce(endpoint.received(), values);
            assertInOrderPerPartition(endpoint.received());
            assertThat(endpoint.overlapped()).isFalse();
        }
    }

    @Test
    void aBatchClosesBeforeSixMegabytesAndAnOversizedRecordIsSkipped() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint()) {
            String topic = kafka.createTopic(TestKafka.topicName("large"), 1, "max.message.bytes", "16000000");
            String megabyte = "x".repeat(1_000_000);
            for (int i = 0; i < 6; i++) {
                kafka.produce(topic, i + megabyte);
            }
            kafka.produce(topic, "x".repeat(5_000_000));
            kafka.produce(topic, "after the oversized one");
            String uuid = mapping(topic, endpoint, "TRIM_HORIZON");

            await().atMost(PATIENCE).until(() -> endpoint.values().size() >= 7);
            assertThat(endpoint.values()).hasSize(7).last().isEqualTo("after the oversized one");
            assertThat(endpoint.events()).allSatisfy(
                    event -> assertThat(event.toString().getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(6_291_456));
            assertThat(endpoint.events().get(0).get("records").get(topic + "-0")).hasSize(4);
            awaitNoLag(uuid, topic);
        }
    }

    @Test
    void theEventIsWhatAwsSends() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint()) {
            String topic = topic("event", 1);
            kafka.produce(new ProducerRecord<>(topic, 0, 1545084650987L, "key".getBytes(StandardCharsets.UTF_8), null,
                    List.of(new RecordHeader("h", new byte[] {-1, 2}))));
            mapping(topic, endpoint, "TRIM_HORIZON");

            await().atMost(PATIENCE).until(() -> endpoint.events().size() == 1);
            assertThat(endpoint.events().get(0)).hasToString("{\"eventSource\":\"aws:kafka\",\"eventSourceArn\":\"" + TestServer.CLUSTER
                    + "\",\"bootstrapServers\":\"" + kafka.bootstrapServers() + "\",\"records\":{\"" + topic + "-0\":[{\"topic\":\"" + topic
                    + "\",\"partition\":0,\"offset\":0,\"timestamp\":1545084650987,\"timestampType\":\"CREATE_TIME\",\"key\":\"a2V5\","
                    + "\"headers\":[{\"h\":[-1,2]}]}]}}");
        }
    }

    private static String topic(String name, int partitions) {
        return kafka.createTopic(TestKafka.topicName(name), partitions);
    }

    private static String function(HandlerEndpoint endpoint) {
        String name = TestKafka.topicName("function");
        server.function(name, endpoint);
        return name;
    }

    private static String mapping(String topic, HandlerEndpoint endpoint, String position, String... members) {
        return server.mapping(topic, function(endpoint), position, members);
    }

    private static List<String> produce(String topic, int partitions, int count) {
        List<String> values = IntStream.range(0, count).mapToObj(i -> topic + "/" + i).toList();
        for (int p = 0; p < partitions; p++) {
            int partition = p;
            kafka.produce(topic, p, values.stream().filter(value -> Math.floorMod(value.hashCode(), partitions) == partition).toList());
        }
        return values;
    }

    private static void awaitNoLag(String group, String topic) {
        await().atMost(PATIENCE).until(() -> kafka.lag(group, topic) == 0);
    }
}
