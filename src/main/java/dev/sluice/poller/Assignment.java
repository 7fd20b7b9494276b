package dev.sluice.poller;

import dev.sluice.batching.Batcher;
import dev.sluice.batching.RecordBuffer;
import dev.sluice.batching.RecordSlice;
import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.EventWriter;
import dev.sluice.mapping.EventSourceMapping;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Which partitions a poller has, and which of their records wait: receives, forms batches, and says which partitions pause.
 * Confined to the thread that owns the consumer.
 */
final class Assignment {

    /** A partition with fewer waiting records than this goes on fetching, whatever the batch size: a pause per batch costs more. */
    private static final int MIN_BUFFER = 1_000;

    private final Batcher batcher;
    private final int bufferLimit;
    private final ReceivedRecords received;
    private final Map<TopicPartition, AssignedPartition> partitions = new LinkedHashMap<>();
    private boolean expecting;

    Assignment(EventSourceMapping mapping, Batcher batcher, ReceivedRecords received) {
        this.batcher = batcher;
        this.bufferLimit = bufferLimit(mapping.settings().batchSize());
        this.received = received;
    }

    /** How many records of a partition wait at most before it pauses: one batch, or a few small ones. */
    static int bufferLimit(int batchSize) {
        return Math.max(batchSize, MIN_BUFFER);
    }

    void add(AssignedPartition partition) {
        partitions.put(partition.partition(), partition);
    }

    /** Gives a partition up; what is under way there keeps its lease. */
    void remove(TopicPartition partition) {
        AssignedPartition removed = partitions.remove(partition);
        if (removed != null) {
            removed.abandon();
        }
    }

    AssignedPartition get(TopicPartition partition) {
        return partitions.get(partition);
    }

    Collection<AssignedPartition> all() {
        return partitions.values();
    }

    /** Their names, copied. */
    Set<TopicPartition> partitions() {
        return new HashSet<>(partitions.keySet());
    }

    /** The deliveries under way, each once. */
    Set<Delivery> deliveries() {
        Set<Delivery> running = new HashSet<>();
        for (AssignedPartition partition : partitions.values()) {
            if (partition.delivery() != null) {
                running.add(partition.delivery());
            }
        }
        return running;
    }

    /** Filters, measures and keeps what a poll brought. */
    void receive(ConsumerRecords<byte[], byte[]> polled, long now) {
        // Also partitions without a record: positions move over the markers of transactions, and over what was compacted away.
        for (var entry : polled.nextOffsets().entrySet()) {
            AssignedPartition partition = partitions.get(entry.getKey());
            if (partition != null) { // else revoked within the same poll: its next owner reads the records
                received.keep(partition, polled.records(entry.getKey()), now);
                partition.next(entry.getValue().offset());
            }
        }
        received.tell(polled.count());
    }

    /** Delivery time is moved: what was written before is to be here first, as it would be if that time had passed. */
    void expect(Map<TopicPartition, WrittenEnds.End> ends) {
        ends.forEach((partition, end) -> partitions.get(partition).expect(end.readable()));
        expecting = true;
    }

    /** Whether records that were written before delivery time was moved are still to come. */
    boolean behind(Consumer<byte[], byte[]> consumer) {
        if (expecting) {
            Set<TopicPartition> paused = consumer.paused();
            expecting = partitions.values().stream().anyMatch(each -> each.behind() && !paused.contains(each.partition()));
        }
        return expecting;
    }

    /** The next batch that is due among the partitions without a delivery; empty when there is none. */
    List<RecordSlice> nextBatch(long now) {
        return batcher.next(freeBuffers(), now);
    }

    /** The bytes of the event of {@code batch}. */
    int eventLength(List<RecordSlice> batch) {
        return batcher.eventLength(batch);
    }

    /** When the next batch is due at the latest; {@link Long#MAX_VALUE} when nothing waits. */
    long nextBatchDueAt() {
        return batcher.dueAt(freeBuffers());
    }

    /**
     * Pauses what has enough waiting, can't be read, or waits for something; resumes what has room again. Looks at the consumer's own set
     * each time, since a rebalance forgets pauses.
     */
    void pauseAndResume(Consumer<byte[], byte[]> consumer) {
        Set<TopicPartition> paused = consumer.paused();
        List<TopicPartition> pause = new ArrayList<>();
        List<TopicPartition> resume = new ArrayList<>();
        for (AssignedPartition partition : partitions.values()) {
            boolean isPaused = paused.contains(partition.partition());
            if (partition.waits() || partition.unreadable() || full(partition.buffer(), 1)) {
                if (!isPaused) {
                    pause.add(partition.partition());
                }
            } else if (isPaused && (partition.free() || !full(partition.buffer(), 2))) {
                // A free one waits for its batch to fill, which takes records.
                resume.add(partition.partition());
            }
        }
        if (!pause.isEmpty()) {
            consumer.pause(pause);
        }
        if (!resume.isEmpty()) {
            consumer.resume(resume);
        }
    }

    /** Whether a buffer is at its limit, divided by {@code part}: resuming at half of it avoids a pause and a resume per batch. */
    private boolean full(RecordBuffer buffer, int part) {
        return buffer.size() >= bufferLimit / part || buffer.bytes() >= EventWriter.MAX_EVENT_BYTES / part;
    }

    private List<RecordBuffer> freeBuffers() {
        List<RecordBuffer> free = new ArrayList<>(partitions.size());
        for (AssignedPartition partition : partitions.values()) {
            if (partition.free()) {
                free.add(partition.buffer());
            }
        }
        return free;
    }
}
