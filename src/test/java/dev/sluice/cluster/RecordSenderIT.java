package dev.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cluster.RecordNotSentException.Reason;
import dev.sluice.fixture.FreePort;
import dev.sluice.fixture.TestKafka;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RecordSenderIT {
    private final TestKafka kafka = TestKafka.shared();

    @Test
    void storesKeyValueAndHeadersInThePartitionAsked() throws Exception {
        String topic = kafka.createTopic(TestKafka.topicName("sent"), 3);
        try (RecordSender sender = sender()) {
            RecordPosition position = sender.send(topic, 2, bytes("k"), bytes("v"),
                    List.of(new OutgoingRecord.Header("h", bytes("1")), new OutgoingRecord.Header("empty", null)));

            assertThat(position).returns(2, RecordPosition::partition).returns(0L, RecordPosition::offset);
            ConsumerRecord<String, String> stored = first(topic, 2);
            assertThat(stored.key()).isEqualTo("k");
            assertThat(stored.value()).isEqualTo("v");
            assertThat(stored.timestamp()).isEqualTo(position.timestamp());
            assertThat(stored.headers().lastHeader("h").value()).isEqualTo(bytes("1"));
            assertThat(stored.headers().lastHeader("empty").value()).isNull();
        }
    }

    @Test
    void storesTombstonesAndCreatesTheTopic() throws Exception {
        String topic = TestKafka.topicName("created");
        try (RecordSender sender = sender()) {
            assertThat(sender.send(topic, null, null, null, List.of()).offset()).isZero();
            assertThat(first(topic, 0).value()).isNull();
        }
    }

    @Test
    void sendsManyInOrder() throws Exception {
        String topic = kafka.createTopic(TestKafka.topicName("many"), 1);
        List<OutgoingRecord> records = IntStream.range(0, 1000)
                .mapToObj(i -> new OutgoingRecord(null, null, bytes("v" + i), null, List.of())).toList();
        try (RecordSender sender = sender()) {
            assertThat(sender.sendAll(topic, records)).extracting(RecordPosition::offset)
                    .containsExactlyElementsOf(IntStream.range(0, 1000).mapToObj(i -> (long) i).toList());
        }
    }

    @Test
    void refusesAPartitionThatDoesNotExistAtOnce() {
        String topic = kafka.createTopic(TestKafka.topicName("two"), 2);
        try (RecordSender sender = sender()) {
            assertNotSent(Reason.UNKNOWN_PARTITION, "Topic " + topic + " has no partition 2; it has 2, 0 to 1",
                    () -> sender.send(topic, 2, null, bytes("v"), List.of()));
        }
    }

    @Test
    void makesNoTopicForAPartitionThatItWouldNotHave() throws Exception {
        String topic = TestKafka.topicName("none");
        try (RecordSender sender = sender()) {
            assertNotSent(Reason.UNKNOWN_PARTITION, "Topic " + topic + " does not exist, so it has no partition 7",
                    () -> sender.send(topic, 7, null, bytes("v"), List.of()));
            assertThat(
                    new BrokerProbe(new Listeners())
                            .probe(new Brokers(kafka.bootstrapServers(), Map.of()), List.of(topic), Duration.ofSeconds(5)).kind())
                    .isEqualTo(ProbeResult.Kind.TOPIC_MISSING);
        }
    }

    @Test
    void refusesARecordThatIsTooLargeAndGoesOn() throws Exception {
        String topic = kafka.createTopic(TestKafka.topicName("large"), 1);
        try (RecordSender sender = sender()) {
            assertNotSent(Reason.RECORD_TOO_LARGE, "too large", () -> sender.send(topic, null, null, new byte[12_000_000], List.of()));
            assertNotSent(Reason.RECORD_TOO_LARGE, "too large", () -> sender.send(topic, null, null, new byte[70_000_000], List.of()));
            assertThat(sender.send(topic, null, null, bytes("small"), List.of()).offset()).isZero();
        }
    }

    @Test
    void refusesANameThatIsNoTopic() {
        try (RecordSender sender = sender()) {
            assertNotSent(Reason.INVALID_TOPIC, "no good", () -> sender.send("no good", null, null, bytes("v"), List.of()));
        }
    }

    @Test
    void namesTheBrokerThatDoesNotAnswer() throws Exception {
        int closed = FreePort.one();
        for (String address : List.of("localhost:" + closed, "no-such-host.invalid:9092")) {
            try (RecordSender sender = new RecordSender(new Brokers(address, Map.of()), Duration.ofSeconds(1))) {
                assertNotSent(Reason.BROKER_UNREACHABLE, address, () -> sender.send("t", null, null, bytes("v"), List.of()));
            }
        }
    }

    @Test
    void refusesToSendOnceClosed() {
        RecordSender sender = sender();
        sender.close();

        assertThatThrownBy(() -> sender.send("t", null, null, null, List.of())).isInstanceOf(IllegalStateException.class);
    }

    private RecordSender sender() {
        return new RecordSender(new Brokers(kafka.bootstrapServers(), Map.of()), Duration.ofSeconds(20));
    }

    private static void assertNotSent(Reason reason, String message, ThrowingCallable sending) {
        assertThatThrownBy(sending).isInstanceOfSatisfying(RecordNotSentException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(message);
    }

    private ConsumerRecord<String, String> first(String topic, int partition) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringDeserializer(), new StringDeserializer())) {
            TopicPartition wanted = new TopicPartition(topic, partition);
            consumer.assign(List.of(wanted));
            consumer.seekToBeginning(List.of(wanted));
            return consumer.poll(Duration.ofSeconds(20)).records(wanted).get(0);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
