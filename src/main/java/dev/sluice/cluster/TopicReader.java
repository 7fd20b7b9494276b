package dev.sluice.cluster;

import dev.sluice.cluster.TopicNotReadException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which records are in a topic of the default cluster? Reads with a consumer of its own for each question, without a group, so that no
 * mapping notices; sees what mappings see, so nothing of transactions that are open or aborted. Thread-safe; who asks waits, and hears
 * {@link #close}.
 */
public final class TopicReader implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration CLOSE_PATIENCE = Duration.ofMillis(200);
    /** Who waits holds a thread of the API. */
    private static final int MOST_AT_ONCE = 16;
    private static final int FETCH_MILLIS = 100;
    private static final Duration PORT_PATIENCE = Duration.ofSeconds(2);
    /** A page that is larger ends, so that one request doesn't fill the heap. */
    private static final long MOST_BYTES = 8L * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);

    private final BrokerAccess access;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);
    private final Set<KafkaConsumer<byte[], byte[]>> reading = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public TopicReader(BrokerAccess access) {
        this.access = access;
    }

    /**
     * What was found.
     *
     * @param records of each partition by offset
     * @param next where each partition goes on
     * @param more whether there were records behind them when it was asked
     */
    public record Page(List<TopicRecord> records, Map<Integer, Long> next, boolean more) {
        public Page {
            records = List.copyOf(records);
            next = Map.copyOf(next);
        }
    }

    /** @throws TopicNotReadException when it can't be read */
    public Page read(TopicQuestion question) throws InterruptedException {
        if (!places.tryAcquire()) {
            throw new TopicNotReadException(Reason.BUSY, MOST_AT_ONCE + " others read topics now; ask again when one of them has ended",
                    null);
        }
        try {
            SourceBrokers source = access.ofDefaultCluster();
            return read(source.found().orElseThrow(() -> new TopicNotReadException(Reason.BROKER_UNREACHABLE,
                    source.obstacle().orElseThrow(), null)), question);
        } finally {
            places.release();
        }
    }

    private Page read(Brokers brokers, TopicQuestion question) throws InterruptedException {
        KafkaConsumer<byte[], byte[]> consumer = null;
        try {
            consumer = new KafkaConsumer<>(config(brokers, question.limit()), new ByteArrayDeserializer(), new ByteArrayDeserializer());
            reading.add(consumer);
            return closed ? new Page(List.of(), question.positions(), false) : read(consumer, question);
        } catch (WakeupException closing) {
            return new Page(List.of(), question.positions(), false);
        } catch (UnknownTopicOrPartitionException | InvalidTopicException missing) {
            throw new TopicNotReadException(Reason.UNKNOWN_TOPIC, "Topic " + question.topic() + " does not exist", missing);
        } catch (TimeoutException late) {
            ProbeResult found = new BrokerProbe(access).probe(brokers, List.of(question.topic()), PORT_PATIENCE);
            throw new TopicNotReadException(Reason.BROKER_UNREACHABLE, found.kind() == ProbeResult.Kind.REACHABLE
                    ? "The brokers did not answer in time: " + late.getMessage() : found.message(), late);
        } catch (KafkaException refused) {
            access.failed(brokers, refused);
            throw new TopicNotReadException(Reason.REFUSED, "Topic " + question.topic() + " can't be read: " + refused.getMessage(),
                    refused);
        } finally {
            if (consumer != null) {
                reading.remove(consumer);
                close(consumer);
            }
        }
    }

    private static void close(KafkaConsumer<byte[], byte[]> consumer) {
        try {
            consumer.close(CloseOptions.timeout(CLOSE_PATIENCE));
        } catch (KafkaException e) { // what was read is read
            LOG.debug("Closing a reader", e);
        }
    }

    private Page read(KafkaConsumer<byte[], byte[]> consumer, TopicQuestion question) {
        List<TopicPartition> partitions = partitions(consumer, question);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        consumer.assign(partitions);
        for (TopicPartition partition : partitions) {
            consumer.seek(partition, begin(question, partition, begins.get(partition), ends.get(partition)));
        }
        List<TopicRecord> found = new ArrayList<>();
        Map<Integer, Long> next = new TreeMap<>();
        partitions.forEach(partition -> next.put(partition.partition(), consumer.position(partition)));
        long deadline = System.nanoTime() + question.patience().toNanos();
        long progress = System.nanoTime();
        long bytes = 0;
        boolean open = behind(consumer, ends);
        while (!closed && found.size() < question.limit() && bytes < MOST_BYTES && (open || found.isEmpty())) {
            Duration left = open ? PATIENCE.minusNanos(System.nanoTime() - progress) : Duration.ofNanos(deadline - System.nanoTime());
            if (left.isNegative() || left.isZero()) {
                if (open) {
                    throw new TimeoutException("what is there did not come within " + PATIENCE.toSeconds() + " s");
                }
                break;
            }
            long before = stand(consumer, partitions);
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(left)) {
                TopicRecord read = record(record);
                bytes += read.bytes();
                found.add(read);
            }
            // Also over records that nobody sees: those of aborted transactions, and what compaction has left out.
            progress = stand(consumer, partitions) > before ? System.nanoTime() : progress;
            open = behind(consumer, ends);
        }
        partitions.forEach(partition -> next.put(partition.partition(), consumer.position(partition)));
        List<TopicRecord> kept = kept(found, question.limit(), next);
        return new Page(kept, next, open || kept.size() < found.size());
    }

    private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, TopicQuestion question) {
        List<PartitionInfo> known = consumer.partitionsFor(question.topic());
        if (known == null || known.isEmpty()) {
            throw new UnknownTopicOrPartitionException("no partitions");
        }
        List<TopicPartition> all = known.stream().map(info -> new TopicPartition(info.topic(), info.partition()))
                .sorted(Comparator.comparingInt(TopicPartition::partition)).toList();
        List<TopicPartition> wanted = question.partition() == null ? all
                : all.stream().filter(each -> each.partition() == question.partition()).toList();
        if (wanted.isEmpty()) {
            throw new TopicNotReadException(Reason.UNKNOWN_PARTITION, "Topic " + question.topic() + " has no partition "
                    + question.partition() + "; it has " + all.size() + ", 0 to " + (all.size() - 1), null);
        }
        return wanted;
    }

    private static long begin(TopicQuestion question, TopicPartition partition, long begin, long end) {
        Long position = question.positions().get(partition.partition());
        long wanted = position != null ? position : switch (question.from()) {
            case BEGINNING -> begin;
            case END -> end;
            case OFFSET -> question.count();
            case LAST -> end - question.count();
        };
        return Math.max(begin, Math.min(end, wanted)); // what retention has removed is not waited for
    }

    private static long stand(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        return partitions.stream().mapToLong(consumer::position).sum();
    }

    /** Whether there is something to read that was there when it was asked. */
    private static boolean behind(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
    }

    /** As many as are asked for; the others are read again next time. */
    private static List<TopicRecord> kept(List<TopicRecord> found, int limit, Map<Integer, Long> next) {
        for (TopicRecord left : found.subList(Math.min(limit, found.size()), found.size())) {
            next.merge(left.partition(), left.offset(), Math::min);
        }
        return found.subList(0, Math.min(limit, found.size()));
    }

    private static TopicRecord record(ConsumerRecord<byte[], byte[]> record) {
        List<OutgoingRecord.Header> headers = new ArrayList<>();
        record.headers().forEach(header -> headers.add(new OutgoingRecord.Header(header.key(), header.value())));
        return new TopicRecord(record.partition(), record.offset(), record.timestamp(), record.key(), record.value(), headers);
    }

    private static Map<String, Object> config(Brokers brokers, int limit) {
        Map<String, Object> config = new HashMap<>(brokers.toClientSettings());
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, "sluice-reader");
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"); // retention may be quicker than the question
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, limit);
        // Closing it waits for the fetch under way.
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_MILLIS);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        config.put(ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        return config;
    }

    /** Those who wait get what there is. */
    @Override
    public void close() {
        closed = true;
        Collection<KafkaConsumer<byte[], byte[]>> waiting = List.copyOf(reading);
        waiting.forEach(KafkaConsumer::wakeup);
    }
}
