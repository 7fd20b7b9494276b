package dev.sluice.bench;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic filled before anything is measured: the same number of records in each partition, small keys, no headers. */
record Topic(String name, int partitions, long records) {

    /** Creates and fills it. */
    static Topic filled(Admin admin, String bootstrapServers, String name, int partitions, long records, int valueLength)
            throws Exception {
        if (records % partitions != 0) {
            throw new IllegalArgumentException(records + " records are not the same number for each of " + partitions + " partitions");
        }
        admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
        byte[] value = new byte[valueLength];
        new Random(1).nextBytes(value);
        AtomicReference<Exception> failed = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers", bootstrapServers),
                new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long i = 0; i < records; i++) {
                byte[] key = ("k" + i % 1_000_000).getBytes(StandardCharsets.US_ASCII);
                producer.send(new ProducerRecord<>(name, (int) (i % partitions), key, value), (position, failure) -> {
                    if (failure != null) {
                        failed.compareAndSet(null, failure);
                    }
                });
            }
        }
        if (failed.get() != null) {
            throw failed.get();
        }
        return new Topic(name, partitions, records);
    }

    /** Whether the group has committed the end of every partition: nothing was left out. */
    boolean committedToTheEnd(Admin admin, String group) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>(
                admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get());
        for (int p = 0; p < partitions; p++) {
            OffsetAndMetadata offset = committed.get(new TopicPartition(name, p));
            if (offset == null || offset.offset() < records / partitions) {
                return false;
            }
        }
        return true;
    }
}
