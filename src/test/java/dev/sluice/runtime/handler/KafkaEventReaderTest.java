package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.KafkaEvent;
import dev.sluice.dispatch.EventWriter;
import dev.sluice.fixture.TestRecords;
import dev.sluice.invocation.Payload;
import dev.sluice.mapping.EventSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaEventReaderTest {

    private static final String ARN = "arn:aws:kafka:us-west-2:111111111111:cluster/my-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2";
    private static final EventWriter MSK = new EventWriter(new EventSource.MskCluster(ARN), "b-1:9092,b-2:9092");
    private static final EventWriter SELF_MANAGED = new EventWriter(new EventSource.SelfManagedKafka(List.of("kafka:9092")), "kafka:9092");
    /** Every character that a topic's name may have. */
    private static final String TOPIC_CHARACTERS = "azAZ09._-";
    private static final String PLAIN =
            "{\"eventSource\":\"aws:kafka\",\"eventSourceArn\":\"arn:aws:kafka\",\"bootstrapServers\":\"b:9092\","
                    + "\"records\":{\"t-0\":[{\"topic\":\"t\",\"partition\":0,\"offset\":15,\"timestamp\":1545084650987,"
                    + "\"timestampType\":\"CREATE_TIME\",\"key\":\"a2V5\",\"value\":\"SGVsbG8=\",\"headers\":[{\"h\":[104,-1]}]},"
                    + "{\"topic\":\"t\",\"partition\":0,\"offset\":16,\"timestamp\":-1,\"timestampType\":\"LOG_APPEND_TIME\",\"headers\":[]}]}}";

    private final Random random = new Random(20261124);
    private final Serializers serializers = new Serializers(KafkaEvent.class.getClassLoader());
    private final KafkaEventReader reader = new KafkaEventReader(KafkaEventClass.of(KafkaEvent.class).orElseThrow());

    private Object library(byte[] event) {
        return serializers.library(KafkaEvent.class).fromJson(Payload.of(event).stream());
    }

    /** What both make of it, or that both fail with the same words. */
    private void assertSameAsTheLibrarys(byte[] event) {
        String expected = result(() -> library(event));
        assertThat(result(() -> serializers.reader(KafkaEvent.class).read(Payload.of(event))))
                .as(new String(event, StandardCharsets.UTF_8)).isEqualTo(expected);
    }

    private static String result(java.util.function.Supplier<Object> read) {
        try {
            return describe(read.get());
        } catch (RuntimeException e) {
            return e.toString();
        }
    }

    /** All that a handler can see: contents, order, and the classes of collections. */
    private static String describe(Object value) {
        if (value instanceof byte[] bytes) {
            return Arrays.toString(bytes);
        }
        if (value instanceof Map<?, ?> map) {
            StringBuilder text = new StringBuilder(map.getClass().getName());
            map.forEach((key, each) -> text.append('\n').append(key).append('=').append(describe(each)));
            return text.toString();
        }
        if (value instanceof List<?> list) {
            StringBuilder text = new StringBuilder(list.getClass().getName());
            list.forEach(each -> text.append('\n').append(describe(each)));
            return text.toString();
        }
        if (value instanceof KafkaEvent event) {
            return event.getEventSource() + "," + event.getEventSourceArn() + "," + event.getBootstrapServers() + ","
                    + describe(event.getRecords());
        }
        if (value instanceof KafkaEvent.KafkaEventRecord each) {
            return String.join(",", each.getTopic(), "" + each.getPartition(), "" + each.getOffset(), "" + each.getTimestamp(),
                    each.getTimestampType(), each.getKey(), each.getValue(), describe(each.getHeaders()),
                    "" + each.getKeySchemaMetadata(), "" + each.getValueSchemaMetadata());
        }
        return String.valueOf(value);
    }

    @Test
    void makesOfGeneratedEventsWhatAwssLibraryMakesOfThem() {
        for (int i = 0; i < 2_000; i++) {
            byte[] event = generated();

            assertThat(reader.read(Payload.of(event)).map(KafkaEventReaderTest::describe))
                    .as(new String(event, StandardCharsets.UTF_8)).contains(describe(library(event)));
        }
    }

    private byte[] generated() {
        List<TestRecords> batch = new ArrayList<>();
        for (int p = 0, partitions = random.nextInt(4); p < partitions; p++) {
            TestRecords records = new TestRecords(text(TOPIC_CHARACTERS, 1 + random.nextInt(30)), p * 1_000_003);
            for (int i = 0, count = 1 + random.nextInt(5); i < count; i++) {
                if (random.nextInt(4) == 0) {
                    records.addAppended(random.nextLong() >>> 10, random.nextLong() >>> random.nextInt(64) >>> 5, bytes());
                } else {
                    records.add(random.nextLong() >>> (5 + random.nextInt(59)), random.nextBoolean() ? -1 : 1_700_000_000_000L, bytes(),
                            bytes(), headers());
                }
            }
            batch.add(records);
        }
        EventWriter writer = random.nextBoolean() ? MSK : SELF_MANAGED;
        byte[] buffer = new byte[writer.length(batch)];
        return Arrays.copyOf(buffer, writer.write(batch, buffer));
    }

    private List<TestRecords.Header> headers() {
        List<TestRecords.Header> headers = new ArrayList<>();
        for (int i = 0, count = random.nextInt(4); i < count; i++) {
            headers.add(new TestRecords.Header(text("aZ 0-_.:/{}[],'", random.nextInt(12)), bytes()));
        }
        return headers;
    }

    private byte[] bytes() {
        if (random.nextInt(5) == 0) {
            return null;
        }
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return bytes;
    }

    private String text(String characters, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(characters.charAt(random.nextInt(characters.length())));
        }
        return text.toString();
    }

    @Test
    void leavesNamesBeyondAsciiAndEscapesToTheLibrary() {
        for (String name : List.of("é", "😀", "\"", "\\", "\u0001", "ä".repeat(20), "\u007f")) {
            TestRecords records = new TestRecords("t", 0).add(1, 2, null, null, List.of(new TestRecords.Header(name, new byte[] {1})));
            byte[] buffer = new byte[MSK.length(List.of(records))];

            assertSameAsTheLibrarys(Arrays.copyOf(buffer, MSK.write(List.of(records), buffer)));
        }
    }

    @Test
    void takesThePlainEventItself() {
        assertThat(reader.read(payload(PLAIN))).isPresent();
    }

    // Events of a direct Invoke: whatever is not as Sluice writes it is the library's.
    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{}", "\"text\"", "{\"records\":null}", "{\"records\":{}}", "{\"eventSource\":\"x\"}",
            "{\"eventSource\":\"x\",\"records\":{}}", "{\"eventSource\":\"x\",\"records\":{\"t-0\":[]}}",
            "{\"eventSource\":\"x\",\"records\":{\"t-0\":[],\"t-0\":[]}}", "{\"eventSource\":\"x\",\"records\":{\"t-0\":null}}",
            "{\"eventSource\":\"x\",\"records\":{\"t-0\":[]},\"more\":{\"deep\":[1,{\"a\":null}]}}", "{\"eventSource\":7,\"records\":[]}",
            "{\"eventSource\":\"x\",\"records\":{\"t-0\":[{}]}}",
            "{\"eventSource\":\"x\",\"records\":{\"t-0\":[{\"topic\":\"t\"}]}} trailing"})
    void givesTheLibrarysResultForOtherEvents(String event) {
        assertSameAsTheLibrarys(event.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"offset\":15 => \"offset\":\"15\"", "\"offset\":15 => \"offset\":null", "\"offset\":15 => \"offset\":15.7",
            "\"offset\":15 => \"offset\":1e3", "\"offset\":15 => \"offset\":015", "\"offset\":15 => \"offset\":-0",
            "\"offset\":15 => \"offset\":9223372036854775807", "\"offset\":15 => \"offset\":99999999999999999999",
            "\"offset\":15 => \"Offset\":15", "\"offset\":15 => \"offset\":15,\"offset\":17", "\"offset\":15 => \"offset\": 15",
            "\"offset\":15 => \"offset\":{\"a\":1}", "\"partition\":0 => \"partition\":2147483648", "\"partition\":0 => \"partition\":true",
            "\"partition\":0 => \"partition\":3", "\"topic\":\"t\" => \"topic\":\"other\"", "\"topic\":\"t\" => \"topic\":null",
            "\"key\":\"a2V5\" => \"key\":null", "\"key\":\"a2V5\" => \"key\":5", "\"key\":\"a2V5\" => \"key\":\"not base64!\"",
            "\"value\":\"SGVsbG8=\" => \"value\":\"\\u0041\\n\"", "\"value\":\"SGVsbG8=\" => \"value\":\"\u00e9\ud83d\ude00\"",
            "\"value\":\"SGVsbG8=\" => \"value\":[1]", "\"headers\":[] => \"headers\":null", "\"headers\":[] => \"headers\":{}",
            "[104,-1] => [255]", "[104,-1] => [256]", "[104,-1] => [-129]", "[104,-1] => []", "[104,-1] => \"aGk=\"", "[104,-1] => null",
            "[104,-1] => [1,]", "[104,-1] => [1.5]", "{\"h\":[104,-1]} => {\"h\":[1],\"i\":[2]}", "{\"h\":[104,-1]} => {}",
            "{\"h\":[104,-1]} => null", "\"CREATE_TIME\" => \"SOMETHING\"", "\"CREATE_TIME\" => null", "t-0 => anything", "]}} => ]}",
            "]}} => ]}},", "\"headers\":[] => \"headers\":[],\"keySchemaMetadata\":{\"dataFormat\":\"AVRO\",\"schemaId\":\"7\"}",
            "\"bootstrapServers\":\"b:9092\", => ", "\"eventSourceArn\":\"arn:aws:kafka\", => ", "a2V5 => a\u0001V5"})
    void givesTheLibrarysResultWhereAnEventIsChanged(String change) {
        String[] parts = change.split(" => ", -1);
        assertThat(PLAIN).contains(parts[0]);

        assertSameAsTheLibrarys(PLAIN.replace(parts[0], parts[1]).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void givesTheLibrarysResultWhereABytesIsChangedOrTheEventIsCut() {
        byte[] plain = PLAIN.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < plain.length; i++) {
            byte[] changed = plain.clone();
            changed[i] = (byte) random.nextInt(256);
            assertSameAsTheLibrarys(changed);
            assertSameAsTheLibrarys(Arrays.copyOf(plain, i));
        }
    }

    public static class Extended extends KafkaEvent {
        public String more;
    }

    @Test
    void leavesSubclassesToTheLibrary() {
        assertThat(KafkaEventClass.of(Extended.class)).isEmpty();
        assertThat(KafkaEventClass.of(String.class)).isEqualTo(Optional.empty());
    }

    private static Payload payload(String event) {
        return Payload.of(event.getBytes(StandardCharsets.UTF_8));
    }
}
