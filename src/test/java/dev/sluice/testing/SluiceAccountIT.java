package dev.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.KafkaEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a test does with its account, and what it hears when something isn't so. */
class SluiceAccountIT {

    private final SluiceAccount sluice = SluiceServer.shared().account();

    @AfterEach
    void end() {
        sluice.close();
    }

    @Test
    void aLambdaOfTheTestGetsWhatWasWritten() {
        String topic = sluice.topic();
        List<String> values = Collections.synchronizedList(new ArrayList<>());
        sluice.function("orders", event -> event.records().forEach(record -> values.add(record.text())));
        sluice.mapping("orders").onTopic(topic).create();
        sluice.produce(topic, NewRecord.of("{\"item\":\"book\"}").key("k").header("source", "web")
                .timestamp(Instant.parse("2026-01-31T12:00:00Z")), NewRecord.tombstone("k"), NewRecord.of(new byte[] {0, -1}));

        sluice.awaitDelivered("orders", 3);

        assertThat(values).hasSize(3).startsWith("{\"item\":\"book\"}", (String) null);
        List<EventRecord> records = sluice.records("orders");
        assertThat(records.get(0).json().text("item")).contains("book");
        assertThat(records.get(0).key()).isEqualTo("k");
        assertThat(records.get(0).header("source")).contains("web");
        assertThat(records.get(0).timestamp()).isEqualTo(Instant.parse("2026-01-31T12:00:00Z"));
        assertThat(records.get(1).bytes()).isNull();
        assertThat(records.get(2).bytes()).containsExactly(0, -1);
        assertThat(sluice.events("orders").get(0).json().text("eventSource")).contains("aws:kafka");
    }

    /** As Lambda would run it, with AWS's own types. */
    public static final class KafkaHandler implements RequestHandler<KafkaEvent, String> {
        static final List<String> HANDLED = Collections.synchronizedList(new ArrayList<>());

        @Override
        public String handleRequest(KafkaEvent event, Context context) {
            event.getRecords().values().forEach(records -> records
                    .forEach(record -> HANDLED.add(context.getFunctionName() + " " + record.getTopic() + " " + record.getOffset())));
            return "done";
        }
    }

    static final class StreamHandler implements RequestStreamHandler {
        private final ConcurrentLinkedQueue<String> events = new ConcurrentLinkedQueue<>();

