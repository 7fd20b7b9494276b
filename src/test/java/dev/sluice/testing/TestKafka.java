package dev.sluice.testing;

import dev.sluice.embedded.EmbeddedKafka;
import dev.sluice.embedded.EmbeddedKafkaConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A broker for all integration tests of one JVM, started by the first that asks and closed with the JVM. Tests share it, so each takes
 * topics of its own ({@link #topicName}). Thread-safe.
 */
public final class TestKafka implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 30;
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static TestKafka shared;

    private final String bootstrapServers;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;

    private TestKafka(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        this.producer = new KafkaProducer<>(Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 0,
                "max.request.size", 16_000_000, "metadata.max.age.ms", 1_000,
                // KAFKA-15591: of two batches for a new topic the broker may refuse the first, take the second, and then never the first.
                "max.in.flight.requests.per.connection", 1), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** The broker of this JVM; starts it the first time. */
    public static synchronized TestKafka shared() {
        if (shared == null) {
            Path directory = temporaryDirectory();
            EmbeddedKafka broker = EmbeddedKafka.open(EmbeddedKafkaConfiguration.onLocalhost(directory, 0));
            await(broker.start());
            shared = new TestKafka(broker.bootstrapServers());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                broker.close();
                delete(directory);
            }, "test-kafka-close"));
        }
        return shared;
    }

    /** The clients alone, for a broker that somebody else starts and ends; whoever asks closes them. */
    public static TestKafka at(String bootstrapServers) {
        return new TestKafka(bootstrapServers);
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** A topic name that no other test of this JVM has: {@code base-N}. */
    public static String topicName(String base) {
        return base + "-" + NAMES.incrementAndGet();
    }

    public Admin admin() {
        return admin;
    }

    /** Creates the topic and returns its name; {@code settings} are alternately keys and values. */
    public String createTopic(String name, int partitions, String... settings) {
        Map<String, String> configs = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            configs.put(settings[i], settings[i + 1]);
        }
        await(admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(configs))).all());
        return name;
    }

    public void deleteTopic(String name) {
        await(admin.deleteTopics(List.of(name)).all());
    }

    public void increasePartitions(String topic, int total) {
        await(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(total))).all());
    }

    /** Sends one text and waits until it is stored; {@code partition} and {@code key} may be null. */
    public RecordMetadata produce(String topic, Integer partition, String key, String value) {
        return produce(new ProducerRecord<>(topic, partition, bytes(key), bytes(value)));
    }

    /** Sends the texts in order to partition 0, without keys, and waits until all are stored. */
    public void produce(String topic, String... values) {
        produce(topic, 0, List.of(values));
    }

    /** Sends the texts in order to one partition, without keys, and waits until all are stored. */
    public void produce(String topic, int partition, Collection<String> values) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        values.forEach(value -> sent.add(producer.send(new ProducerRecord<>(topic, partition, null, bytes(value)))));
        sent.forEach(TestKafka::await);
    }

    public RecordMetadata produce(ProducerRecord<byte[], byte[]> toSend) {
        return await(producer.send(toSend));
    }

    /** All records that the partition holds now. */
    public List<ConsumerRecord<byte[], byte[]>> records(String topic, int partition) {
        TopicPartition wanted = new TopicPartition(topic, partition);
        long end = endOffsets(topic).get(wanted);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrapServers),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(wanted));
            consumer.seekToBeginning(List.of(wanted));
            while (consumer.position(wanted) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    /** What the group has committed; empty when it has committed nothing or does not exist. */
    public Map<TopicPartition, Long> committed(String group) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        try {
            admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .forEach((partition, offset) -> {
                        if (offset != null) {
                            offsets.put(partition, offset.offset());
                        }
                    });
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
        return offsets;
    }

    /** The offset after the last record, by partition. */
    public Map<TopicPartition, Long> endOffsets(String topic) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        await(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic).partitions()
                .forEach(partition -> wanted.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new TreeMap<>(Comparator.comparing(TopicPartition::toString));
        await(admin.listOffsets(wanted).all()).forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    /** End offsets less what the group has committed, added up; a partition without a commit counts in full. */
    public long lag(String group, String topic) {
        Map<TopicPartition, Long> committed = committed(group);
        return endOffsets(topic).entrySet().stream().mapToLong(end -> end.getValue() - committed.getOrDefault(end.getKey(), 0L)).sum();
    }

    /** The members of a group; empty when it does not exist. */
    public Collection<MemberDescription> groupMembers(String group) {
        KafkaFuture<Collection<MemberDescription>> members = admin.describeConsumerGroups(List.of(group)).describedGroups().get(group)
                .thenApply(description -> description.members());
        try {
            return members.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return List.of();
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Closes the clients; the shared ones stay. */
    @Override
    public void close() {
        if (!isShared()) {
            producer.close();
            admin.close();
        }
    }

    private boolean isShared() {
        synchronized (TestKafka.class) {
            return this == shared;
        }
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("test-kafka");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
