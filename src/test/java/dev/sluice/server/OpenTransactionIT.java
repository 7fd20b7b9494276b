package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is seen of a mapping that waits behind an open transaction. spring-kafka#1587, librdkafka#3917, keda#5675, Burrow#651. */
class OpenTransactionIT {

    @TempDir
    private Path directory;
    private final TestKafka kafka = TestKafka.shared();

    @Test
    void recordsBehindAnOpenTransactionAreLagAndItIsSaidThatTheyWait() throws IOException {
        try (HandlerEndpoint endpoint = new HandlerEndpoint(); KafkaProducer<byte[], byte[]> producer = producer();
                TestServer server = TestServer.start(directory, kafka.bootstrapServers(), Map.of())) {
            String topic = kafka.createTopic(TestKafka.topicName("open"), 1);
            server.function("orders", endpoint);
            String uuid = server.mapping(topic, "orders", "TRIM_HORIZON");
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, topic, "committed");
            producer.commitTransaction();
            await().atMost(TestServer.PATIENCE).until(() -> kafka.committed(uuid).values().contains(2L));
            assertThat(partition(server, uuid).toString()).as("a marker is no lag")
                    .contains("\"end\":2,\"openTransaction\":null,\"committed\":2,\"lag\":0");

            producer.beginTransaction();
            send(producer, topic, "open 1");
            send(producer, topic, "open 2");
            kafka.produce(topic, "plain");

            assertThat(partition(server, uuid).toString()).contains("\"end\":5,\"openTransaction\":2,\"committed\":2,\"lag\":3");
            JsonNode list = new ObjectMapper().readTree(server.send("GET", "/_sluice/mappings", null).body()).get("mappings");
            assertThat(list).filteredOn(mapping -> mapping.get("UUID").asText().equals(uuid)).singleElement()
                    .satisfies(mapping -> assertThat(mapping.get("lag").asInt()).isEqualTo(3));
            assertThat(endpoint.values()).containsExactly("committed");

            producer.abortTransaction();
            await().atMost(TestServer.PATIENCE).until(() -> endpoint.values().contains("plain"));
            await().atMost(TestServer.PATIENCE).until(() -> partition(server, uuid).get("lag").asInt() == 0);
            assertThat(partition(server, uuid).get("openTransaction").isNull()).isTrue();
        }
    }

    private static JsonNode partition(TestServer server, String uuid) {
        return server.detail(uuid).at("/detail/partitions/0");
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, String value) {
        producer.send(new ProducerRecord<>(topic, value.getBytes(StandardCharsets.UTF_8)));
        producer.flush();
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", TestKafka.topicName("tx")),
                new ByteArraySerializer(), new ByteArraySerializer());
    }
}
