package dev.sluice.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.KafkaEvent;
import com.amazonaws.services.lambda.runtime.events.KafkaEvent.KafkaEventRecord;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.TestRecords;
import dev.sluice.mapping.EventSource;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What event libraries read out of an event: Java's by Lambda's own serializer, Python's and TypeScript's by the JSON they index. */
class KafkaEventTest {

    private static final String ARN = "arn:aws:kafka:us-west-2:111111111111:cluster/my-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2";
    private static final byte[] NEGATIVE = {-128, -1, 0, 1, 127};

    private final EventWriter msk = new EventWriter(new EventSource.MskCluster(ARN), "b-1:9092,b-2:9092");
    private final EventWriter selfManaged = new EventWriter(new EventSource.SelfManagedKafka(List.of("k:9092")), "k:9092");
    private final TestRecords records = new TestRecords("my-topic", 12)
            .add(0, 1545084650987L, bytes("key"), bytes("value"), List.of(header("one", bytes("1"))))
            .add(1, 1, bytes("key"), null, List.of())
            .add(2, 2, null, bytes("value"), List.of())
            .add(3, 3, null, null, List.of())
            .add(4, 4, new byte[0], new byte[0], List.of(header("same", bytes("a")), header("same", bytes("b")),
                    header("other", bytes("c")), header("same", NEGATIVE)))
            .add(5, 5, NEGATIVE, NEGATIVE, List.of(header("null", null), header("empty", new byte[0])))
            .add(Long.MAX_VALUE, Long.MAX_VALUE, null, bytes("largest"), List.of())
            .addAppended(7, 7, bytes("appended"));

    // aws-lambda-java-libs#260: header bytes are signed.
    @Test
    void aJavaHandlerReadsEverythingThatWasInTheRecords() {
        KafkaEvent event = LambdaEventSerializers.serializerFor(KafkaEvent.class, getClass().getClassLoader())
                .fromJson(new ByteArrayInputStream(write(msk)));

        assertThat(event.getEventSource()).isEqualTo("aws:kafka");
        assertThat(event.getEventSourceArn()).isEqualTo(ARN);
        assertThat(event.getBootstrapServers()).isEqualTo("b-1:9092,b-2:9092");
        assertThat(event.getRecords()).containsOnlyKeys("my-topic-12");
        List<KafkaEventRecord> read = event.getRecords().get("my-topic-12");
        assertThat(read).hasSize(records.size());
        for (int i = 0; i < read.size(); i++) {
            KafkaEventRecord record = read.get(i);
            assertThat(record.getTopic()).isEqualTo("my-topic");
            assertThat(record.getPartition()).isEqualTo(12);
            assertThat(record.getOffset()).isEqualTo(records.offset(i));
            assertThat(record.getTimestamp()).isEqualTo(records.timestamp(i));
            assertThat(record.getTimestampType()).isEqualTo(records.timestampType(i));
            assertThat(decoded(record.getKey())).isEqualTo(records.key(i));
            assertThat(decoded(record.getValue())).isEqualTo(records.value(i));
            assertThat(headers(record)).isEqualTo(headers(i));
        }
    }

    // powertools-lambda-typescript#4988, #5016: tombstones crash consumers that nobody could test; localstack#7193: the key was missing.
    @Test
    void aKeyOrValueIsThereAsTextOrNotThereAtAll() throws Exception {
        List<JsonNode> all = json(msk);

        assertThat(all.get(0).get("key").asText()).isEqualTo("a2V5");
        assertThat(all.get(1).has("value")).isFalse();
        assertThat(all.get(1).has("key")).isTrue();
        assertThat(all.get(2).has("key")).isFalse();
        assertThat(all.get(3).has("key") || all.get(3).has("value")).isFalse();
        assertThat(all.get(4).get("key").asText() + all.get(4).get("value").asText()).as("empty is not null").isEmpty();
        assertThat(all).allSatisfy(record -> {
            assertThat(record.path("key").isNull()).isFalse();
            assertThat(record.path("value").isNull()).isFalse();
        });
    }

