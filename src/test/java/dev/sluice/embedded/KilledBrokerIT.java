package dev.sluice.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.ChildBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledBrokerIT {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    @TempDir
    Path directory;

    @Test
    void keepsRecordsAndOffsetsThroughKillsAndStops() throws Exception {
        try (ChildBroker broker = ChildBroker.onFreePort(directory.resolve("kafka"), "-Xmx256m");
                KafkaProducer<String, String> producer = new KafkaProducer<>(Map.of("bootstrap.servers", broker.bootstrapServers(),
                        "reconnect.backoff.max.ms", 100), new StringSerializer(), new StringSerializer())) {
            List<String> expected = new ArrayList<>();
            for (int round = 0; round < 4; round++) {
                broker.start();
                producer.send(new ProducerRecord<>("orders", 0, null, "round " + round)).get();
                expected.add("round " + round);
                assertThat(readAll(broker.bootstrapServers(), expected.size())).isEqualTo(expected);
                assertThat(commitNext(broker.bootstrapServers(), round)).isEqualTo(round);
                if (round == 1) {
                    broker.stop();
                } else {
                    broker.kill();
                }
            }
        }
    }

    private static List<String> readAll(String bootstrapServers, int count) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(bootstrapServers)) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> received : consumer.poll(Duration.ofMillis(100))) {
                    values.add(received.value());
                }
            }
        }
        return values;
    }

    /** Commits one more than there was and returns what there was. */
    private static long commitNext(String bootstrapServers, int expected) {
        try (KafkaConsumer<String, String> consumer = consumer(bootstrapServers)) {
            consumer.assign(List.of(PARTITION));
            OffsetAndMetadata before = consumer.committed(Set.of(PARTITION)).get(PARTITION);
            consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(expected + 1)));
            return before == null ? 0 : before.offset();
        }
    }

    private static KafkaConsumer<String, String> consumer(String bootstrapServers) {
        return new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrapServers, "group.id", "g", "enable.auto.commit", false),
                new StringDeserializer(), new StringDeserializer());
    }
}
