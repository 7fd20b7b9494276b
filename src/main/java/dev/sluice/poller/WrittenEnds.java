package dev.sluice.poller;

import dev.sluice.cluster.Brokers;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Up to where are partitions written, and where does an open transaction hide what is written? A consumer that reads only what is committed
 * knows nothing behind an open transaction, not even that there is something. Asked only when somebody looks, or moves
 * delivery time. Thread-safe.
 */
final class WrittenEnds {

    private static final Logger LOG = LoggerFactory.getLogger(WrittenEnds.class);

    private static final Duration WITHIN = Duration.ofSeconds(1);
    /** Brokers that didn't answer aren't asked again at once: whoever lists all mappings asks for each. */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Admins admins;
    private final LongSupplier nanos;
    private final Map<Brokers, Long> silentSince = new ConcurrentHashMap<>();

    /**
     * @param written the next offset that the brokers will write
     * @param openTransaction the offset from which on records wait for the end of a transaction; -1 when none do
     */
    record End(long written, long openTransaction) {

        /** The offset after what can be read. */
        long readable() {
            return openTransaction < 0 ? written : openTransaction;
        }
    }

    /** Who is asked. */
    interface Source {

        /** Of those that the brokers tell in time. */
        Map<TopicPartition, End> of(Brokers brokers, Collection<TopicPartition> partitions);
    }

    WrittenEnds(Admins admins, LongSupplier nanos) {
        this.admins = admins;
        this.nanos = nanos;
    }

    /** Of those that the brokers tell in time; two seconds at most. */
    Map<TopicPartition, End> of(Brokers brokers, Collection<TopicPartition> partitions) {
        if (partitions.isEmpty() || silent(brokers)) {
            return Map.of();
        }
        try {
            // In this order: what was written before, and isn't readable after, is hidden.
            Map<TopicPartition, ListOffsetsResultInfo> written = ends(brokers, partitions, IsolationLevel.READ_UNCOMMITTED);
            Map<TopicPartition, ListOffsetsResultInfo> readable = readsAll(brokers) ? written
                    : ends(brokers, partitions, IsolationLevel.READ_COMMITTED);
            Map<TopicPartition, End> ends = new HashMap<>();
            written.forEach((partition, end) -> ends.put(partition, new End(end.offset(),
                    readable.get(partition).offset() < end.offset() ? readable.get(partition).offset() : -1)));
            silentSince.remove(brokers);
            return ends;
        } catch (KafkaException | IllegalStateException unknown) { // the latter of an Admin that is being closed; then what the consumer knows is shown
            LOG.debug("{} doesn't tell the ends of {}", brokers.bootstrapServers(), partitions, unknown);
            gaveNoAnswer(brokers);
            return Map.of();
        }
    }

    /** Whether these brokers have just been asked in vain, so that nobody who only looks should wait for them. */
    boolean silent(Brokers brokers) {
        Long since = silentSince.get(brokers);
        return since != null && nanos.getAsLong() - since < PAUSE_NANOS;
    }

    /** Somebody who only looks has asked them in vain. */
    void gaveNoAnswer(Brokers brokers) {
        silentSince.put(brokers, nanos.getAsLong());
    }

    private Map<TopicPartition, ListOffsetsResultInfo> ends(Brokers brokers, Collection<TopicPartition> partitions, IsolationLevel level) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        ListOffsetsOptions options = new ListOffsetsOptions(level);
        options.timeoutMs((int) WITHIN.toMillis());
        return admins.ask(brokers, new Groups.Patience(WITHIN, () -> false), admin -> admin.listOffsets(latest, options).all());
    }

    /** Whether the cluster's properties have consumers read what is not committed. */
    private static boolean readsAll(Brokers brokers) {
        return "read_uncommitted".equals(brokers.clientProperties().get("isolation.level"));
    }
}
