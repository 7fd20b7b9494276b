package dev.sluice.bench;

import dev.sluice.fixture.Mappings;
import dev.sluice.poller.ConsumerSettings;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The reference: how fast does a consumer with a mapping's settings read a topic when nothing is done with the records, not even a
 * commit? A program of its own, so that both sides have a whole JVM: it reads {@code topic batchSize records} lines and answers
 * each with the nanoseconds from its first records to its last.
 */
final class BareLoop {

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final long PATIENCE_NANOS = Duration.ofMinutes(2).toNanos();

    /** Keeps the compiler from leaving out the reading of the records. */
    private static volatile long bytesSeen;

    private BareLoop() {
    }

    public static void main(String[] args) throws Exception {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            String[] words = order.split(" ");
            System.out.println(read(args[0], words[0], Integer.parseInt(words[1]), Long.parseLong(words[2])));
        }
    }

    private static long read(String bootstrapServers, String topic, int batchSize, long expected) {
        var settings = ConsumerSettings.of(Mappings.aMapping().batchSize(batchSize).build(), bootstrapServers,
                UUID.randomUUID().toString());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic), new FromTheBeginning(consumer));
            ConsumerRecords<byte[], byte[]> polled = firstRecords(consumer);
            long start = System.nanoTime();
            long records = count(polled);
            while (records < expected) {
                records += count(consumer.poll(POLL));
                if (System.nanoTime() - start > PATIENCE_NANOS) {
                    throw new IllegalStateException("Only " + records + " of " + expected + " records of " + topic + " came");
                }
            }
            return System.nanoTime() - start;
        }
    }

    private static ConsumerRecords<byte[], byte[]> firstRecords(KafkaConsumer<byte[], byte[]> consumer) {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < PATIENCE_NANOS) {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            if (!polled.isEmpty()) {
                return polled;
            }
        }
        throw new IllegalStateException("No records came");
    }

    private static int count(ConsumerRecords<byte[], byte[]> polled) {
        long bytes = 0;
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            bytes += record.value().length;
        }
        bytesSeen = bytes;
        return polled.count();
    }

    private record FromTheBeginning(KafkaConsumer<byte[], byte[]> consumer) implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            consumer.seekToBeginning(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // Nothing was committed.
        }
    }
}
