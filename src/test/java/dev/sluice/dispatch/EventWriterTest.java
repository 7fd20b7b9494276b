package dev.sluice.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.TestRecords;
import dev.sluice.mapping.EventSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventWriterTest {

    private static final String ARN = "arn:aws:kafka:us-west-2:111111111111:cluster/my-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2";

    private final EventWriter msk = new EventWriter(new EventSource.MskCluster(ARN), "b-1:9092,b-2:9092");
    private final EventWriter selfManaged =
            new EventWriter(new EventSource.SelfManagedKafka(List.of("kafka:9092")), "kafka:9092");

    @Test
    void writesAnMskEventByteForByteAsAwsDocumentsIt() {
        String event = write(msk, new TestRecords("mytopic", 0)
                .add(15, 1545084650987L, bytes("key"), bytes("Hello"), List.of(header("headerKey", bytes("headerValue")))));

        assertThat(event).isEqualTo("{\"eventSource\":\"aws:kafka\",\"eventSourceArn\":\"" + ARN + "\","
                + "\"bootstrapServers\":\"b-1:9092,b-2:9092\",\"records\":{\"mytopic-0\":[{\"topic\":\"mytopic\",\"partition\":0,"
                + "\"offset\":15,\"timestamp\":1545084650987,\"timestampType\":\"CREATE_TIME\",\"key\":\"a2V5\",\"value\":\"SGVsbG8=\","
                + "\"headers\":[{\"headerKey\":[104,101,97,100,101,114,86,97,108,117,101]}]}]}}");
    }

    @Test
    void writesASelfManagedEventWithoutAnArn() {
        assertThat(write(selfManaged, new TestRecords("t", 3).add(0, 1, bytes(""), bytes(""), List.of())))
                .isEqualTo("{\"eventSource\":\"SelfManagedKafka\",\"bootstrapServers\":\"kafka:9092\",\"records\":{\"t-3\":["
                        + "{\"topic\":\"t\",\"partition\":3,\"offset\":0,\"timestamp\":1,\"timestampType\":\"CREATE_TIME\","
                        + "\"key\":\"\",\"value\":\"\",\"headers\":[]}]}}");
    }

    // powertools-lambda-typescript#4988, #5016: a tombstone's value is absent, not null.
    @Test
    void leavesOutAMissingKeyAndAMissingValue() {
        assertThat(write(selfManaged, new TestRecords("t", 0).add(7, -1, null, null, List.of())))
                .contains(
                        "{\"topic\":\"t\",\"partition\":0,\"offset\":7,\"timestamp\":-1,\"timestampType\":\"CREATE_TIME\",\"headers\":[]}");
    }

    // aws-lambda-java-libs, pull request 260: header bytes are signed.
    @Test
    void writesHeaderBytesSignedInOrderWithDuplicates() {
        assertThat(write(selfManaged, new TestRecords("t", 0).add(0, 0, null, null,
                List.of(header("a", new byte[] {-128, -1, 0, 127}), header("a", new byte[0]), header("\"é\u0001😀", null)))))
                .contains("\"headers\":[{\"a\":[-128,-1,0,127]},{\"a\":[]},{\"\\\"é\\u0001\\ud83d\\ude00\":[]}]");
    }

    @Test
    void keepsPartitionsApart() throws Exception {
        JsonNode records = new ObjectMapper().readTree(write(msk,
                new TestRecords("t", 0).add(1, 0, null, bytes("a"), List.of()).add(2, 0, null, bytes("b"), List.of()),
                new TestRecords("t", 12).add(9, 0, null, bytes("c"), List.of()))).get("records");

        assertThat(records.fieldNames()).toIterable().containsExactly("t-0", "t-12");
        assertThat(records.get("t-0")).hasSize(2);
        assertThat(records.get("t-12").get(0).get("offset").asLong()).isEqualTo(9);
    }

    @Test
    void measuresWhatItWrites() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<TestRecords> batch = new ArrayList<>();
            int commas = 1; // the measures count one comma too many for each list
            for (int p = 0; p <= random.nextInt(3); p++) {
                TestRecords records = new TestRecords("topic.with-all_chars", p * 9);
                for (int i = 0; i <= random.nextInt(5); i++) {
                    List<TestRecords.Header> headers = new ArrayList<>();
                    for (int h = random.nextInt(3); h > 0; h--) {
                        headers.add(header("h\"\u0007ü€" + h, randomBytes(random)));
                    }
                    records.add(random.nextLong() >>> random.nextInt(64), random.nextLong(), randomBytes(random), randomBytes(random),
                            headers);
                }
                commas++;
                batch.add(records);
            }
            byte[] buffer = new byte[msk.length(batch)];
            int written = msk.write(batch, buffer);

            assertThat(written).as("seed %d", seed).isEqualTo(buffer.length - commas);
            new ObjectMapper().readTree(buffer, 0, written);
        }
    }

    @Test
    void encodesBase64AsTheJdkDoes() throws Exception {
        Random random = new Random(1);
        for (int length : IntStream.concat(IntStream.range(0, 200), IntStream.of(18 * 1024 - 1, 18 * 1024, 18 * 1024 + 1, 100_000))
                .toArray()) {
            byte[] value = new byte[length];
            random.nextBytes(value);
            JsonNode event = new ObjectMapper()
                    .readTree(write(msk, new TestRecords("t", 0).add(0, 0, null, value, List.of())));
            assertThat(event.at("/records/t-0/0/value").asText()).isEqualTo(Base64.getEncoder().encodeToString(value));
        }
    }

    private static byte[] randomBytes(Random random) {
        if (random.nextInt(4) == 0) {
            return null;
        }
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String write(EventWriter writer, TestRecords... batch) {
        byte[] buffer = new byte[writer.length(List.of(batch))];
        return new String(buffer, 0, writer.write(List.of(batch), buffer), StandardCharsets.UTF_8);
    }

    private static TestRecords.Header header(String key, byte[] value) {
        return new TestRecords.Header(key, value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
