package dev.sluice.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.aws.AwsEndpoints;
import dev.sluice.dispatch.FailedBatch;
import dev.sluice.fixture.Mappings;
import dev.sluice.fixture.TestAccess;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestRecords;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

// aws/aws-cdk pull request 36164: kafka:// as the destination of a mapping.
class KafkaDestinationIT {

    private final TestKafka kafka = TestKafka.shared();
    private final Destinations destinations = destinations(kafka.bootstrapServers());

    @AfterEach
    void closeDestinations() {
        destinations.close();
    }

    // localstack/localstack#11262: records must not get lost on their way to the destination.
    @Test
    void getsEachFailedRecordOnceWithItsKeyAndItsEvent() throws Exception {
        String topic = createTopic(TestKafka.topicName("dlq"), 1);
        FailedBatch failed = FailedRecords.batch(Mappings.aMapping(), "kafka://" + topic, kafka.bootstrapServers(),
                new TestRecords("orders", 0).add(5, 1_000, "a", "first").add(6, 2_000, "b", null),
                new TestRecords("orders", 1).add(9, 3_000, null, "third"));

        send(destinations, failed);

        List<ConsumerRecord<byte[], byte[]>> stored = kafka.records(topic, 0);
        assertThat(stored).extracting(record -> record.key() == null ? null : new String(record.key())).containsExactly("a", "b", null);
        assertThat(stored).allSatisfy(record -> assertThat(record.headers()).isEmpty());
        List<JsonNode> documents = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : stored) {
            documents.add(new ObjectMapper().readTree(record.value()));
        }
        assertThat(documents).extracting(document -> document.at("/KafkaBatchInfo/recordInfo/offset").asText())
                .containsExactly("5", "6", "9");
        assertThat(documents.get(0).at("/payload/records/orders-0/0").toString()).isEqualTo("{\"topic\":\"orders\",\"partition\":0,"
                + "\"offset\":5,\"timestamp\":1000,\"timestampType\":\"CREATE_TIME\",\"key\":\"YQ==\",\"value\":\"Zmlyc3Q=\","
                + "\"headers\":[{\"trace\":[120]}]}");
        assertThat(documents.get(1).at("/payload/records/orders-0/0").has("value")).isFalse();
        assertThat(documents.get(0).at("/KafkaBatchInfo/bootstrapServers").asText()).isEqualTo(kafka.bootstrapServers());
    }

    @Test
    void keepsRecordsOfOneKeyInOnePartition() throws Exception {
        String topic = createTopic(TestKafka.topicName("dlq"), 8);
        TestRecords records = new TestRecords("orders", 0);
        for (int i = 0; i < 40; i++) {
            records.add(i, i, "customer-" + i % 4, "v");
        }

        send(destinations, FailedRecords.batch(Mappings.aMapping(), "kafka://" + topic, kafka.bootstrapServers(), records));

        List<String> keysByPartition = new ArrayList<>();
        for (int partition = 0; partition < 8; partition++) {
            kafka.records(topic, partition).stream().map(record -> new String(record.key())).distinct().forEach(keysByPartition::add);
        }
        assertThat(keysByPartition).containsExactlyInAnyOrder("customer-0", "customer-1", "customer-2", "customer-3");
        assertThat(kafka.endOffsets(topic).values().stream().mapToLong(Long::longValue).sum()).isEqualTo(40);
    }

    // The broker of these tests creates topics that it is asked about.
    @Test
    void refusesATopicThatDoesNotExistAndDoesNotCreateIt() throws Exception {
        String topic = TestKafka.topicName("missing-dlq");

        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> send(destinations, aRecordTo(topic))).isInstanceOf(DestinationFailedException.class)
                    .hasMessage("The on-failure destination kafka://" + topic + " did not take the records: the cluster at "
                            + kafka.bootstrapServers() + " has no topic " + topic + "; it must exist and is not created here");
        }
        assertThat(kafka.admin().listTopics().names().get(10, TimeUnit.SECONDS)).doesNotContain(topic);

        createTopic(topic, 1);
        send(destinations, aRecordTo(topic));
        assertThat(kafka.records(topic, 0)).hasSize(1);
    }

    @Test
    void refusesATopicThatWasDeletedAfterItTookRecords() throws Exception {
        String topic = createTopic(TestKafka.topicName("deleted-dlq"), 1);
        send(destinations, aRecordTo(topic));
        kafka.deleteTopic(topic);
        awaitKnown(topic, false);

        assertThatThrownBy(() -> send(destinations, aRecordTo(topic))).hasMessageContaining("has no topic " + topic);
        assertThat(kafka.admin().listTopics().names().get(10, TimeUnit.SECONDS)).doesNotContain(topic);
    }

    // The batch is tried again, and the others would be stored with each attempt.
    @Test
    void storesNothingOfABatchWithARecordThatIsOverTheTopicsLimit() throws Exception {
        String topic = createTopic(TestKafka.topicName("small-dlq"), 1, "max.message.bytes", "2000");
        FailedBatch failed = FailedRecords.batch(Mappings.aMapping(), "kafka://" + topic, kafka.bootstrapServers(),
                new TestRecords("orders", 0).add(1, 1, null, "small").add(2, 2, null, "x".repeat(5_000)));

        assertThatThrownBy(() -> send(destinations, failed)).isInstanceOf(DestinationFailedException.class)
                .hasMessageContaining("kafka://" + topic).hasMessageContaining("too large for topic " + topic)
                .hasMessageEndingWith("max.message.bytes is 2000").hasCauseInstanceOf(RecordTooLargeException.class);
        assertThat(kafka.records(topic, 0)).isEmpty();

        send(destinations, aRecordTo(topic));
        assertThat(kafka.records(topic, 0)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5_000, 40_000})
    void aRecordOfExactlyTheTopicsLimitIsStoredAndOneByteMoreIsNot(int valueLength) throws Exception {
        TestRecords records = new TestRecords("orders", 0).add(1, 1, "key", "x".repeat(valueLength));
        // Of one length, as the document names neither.
        String fits = TestKafka.topicName("limit-a");
        String tooSmall = TestKafka.topicName("limit-b");
        byte[] document = new InvocationRecord(batchTo(fits, records), kafka.bootstrapServers()).ofRecord(records, 0);
        long size = MessageSize.of("key".getBytes(), document);
        createTopic(fits, 1, "max.message.bytes", Long.toString(size));
        createTopic(tooSmall, 1, "max.message.bytes", Long.toString(size - 1));

        send(destinations, batchTo(fits, records));
        assertThat(kafka.records(fits, 0)).hasSize(1);
        assertThatThrownBy(() -> send(destinations, batchTo(tooSmall, records))).hasCauseInstanceOf(RecordTooLargeException.class);
        // The broker agrees.
        assertThatThrownBy(() -> kafka.produce(new ProducerRecord<>(tooSmall, "key".getBytes(), document)))
                .hasRootCauseInstanceOf(RecordTooLargeException.class);
    }

    // Then only the broker knows what is too large.
    @Test
    void saysThatTheBrokerRefusesARecordAndHowManyOthersItStored() throws Exception {
        String topic = createTopic(TestKafka.topicName("small-dlq"), 1, "max.message.bytes", "2000");
        Random random = new Random(1);
        String incompressible = random.ints(20_000, 'a', 'z').collect(StringBuilder::new, StringBuilder::appendCodePoint,
                StringBuilder::append).toString();
        TestRecords records = new TestRecords("orders", 0).add(1, 1, null, "small").add(2, 2, null, incompressible);
        try (Destinations compressing = new Destinations(TestAccess.to(kafka.bootstrapServers(),
                Map.of("compression.type", "gzip")), AwsEndpoints.OF_THE_SDK, UUID::randomUUID)) {
            assertThatThrownBy(() -> send(compressing, batchTo(topic, records))).isInstanceOf(DestinationFailedException.class)
                    .hasMessageContaining("too large for topic " + topic).hasMessageEndingWith("(1 of 2 records were stored)")
                    .hasCauseInstanceOf(RecordTooLargeException.class);

            send(compressing, aRecordTo(topic));
        }
        assertThat(kafka.records(topic, 0)).hasSize(2);
    }

    @Test
    void saysThatNoBrokerAnswersWithinABoundedTimeAndHoldsNoOtherClusterUp() throws Exception {
        String nobody = unusedAddress();
        String topic = createTopic(TestKafka.topicName("dlq"), 1);
        List<Future<Void>> stuck = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            stuck.add(destinations.send(FailedRecords.batch(Mappings.aMapping().selfManagedKafka(nobody), "kafka://dlq", nobody,
                    new TestRecords("orders", i).add(1, 1, null, "v"))).toCompletableFuture());
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).as("what the caller waits").isLessThan(Duration.ofSeconds(2));

        send(destinations, aRecordTo(topic));

        assertThat(stuck.get(9).isDone()).as("a batch for the cluster that doesn't answer").isFalse();
        assertThatThrownBy(() -> await(stuck.get(0))).hasMessageContaining("kafka://dlq").hasMessageContaining(nobody);
    }

    @Test
    void aServerThatClosesTellsEveryBatchThatStillWaits() throws Exception {
        String nobody = unusedAddress();
        List<Future<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            waiting.add(destinations.send(FailedRecords.batch(Mappings.aMapping().selfManagedKafka(nobody), "kafka://dlq", nobody,
                    new TestRecords("orders", i).add(1, 1, null, "v"))).toCompletableFuture());
        }

        long begin = System.nanoTime();
        destinations.close(Duration.ofMillis(200));

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(6));
        for (Future<Void> each : waiting) {
            assertThatThrownBy(() -> await(each)).hasMessageContaining("kafka://dlq").hasMessageContaining("closing");
        }
        assertThatThrownBy(() -> send(destinations, aRecordTo("any"))).hasMessageContaining("the server is closing");
    }

    // The password stands in the client properties, and a JAAS configuration that can't be read is refused by the client.
    @Test
    void namesNoSecretOfAClusterThatItCannotUse() {
        try (Destinations wrong = new Destinations(TestAccess.to(kafka.bootstrapServers(), Map.of("security.protocol",
                "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN", "sasl.jaas.config", "password=hunter2")),
                AwsEndpoints.OF_THE_SDK, UUID::randomUUID)) {
            assertThatThrownBy(() -> send(wrong, aRecordTo("dlq"))).isInstanceOf(DestinationFailedException.class)
                    .hasMessageContaining("kafka://dlq").hasMessageNotContaining("hunter2");
        }
    }

    private String createTopic(String name, int partitions, String... settings) {
        kafka.createTopic(name, partitions, settings);
        awaitKnown(name, true);
        return name;
    }

    /** The broker learns of a change of its controller a moment later. */
    private void awaitKnown(String topic, boolean known) {
        Awaitility.await().atMost(30, TimeUnit.SECONDS)
                .until(() -> kafka.admin().listTopics().names().get(10, TimeUnit.SECONDS).contains(topic) == known);
    }

    private FailedBatch aRecordTo(String topic) {
        return batchTo(topic, new TestRecords("orders", 0).add(1, 1, null, "v"));
    }

    private FailedBatch batchTo(String topic, TestRecords records) {
        return FailedRecords.batch(Mappings.aMapping(), "kafka://" + topic, kafka.bootstrapServers(), records);
    }

    private static Destinations destinations(String bootstrapServers) {
        return new Destinations(TestAccess.to(bootstrapServers, Map.of()), AwsEndpoints.OF_THE_SDK, UUID::randomUUID);
    }

    private static void send(Destinations to, FailedBatch failed) throws Exception {
        await(to.send(failed).toCompletableFuture());
    }

    private static void await(Future<Void> sent) throws Exception {
        try {
            sent.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    private static String unusedAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }
}