    // Powertools for Python reads record["headers"]; a list of maps of one name to signed numbers, in which names may come again.
    @Test
    void headersAreAlwaysThere() throws Exception {
        List<JsonNode> all = json(msk);

        assertThat(all).allSatisfy(record -> {
            assertThat(record.get("headers").isArray()).isTrue();
            record.get("headers").forEach(header -> {
                assertThat(header).hasSize(1);
                header.forEach(value -> {
                    assertThat(value.isArray()).isTrue();
                    value.forEach(number -> assertThat(number.isInt() && number.asInt() >= -128 && number.asInt() <= 127).isTrue());
                });
            });
        });
        assertThat(all.get(3).get("headers")).isEmpty();
        assertThat(all.get(4).get("headers").toString())
                .isEqualTo("[{\"same\":[97]},{\"same\":[98]},{\"other\":[99]},{\"same\":[-128,-1,0,1,127]}]");
    }

    // Others write offsets as texts (serverless-offline-kafka); Powertools for Java's TimestampType.valueOf takes Kafka's names only.
    @Test
    void numbersAreWholeNumbersAndTypesHaveKafkasNames() throws Exception {
        assertThat(json(msk)).allSatisfy(record -> {
            assertThat(record.get("partition").isIntegralNumber()).isTrue();
            assertThat(record.get("offset").isIntegralNumber()).isTrue();
            assertThat(record.get("timestamp").isIntegralNumber()).isTrue();
            assertThat(record.get("timestampType").asText()).isIn("CREATE_TIME", "LOG_APPEND_TIME");
        });
        assertThat(json(msk).get(7).get("timestampType").asText()).isEqualTo("LOG_APPEND_TIME");
    }

    // localstack#4606: the event's structure was not AWS's.
    @Test
    void anEventHasTheMembersThatAwsDocumentsAndNoOthers() throws Exception {
        assertThat(members(tree(msk))).containsExactly("eventSource", "eventSourceArn", "bootstrapServers", "records");
        assertThat(members(tree(selfManaged))).containsExactly("eventSource", "bootstrapServers", "records");
        assertThat(tree(selfManaged).get("eventSource").asText()).isEqualTo("SelfManagedKafka");
        assertThat(json(msk)).allSatisfy(record -> assertThat(Set.of("topic", "partition", "offset", "timestamp", "timestampType", "key",
                "value", "headers")).containsAll(members(record)));
    }

    private List<String> headers(int index) {
        List<String> headers = new ArrayList<>();
        for (int h = 0; h < records.headerCount(index); h++) {
            byte[] value = records.headerValue(index, h);
            headers.add(records.headerKey(index, h) + "=" + (value == null ? "" : Base64.getEncoder().encodeToString(value)));
        }
        return headers;
    }

    private static List<String> headers(KafkaEventRecord record) {
        List<String> headers = new ArrayList<>();
        for (Map<String, byte[]> one : record.getHeaders()) {
            one.forEach((name, value) -> headers.add(name + "=" + Base64.getEncoder().encodeToString(value)));
        }
        return headers;
    }

    private List<JsonNode> json(EventWriter writer) throws Exception {
        List<JsonNode> all = new ArrayList<>();
        tree(writer).at("/records/my-topic-12").forEach(all::add);
        assertThat(all).hasSize(records.size());
        return all;
    }

    private JsonNode tree(EventWriter writer) throws Exception {
        return new ObjectMapper().readTree(write(writer));
    }

    private byte[] write(EventWriter writer) {
        byte[] buffer = new byte[writer.length(List.of(records))];
        int length = writer.write(List.of(records), buffer);
        return Arrays.copyOf(buffer, length);
    }

    private static List<String> members(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static byte[] decoded(String base64) {
        return base64 == null ? null : Base64.getDecoder().decode(base64);
    }

    private static TestRecords.Header header(String key, byte[] value) {
        return new TestRecords.Header(key, value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
