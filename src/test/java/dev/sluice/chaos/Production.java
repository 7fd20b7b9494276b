package dev.sluice.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Produces records all the time, past the proxy, and keeps which the broker acknowledged. The counts are thread-safe. */
final class Production implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int AT_ONCE = 6;

    private final KafkaProducer<byte[], byte[]> producer;
    private final Supplier<List<TopicPartition>> partitions;
    private final Random random;
    private final LongSupplier nanos;
    private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicLong ids = new AtomicLong();
    private volatile boolean stopped;

    Production(String bootstrapServers, Supplier<List<TopicPartition>> partitions, Random random, LongSupplier nanos) {
        this.partitions = partitions;
        this.random = random;
        this.nanos = nanos;
        this.producer = new KafkaProducer<>(Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 0, "acks", "all",
                "reconnect.backoff.max.ms", 200, "request.timeout.ms", 5_000, "delivery.timeout.ms", 60_000),
                new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Goes on until {@link #stop}, and until the broker has answered for all. */
    void run() throws InterruptedException {
        while (!stopped) {
            List<TopicPartition> all = partitions.get();
            for (int i = random.nextInt(AT_ONCE); i >= 0; i--) {
                send(all.get(random.nextInt(all.size())));
            }
            Awaiting.pause(PAUSE);
        }
        producer.flush();
    }

    void stop() {
        stopped = true;
    }

    /** The ids of the records that the broker has. */
    Set<Long> acknowledged() {
        return Set.copyOf(acknowledged);
    }

    private void send(TopicPartition partition) {
        Payload payload = new Payload(ids.incrementAndGet(), nanos.getAsLong(), random.nextBoolean() ? Variant.WANTED : "other",
                random.nextInt(200) == 0);
        producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), null, payload.bytes()), (metadata, failure) -> {
            if (failure == null) {
                acknowledged.add(payload.id());
            }
        });
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
