package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a real record is in the event, whatever the record lacks. */
class EventShapeIT {

    private static final Duration PATIENCE = TestServer.PATIENCE;

    @TempDir
    private Path dataDir;
    private TestKafka kafka;
    private TestServer server;
    private HandlerEndpoint endpoint;

    @BeforeEach
    void start() {
        kafka = TestKafka.shared();
        server = TestServer.start(dataDir, kafka.bootstrapServers(), Map.of());
        endpoint = new HandlerEndpoint();
        server.function("f", endpoint);
    }

    @AfterEach
    void stop() {
        server.close();
        endpoint.close();
    }

    // localstack#7193: the record's key was missing from the event. powertools-lambda-typescript#4988, #5016: tombstones.
    @Test
    void keysAndValuesArriveWhereThereAreAny() {
        String topic = kafka.createTopic(TestKafka.topicName("keys"), 1);
        kafka.produce(new ProducerRecord<>(topic, 0, bytes("k"), bytes("v")));
        kafka.produce(new ProducerRecord<>(topic, 0, bytes("k"), null));
        kafka.produce(new ProducerRecord<>(topic, 0, null, bytes("v")));
        kafka.produce(new ProducerRecord<>(topic, 0, null, null));
        server.mapping(topic, "f", "TRIM_HORIZON");
        List<JsonNode> records = records(topic, 0, 4);

        assertThat(records.get(0).get("key").asText()).isEqualTo("aw==");
        assertThat(records.get(0).get("value").asText()).isEqualTo("dg==");
        assertThat(records.get(1).get("key").asText()).isEqualTo("aw==");
        assertThat(records.get(1).has("value")).isFalse();
        assertThat(records.get(2).has("key")).isFalse();
        assertThat(records.get(3).has("key") || records.get(3).has("value")).isFalse();
        assertThat(records).allSatisfy(record -> assertThat(record.get("headers").isArray()).isTrue());
    }

    // localstack#4606: the structure of the event was not AWS's; others gave every record partition 0 and the time of its delivery.
    @Test
    void eachRecordHasItsOwnPartitionOffsetTimeAndHeaders() {
        String topic = kafka.createTopic(TestKafka.topicName("shape"), 3);
        kafka.produce(new ProducerRecord<>(topic, 2, 1545084650987L, null, bytes("first"),
                List.of(new RecordHeader("same", bytes("a")), new RecordHeader("same", new byte[] {-128, 127}))));
        kafka.produce(new ProducerRecord<>(topic, 2, 1545084650988L, null, bytes("second")));
        server.mapping(topic, "f", "TRIM_HORIZON");
        List<JsonNode> records = records(topic, 2, 2);

        assertThat(records.get(0)).hasToString("{\"topic\":\"" + topic + "\",\"partition\":2,\"offset\":0,\"timestamp\":1545084650987,"
                + "\"timestampType\":\"CREATE_TIME\",\"value\":\"Zmlyc3Q=\",\"headers\":[{\"same\":[97]},{\"same\":[-128,127]}]}");
        assertThat(records.get(1)).hasToString("{\"topic\":\"" + topic + "\",\"partition\":2,\"offset\":1,\"timestamp\":1545084650988,"
                + "\"timestampType\":\"CREATE_TIME\",\"value\":\"c2Vjb25k\",\"headers\":[]}");
    }

    @Test
    void aTopicThatStampsItsRecordsSaysSo() {
        String topic = kafka.createTopic(TestKafka.topicName("appended"), 1, "message.timestamp.type", "LogAppendTime");
        Instant before = Instant.now().minusSeconds(60);
        kafka.produce(new ProducerRecord<>(topic, 0, 1L, null, bytes("v")));
        server.mapping(topic, "f", "TRIM_HORIZON");
        JsonNode record = records(topic, 0, 1).get(0);

        assertThat(record.get("timestampType").asText()).isEqualTo("LOG_APPEND_TIME");
        assertThat(Instant.ofEpochMilli(record.get("timestamp").asLong())).isAfter(before);
    }

    private List<JsonNode> records(String topic, int partition, int count) {
        await().atMost(PATIENCE).until(() -> endpoint.received().size() >= count);
        return endpoint.events().stream()
                .flatMap(event -> {
                    assertThat(event.get("eventSource").asText()).isEqualTo("aws:kafka");
                    assertThat(event.get("records").fieldNames()).toIterable().containsExactly(topic + "-" + partition);
                    return StreamSupport.stream(event.at("/records/" + topic + "-" + partition).spliterator(), false);
                }).toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
