package dev.sluice.server;

import static dev.sluice.fixture.DeliveryGuarantees.assertAtLeastOnce;
import static dev.sluice.fixture.DeliveryGuarantees.assertExactlyOnce;
import static dev.sluice.fixture.DeliveryGuarantees.assertInOrderPerPartition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.ChildBroker;
import dev.sluice.fixture.ChildServer;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds when servers, brokers and group members come and go. */
class RecoveryIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Well below Kafka's session timeout of 45 s, which a server would wait out if it came back as a new member. */
    private static final Duration NO_SESSION_TIMEOUT = Duration.ofSeconds(25);

    @TempDir
    private Path dir;
    private static TestKafka kafka;

    @BeforeAll
    static void start() {
        kafka = TestKafka.shared();
    }

    @Test
    void aLatestMappingRestartedBeforeItsFirstDeliveryLosesNothingProducedMeanwhile() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint(); TestServer server = server(Map.of())) {
            String topic = kafka.createTopic(TestKafka.topicName("restarted"), 2);
            kafka.produce(topic, "before");
            server.function("f", endpoint);
            String uuid = server.mapping(topic, "f", "LATEST");
            server.awaitState(uuid, "Enabled");
            server.stop();
            kafka.produce(topic, 0, List.of("meanwhile 0"));
            kafka.produce(topic, 1, List.of("meanwhile 1"));
            server.start();

            await().atMost(PATIENCE).until(() -> endpoint.values().size() >= 2);
            assertExactlyOnce(endpoint.received(), List.of("meanwhile 0", "meanwhile 1"));
            assertThat(server.state(uuid)).isEqualTo("Enabled");
        }
    }

    // floci#443, ministack#889: persisted mappings were not polled after a restart.
    @Test
    void afterKill9EverythingAcknowledgedIsThereAndDeliveryGoesOnAtOnce() throws Exception {
        try (HandlerEndpoint endpoint = new HandlerEndpoint()) {
            String topic = kafka.createTopic(TestKafka.topicName("killed"), 2);
            String uuid;
            try (ChildServer first = child()) {
                TestServer server = TestServer.at(first);
                server.function("f", endpoint);
                uuid = server.mapping(topic, "f", "TRIM_HORIZON");
                kafka.produce(topic, "before");
                await().atMost(PATIENCE).until(() -> endpoint.values().contains("before"));
                await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
                first.kill();
            }
            kafka.produce(topic, "after");
            try (ChildServer second = child()) {
                await().atMost(NO_SESSION_TIMEOUT).until(() -> endpoint.values().contains("after"));
                assertExactlyOnce(endpoint.received(), List.of("before", "after"));
                assertThat(TestServer.at(second).state(uuid)).isEqualTo("Enabled");
                assertThat(second.terminate()).isZero();
            }
            assertThat(kafka.groupMembers(uuid)).as("a server that ends leaves its groups").isEmpty();
        }
    }

    @Test
    void aServerKilledInTheMiddleOfABatchDeliversItAgain() throws Exception {
        try (HandlerEndpoint endpoint = new HandlerEndpoint()) {
            String topic = kafka.createTopic(TestKafka.topicName("interrupted"), 1);
            try (ChildServer first = child()) {
                TestServer server = TestServer.at(first);
                server.function("f", endpoint);
                server.mapping(topic, "f", "TRIM_HORIZON", "\"BatchSize\":1");
                kafka.produce(topic, "1");
                await().atMost(PATIENCE).until(() -> endpoint.values().contains("1"));
                endpoint.hold();
                kafka.produce(topic, "2", "3");
                await().atMost(PATIENCE).until(() -> endpoint.events().size() >= 2);
                first.kill();
            }
            endpoint.release();
            try (ChildServer second = child()) {
                assertThat(second.alive()).isTrue();
                await().atMost(PATIENCE).until(() -> endpoint.values().contains("3"));
            }
            assertAtLeastOnce(endpoint.received(), List.of("1", "2", "3"));
            assertInOrderPerPartition(endpoint.received());
        }
    }

    // pulumi/pulumi-aws#1251, #1290: "PROBLEM: Connection error…" must be seen, and name what can't be reached.
    @Test
    void brokersThatComeUpLaterNeedNoActionAndLatestMeansSinceTheCreation() throws Exception {
        try (ChildBroker broker = ChildBroker.onFreePort(dir.resolve("broker"));
                HandlerEndpoint endpoint = new HandlerEndpoint()) {
            broker.start();
            send(broker, "orders", List.of("old"));
            broker.stop();
            try (TestServer server = TestServer.start(dir.resolve("data"), broker.bootstrapServers(), Map.of("timeouts.broker", "500ms"))) {
                server.function("f", endpoint);
                String uuid = server.mapping("orders", "f", "LATEST");
                assertThat(server.state(uuid)).isEqualTo("Creating");
                server.awaitState(uuid, "Enabled");
                await().atMost(PATIENCE).until(() -> server.get(uuid).get("LastProcessingResult").asText(),
                        result -> result.startsWith("PROBLEM: Connection error.") && result.contains(broker.bootstrapServers()));
                broker.start();
                send(broker, "orders", List.of("new"));

                await().atMost(PATIENCE).until(() -> endpoint.values().contains("new"));
                assertThat(endpoint.values()).containsExactly("new");
                await().atMost(PATIENCE).until(() -> server.get(uuid).get("LastProcessingResult").asText(), "OK"::equals);
            }
        }
    }

    @Test
    void aBrokerRestartedUnderLoadLosesNothing() throws Exception {
        try (ChildBroker broker = ChildBroker.onFreePort(dir.resolve("broker"));
                HandlerEndpoint endpoint = new HandlerEndpoint()) {
            broker.start();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                admin.createTopics(List.of(new NewTopic("orders", 3, (short) 1))).all().get(30, TimeUnit.SECONDS);
            }
            try (TestServer server = TestServer.start(dir.resolve("data"), broker.bootstrapServers(), Map.of("timeouts.broker", "1s"));
                    KafkaProducer<String, String> producer = producer(broker.bootstrapServers())) {
                server.function("f", endpoint);
                server.mapping("orders", "f", "TRIM_HORIZON", "\"BatchSize\":20");
                Set<String> stored = ConcurrentHashMap.newKeySet();
                for (int i = 0; i < 3_000; i++) {
                    String value = "v" + i;
                    producer.send(new ProducerRecord<>("orders", i % 3, null, value), (metadata, failure) -> {
                        if (failure == null) {
                            stored.add(value);
                        }
                    });
                    if (i == 1_000) {
                        await().atMost(PATIENCE).until(() -> endpoint.values().size() > 100);
                        broker.kill();
                        broker.start();
                    }
                    if (i == 2_000) {
                        broker.stop();
                        broker.start();
                    }
                }
                producer.flush();
                assertThat(stored).hasSizeGreaterThan(2_500);

                await().atMost(PATIENCE).until(() -> Set.copyOf(endpoint.values()).containsAll(stored));
                assertInOrderPerPartition(endpoint.received());
                assertThat(endpoint.overlapped()).isFalse();
            }
        }
    }

    @Test
    void aForeignMemberThatJoinsAndLeavesTheGroupLosesAndReordersNothing() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint(); TestServer server = server(Map.of("timeouts.revoke", "2s"))) {
            String topic = kafka.createTopic(TestKafka.topicName("foreign"), 4);
            String group = TestKafka.topicName("group");
            server.function("f", endpoint);
            String uuid = server.mapping(topic, "f", "TRIM_HORIZON", "\"BatchSize\":7",
                    "\"AmazonManagedKafkaEventSourceConfig\":{\"ConsumerGroupId\":\"" + group + "\"}");
            List<String> values = new ArrayList<>(produce(topic, 4, "a"));
            await().atMost(PATIENCE).until(() -> endpoint.values().size() > 50);
            List<String> foreign = new ArrayList<>();
            try (KafkaConsumer<String, String> other = new KafkaConsumer<>(Map.of("bootstrap.servers", kafka.bootstrapServers(),
                    "group.id", group, "partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
                    "auto.offset.reset", "earliest", "enable.auto.commit", "false"), new StringDeserializer(), new StringDeserializer())) {
                other.subscribe(List.of(topic));
                await().atMost(PATIENCE).until(() -> {
                    other.poll(Duration.ofMillis(50)).forEach(record -> foreign.add(record.value()));
                    return other.assignment().size() == 2;
                });
                values.addAll(produce(topic, 4, "b"));
                await().atMost(PATIENCE).until(() -> {
                    other.poll(Duration.ofMillis(50)).forEach(record -> foreign.add(record.value()));
                    return foreign.stream().filter(value -> value.startsWith("b")).count() >= 100;
                });
                other.commitSync();
            }
            values.addAll(produce(topic, 4, "c"));

            await().atMost(PATIENCE).until(() -> {
                List<String> seen = new ArrayList<>(endpoint.values());
                seen.addAll(foreign);
                return Set.copyOf(seen).containsAll(values);
            });
            assertInOrderPerPartition(endpoint.received());
            assertThat(endpoint.overlapped()).isFalse();
            await().atMost(PATIENCE).until(() -> kafka.lag(group, topic) == 0);
            assertThat(server.state(uuid)).isEqualTo("Enabled");
        }
    }

    @Test
    void offsetsThatRetentionRemovedStartAgainAtTheEarliestRecordLeft() throws Exception {
        try (HandlerEndpoint endpoint = new HandlerEndpoint(); TestServer server = server(Map.of())) {
            String topic = kafka.createTopic(TestKafka.topicName("expired"), 1);
            server.function("f", endpoint);
            String uuid = server.mapping(topic, "f", "TRIM_HORIZON");
            kafka.produce(topic, "1", "2", "3");
            await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
            server.update(uuid, "{\"Enabled\":false}");
            server.awaitState(uuid, "Disabled");
            kafka.produce(topic, "lost to retention", "left");
            TopicPartition partition = new TopicPartition(topic, 0);
            kafka.admin().deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(4)))
                    .all().get(30, TimeUnit.SECONDS);
            server.update(uuid, "{\"Enabled\":true}");

            await().atMost(PATIENCE).until(() -> endpoint.values().contains("left"));
            assertExactlyOnce(endpoint.received(), List.of("1", "2", "3", "left"));
        }
    }

    private TestServer server(Map<String, String> settings) {
        return TestServer.start(dir.resolve("data"), kafka.bootstrapServers(), settings);
    }

    private ChildServer child() throws IOException {
        return new ChildServer(dir.resolve("data"), "--kafka", kafka.bootstrapServers());
    }

    private static List<String> produce(String topic, int partitions, String prefix) {
        List<String> all = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                values.add(prefix + "-" + p + "-" + i);
            }
            kafka.produce(topic, p, values);
            all.addAll(values);
        }
        return all;
    }

    private static void send(ChildBroker broker, String topic, List<String> values) {
        try (KafkaProducer<String, String> producer = producer(broker.bootstrapServers())) {
            values.forEach(value -> producer.send(new ProducerRecord<>(topic, 0, null, value)));
            producer.flush();
        }
    }

    private static KafkaProducer<String, String> producer(String bootstrapServers) {
        return new KafkaProducer<>(Map.of("bootstrap.servers", bootstrapServers, "delivery.timeout.ms", 60_000,
                "request.timeout.ms", 5_000, "linger.ms", 0), new StringSerializer(), new StringSerializer());
    }
}
