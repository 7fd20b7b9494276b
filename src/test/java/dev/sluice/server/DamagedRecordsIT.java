package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cli.FoundCause;
import dev.sluice.embedded.EmbeddedKafka;
import dev.sluice.embedded.EmbeddedKafkaConfiguration;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mapping delivers where bytes on a broker's disk are damaged: all that is intact, and nothing is skipped. */
class DamagedRecordsIT {

    private static final int LENGTH_AT = 8;
    private static final int VERSION_AT = 16;
    private static final int RECORDS_AT = 61;

    @TempDir
    private Path directory;

    /** In the records, in the length of the batch (below zero), in its format's version. */
    @ParameterizedTest
    @ValueSource(ints = {RECORDS_AT, LENGTH_AT, VERSION_AT})
    void everythingIntactIsDeliveredAndTheMappingSaysWhereItStandsAndHowToGoOn(int at) throws Exception {
        EmbeddedKafka broker = EmbeddedKafka.open(EmbeddedKafkaConfiguration.onLocalhost(directory.resolve("kafka"), 0));
        broker.start().get(60, TimeUnit.SECONDS);
        try (TestKafka kafka = TestKafka.at(broker.bootstrapServers()); HandlerEndpoint endpoint = new HandlerEndpoint();
                TestServer server = TestServer.start(directory.resolve("data"), broker.bootstrapServers(), Map.of())) {
            String topic = kafka.createTopic(TestKafka.topicName("damaged"), 2);
            for (int i = 0; i < 30; i++) {
                kafka.produce(topic, 0, List.of("zero " + i));
            }
            damage(segment(topic + "-0"), 20, at);
            kafka.produce(topic, 1, List.of("one 0"));
            server.function("f", endpoint);
            // With AWS's window: a batch that isn't full waits, and a consumer that is made anew again and again never sees its end.
            String uuid = server.uuid(server.send("POST", "/2015-03-31/event-source-mappings", "{\"EventSourceArn\":\"" + TestServer.CLUSTER
                    + "\",\"Topics\":[\"" + topic + "\"],\"FunctionName\":\"f\",\"StartingPosition\":\"TRIM_HORIZON\"}"));

            server.awaitResult(uuid, "PROBLEM: " + topic + "-0 can't be read from offset 20 on");
            await().atMost(TestServer.PATIENCE).until(() -> endpoint.values().size() == 21);
            assertThat(endpoint.values()).containsExactlyInAnyOrderElementsOf(values(0, 20, "one 0"));
            kafka.produce(topic, 1, List.of("one 1"));
            await().atMost(TestServer.PATIENCE).until(() -> endpoint.values().contains("one 1"));
            await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(10))
                    .until(() -> server.result(uuid).startsWith("PROBLEM: " + topic + "-0 can't be read"));
            assertThat(server.detail(uuid).at("/detail/lastError").asText()).contains("--reset-offsets", "group " + uuid);
            FoundCause cause = new FoundCause(server);
            assertThat(cause.run(cause.await(uuid, "unreadable-record")).out()).contains("--reset-offsets");
            assertThat(kafka.committed(uuid)).containsEntry(new TopicPartition(topic, 0), 20L);

            if (at != RECORDS_AT) {
                return; // where a batch ends is no longer known, so that no offset behind it can be found
            }
            // The way that the mapping names.
            server.update(uuid, "{\"Enabled\":false}");
            server.awaitState(uuid, "Disabled");
            kafka.admin().alterConsumerGroupOffsets(uuid, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(21))).all()
                    .get(30, TimeUnit.SECONDS);
            server.update(uuid, "{\"Enabled\":true}");
            await().atMost(TestServer.PATIENCE).until(() -> endpoint.values().contains("zero 29"));
            server.awaitResult(uuid, "OK");
            assertThat(endpoint.values()).containsAll(values(21, 30)).doesNotContain("zero 20");
        } finally {
            broker.close();
        }
    }

    private static List<String> values(int from, int to, String... more) {
        List<String> values = new ArrayList<>(List.of(more));
        IntStream.range(from, to).forEach(i -> values.add("zero " + i));
        return values;
    }

    private Path segment(String partition) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("kafka"))) {
            return files.filter(file -> file.getParent().getFileName().toString().equals(partition) && file.toString().endsWith(".log"))
                    .findFirst().orElseThrow();
        }
    }

    /** Changes a byte of the batch that begins with this offset. */
    private static void damage(Path segment, long offset, int at) throws IOException {
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer header = ByteBuffer.allocate(LENGTH_AT + Integer.BYTES);
            for (long position = 0;; position += header.capacity() + header.getInt(LENGTH_AT)) {
                header.clear();
                file.read(header, position);
                if (header.getLong(0) == offset) {
                    ByteBuffer one = ByteBuffer.allocate(1);
                    file.read(one, position + at);
                    file.write(ByteBuffer.wrap(new byte[] {(byte) ~one.get(0)}), position + at);
                    return;
                }
            }
        }
    }
}