        @Override
        public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
            events.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            out.write("{}".getBytes(StandardCharsets.UTF_8));
        }
    }

    static final class MapConsumer implements Consumer<Map<String, Object>> {
        private final ConcurrentLinkedQueue<Object> sources = new ConcurrentLinkedQueue<>();

        @Override
        public void accept(Map<String, Object> event) {
            sources.add(event.get("eventSource"));
        }
    }

    @Test
    void handlersOfAllKindsRunAsOnLambda() {
        String topic = sluice.topic();
        StreamHandler stream = new StreamHandler();
        MapConsumer consumer = new MapConsumer();
        sluice.function("kafka", KafkaHandler.class);
        sluice.function("stream", stream);
        sluice.function("consumer", consumer);
        for (String function : List.of("kafka", "stream", "consumer")) {
            sluice.mapping(function).onTopic(topic).create();
        }
        sluice.produce(topic, "v");
        for (String function : List.of("kafka", "stream", "consumer")) {
            sluice.awaitDelivered(function, 1);
        }
        assertThat(KafkaHandler.HANDLED).containsExactly("kafka " + topic + " 0");
        assertThat(stream.events).singleElement().asString().contains("\"topic\":\"" + topic + "\"");
        assertThat(consumer.sources).containsExactly("aws:kafka");
        assertThatThrownBy(() -> sluice.function("none", new Object()))
                .hasMessageContaining("is no handler: it has no public method handleRequest");
    }

    @Test
    void whatComesOverInvocationsIsTriedAgain() {
        String topic = sluice.topic();
        SluiceFunction orders = sluice.function("orders", event -> {
        });
        orders.failNext(1).throttleNext(1).delayNext(Duration.ofMillis(50));
        sluice.mapping("orders").onTopic(topic).create();
        sluice.produce(topic, "v");
        sluice.awaitDelivered("orders", 1, Duration.ofSeconds(20));
        assertThat(sluice.records("orders")).as("those before never reached the handler").hasSize(1);
    }

    @Test
    void absenceIsAssertedWithoutSleeping() {
        String topic = sluice.topic();
        sluice.function("orders", event -> {
        });
        sluice.mapping("orders").onTopic(topic).filter("{\"value\":{\"kind\":[\"order\"]}}").create();
        sluice.produce(topic, NewRecord.of("{\"kind\":\"order\"}"), NewRecord.of("{\"kind\":\"refund\"}"));
        sluice.awaitDrained("orders");
        assertThat(sluice.records("orders")).hasSize(1);
        assertThat(sluice.filtered("orders")).singleElement().satisfies(filtered -> {
            assertThat(filtered.records()).isOne();
            assertThat(filtered.lastOffset()).isOne();
        });
    }

    /** While two pollers share the partitions out, some are nobody's. */
    @Test
    void drainedIsWhatEachPartitionIs() {
        String topic = sluice.topic(4);
        sluice.function("orders", event -> {
        });
        sluice.mapping("orders").onTopic(topic).provisioned(2, 2).create();
        for (int partition = 0; partition < 4; partition++) {
            sluice.produce(topic, NewRecord.of("v").partition(partition));
        }
        sluice.awaitDrained("orders", Duration.ofSeconds(30));
        assertThat(sluice.records("orders")).hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void whatIsGivenUpIsKept() {
        String topic = sluice.topic();
        sluice.function("orders", event -> {
            throw new IllegalStateException("no item");
        });
        sluice.mapping("orders").onTopic(topic).recordingFailures().maximumRetryAttempts(0).create();
        sluice.produce(topic, "k", "bad");
        sluice.awaitDrained("orders");
        assertThat(sluice.failures("orders")).singleElement().satisfies(failure -> {
            assertThat(failure.condition()).isEqualTo("RetriesExhausted");
            assertThat(failure.record().text()).isEqualTo("bad");
        });
    }

    @Test
    void someOfABatchFail() {
        String topic = sluice.topic();
        sluice.functionAnswering("orders", event -> Event.batchItemFailures(event.records().stream()
                .filter(record -> record.text().equals("bad") && sluice.events("orders").size() < 2).toArray(EventRecord[]::new)));
        sluice.mapping("orders").onTopic(topic).provisioned(1, 1).reportBatchItemFailures().create();
        sluice.produce(topic, NewRecord.of("good"), NewRecord.of("bad"));
        sluice.awaitDrained("orders");
        sluice.awaitDelivered("orders", 2);
        assertThat(sluice.records("orders").stream().filter(record -> record.text().equals("bad"))).hasSizeGreaterThan(1);
    }

    /** A batching window of five minutes, an age of an hour and ten retries, and nobody waits for them. */
    @Test
    void deliveryTimeIsMoved() {
        String topic = sluice.topic();
        SluiceFunction orders = sluice.function("orders", event -> {
        }).failNext(11);
        sluice.mapping("orders").onTopic(topic).batchingWindow(Duration.ofSeconds(300)).maximumRetryAttempts(10)
                .maximumRecordAge(Duration.ofHours(1)).recordingFailures().create();
        sluice.produce(topic, "v");
        sluice.advance(Duration.ofSeconds(300));
        sluice.advance(Duration.ofHours(1));
        sluice.awaitDrained("orders");
        assertThat(orders.events()).isEmpty();
        assertThat(sluice.failures("orders")).singleElement()
                .satisfies(failure -> assertThat(failure.record().text()).isEqualTo("v"));
    }

    @Test
    void whatAwsRefusesIsRefusedInItsWords() {
        sluice.function("orders", event -> {
        });
        assertThatThrownBy(() -> sluice.mapping("orders").onTopic("t-1").batchSize(0).create())
                .isInstanceOf(SluiceRefusedException.class).hasMessageContaining("batchSize");
    }
}
