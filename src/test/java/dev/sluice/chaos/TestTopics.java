package dev.sluice.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The topics of a run and what the broker knows of them and of the groups, asked past the proxy. Thread-safe. */
final class TestTopics implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 20;
    private static final int MOST_PARTITIONS = 10;

    private final String bootstrapServers;
    private final Admin admin;
    private final Map<String, Integer> counts = new ConcurrentSkipListMap<>(Map.of("chaos-a", 4, "chaos-b", 6, "chaos-c", 8));
    private final List<String> names = List.copyOf(counts.keySet());

    TestTopics(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers, "reconnect.backoff.max.ms", 200,
                "default.api.timeout.ms", PATIENCE_SECONDS * 1_000, "request.timeout.ms", 5_000));
    }

    void create() throws Exception {
        List<NewTopic> topics = new ArrayList<>(List.of(new NewTopic(Variant.DEAD_LETTERS, 1, (short) 1)));
        counts.forEach((name, partitions) -> topics.add(new NewTopic(name, partitions, (short) 1)));
        admin.createTopics(topics).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Gives one of the topics one more partition, unless it has many or the broker is down. */
    void grow(Random dice) throws InterruptedException {
        String topic = names.get(dice.nextInt(names.size()));
        int more = counts.get(topic) + 1;
        if (more <= MOST_PARTITIONS) {
            try {
                admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(more))).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                counts.put(topic, more);
            } catch (ExecutionException | TimeoutException e) {
                if (e.getCause() instanceof InvalidPartitionsException) {
                    counts.put(topic, more); // an earlier time came through although nobody said so
                }
            }
        }
    }

    /** All partitions of all topics that records are produced to. */
    List<TopicPartition> partitions() {
        return partitions(names);
    }

    /** {@code count} topics, others for another {@code number}. */
    List<String> some(int number, int count) {
        List<String> some = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            some.add(names.get((number + i) % names.size()));
        }
        return some;
    }

    /** The offsets after the last records. */
    Map<TopicPartition, Long> ends(Collection<String> topics) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions(topics).forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(3 * PATIENCE_SECONDS);
        while (true) {
            try {
                Map<TopicPartition, Long> ends = new HashMap<>();
                admin.listOffsets(wanted).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .forEach((partition, end) -> ends.put(partition, end.offset()));
                return ends;
            } catch (ExecutionException | TimeoutException brokerIsDown) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("The broker does not answer", brokerIsDown);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** What the groups have committed, nothing where they don't exist; those left out of which the broker doesn't tell now. */
    Map<String, Map<TopicPartition, Long>> committed(Collection<String> groups) throws InterruptedException {
        Map<String, ListConsumerGroupOffsetsSpec> wanted = new HashMap<>();
        groups.forEach(group -> wanted.put(group, new ListConsumerGroupOffsetsSpec()));
        var answers = admin.listConsumerGroupOffsets(wanted);
        Map<String, Map<TopicPartition, Long>> committed = new HashMap<>();
        for (String group : groups) {
            try {
                Map<TopicPartition, Long> offsets = new HashMap<>();
                answers.partitionsToOffsetAndMetadata(group).get(PATIENCE_SECONDS, TimeUnit.SECONDS).forEach((partition, offset) -> {
                    if (offset != null) {
                        offsets.put(partition, offset.offset());
                    }
                });
                committed.put(group, offsets);
            } catch (ExecutionException | TimeoutException notNow) {
                // Unless there is no such group, the broker is down; whoever asks asks again.
                if (notNow.getCause() instanceof GroupIdNotFoundException) {
                    committed.put(group, Map.of());
                }
            }
        }
        return committed;
    }

    /** Everything that a topic holds, read to its end of now. */
    List<ConsumerRecord<byte[], byte[]>> read(Collection<String> topics) throws IOException {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrapServers,
                "max.poll.records", 10_000), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            Set<TopicPartition> left = new HashSet<>(partitions(topics));
            consumer.assign(left);
            consumer.seekToBeginning(left);
            Map<TopicPartition, Long> ends = consumer.endOffsets(left);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(3 * PATIENCE_SECONDS);
            while (!left.isEmpty()) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                left.removeIf(partition -> consumer.position(partition) >= ends.get(partition));
                if (System.nanoTime() > deadline) {
                    throw new IOException("The broker does not give its records back: " + left);
                }
            }
        }
        return records;
    }

    List<String> names() {
        return names;
    }

    private List<TopicPartition> partitions(Collection<String> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics) {
            for (int i = 0; i < counts.getOrDefault(topic, 1); i++) {
                partitions.add(new TopicPartition(topic, i));
            }
        }
        return partitions;
    }

    @Override
    public void close() {
        admin.close();
    }
}
