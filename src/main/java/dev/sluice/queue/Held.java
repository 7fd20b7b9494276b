package dev.sluice.queue;

import dev.sluice.batching.RecordSlice;
import dev.sluice.dispatch.PartitionRecords;
import dev.sluice.poller.Mailbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;

/**
 * Which records does a lane hold, and what do the brokers know of them? Acknowledges what has ended, renews what runs. Confined to the thread
 * that owns the consumer.
 *
 * <p>What is acknowledged or renewed counts only with the next commit. After a renewal is committed, nothing can be acknowledged before a poll
 * gives the records back. A partition whose renewal was refused has lost its locks: its records come again, to whomever, and what becomes
 * of them here is told to nobody.
 */
final class Held {

    private final ShareConsumer<byte[], byte[]> consumer;
    private final Set<HeldBatch> batches = new LinkedHashSet<>();
    private final Set<TopicPartition> lost = new HashSet<>();
    private boolean uncommitted;

    Held(ShareConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    boolean isEmpty() {
        return batches.isEmpty();
    }

    Set<HeldBatch> batches() {
        return batches;
    }

    void add(HeldBatch batch) {
        batches.add(batch);
    }

    /** These records of the poll are done with, before anybody had them. */
    void refuse(ConsumerRecord<byte[], byte[]> record) {
        consumer.acknowledge(record, AcknowledgeType.ACCEPT);
        uncommitted = true;
    }

    void settled(HeldBatch batch, AcknowledgeType as, List<? extends PartitionRecords> records) {
        for (PartitionRecords some : records) {
            int slice = batch.sliceOf(some);
            RecordSlice all = batch.slices().get(slice);
            for (int i = 0; i < some.size(); i++) {
                int index = all.indexOf(some.offset(i));
                if (!batch.finished(slice).get(index)) {
                    batch.finished(slice).set(index);
                    acknowledge(all, index, as);
                }
            }
        }
    }

    /** What is left of it goes back to the brokers. How many records that is. */
    int ended(HeldBatch batch) {
        int released = batch.unfinished();
        for (int i = 0; i < batch.slices().size(); i++) {
            RecordSlice slice = batch.slices().get(i);
            for (int left = batch.finished(i).nextClearBit(0); left < slice.size(); left = batch.finished(i).nextClearBit(left + 1)) {
                acknowledge(slice, left, AcknowledgeType.RELEASE);
            }
        }
        batches.remove(batch);
        if (batches.isEmpty()) {
            lost.clear();
        }
        return released;
    }

    private void acknowledge(RecordSlice slice, int index, AcknowledgeType as) {
        if (!lost.contains(slice.topicPartition())) {
            consumer.acknowledge(slice.record(index), as);
            uncommitted = true;
        }
    }

    /** Sends what was acknowledged. The brokers take what is in one request of a partition as a whole, so this is done for each batch. */
    void commit() {
        if (uncommitted) {
            uncommitted = false;
            consumer.commitAsync();
        }
    }

    /** Prolongs the locks of everything that runs. The partitions of which they are lost. */
    Set<TopicPartition> renew(Duration within) {
        List<ConsumerRecord<byte[], byte[]>> running = running();
        if (running.isEmpty()) {
            return Set.of();
        }
        running.forEach(record -> consumer.acknowledge(record, AcknowledgeType.RENEW));
        uncommitted = false;
        Map<TopicIdPartition, Optional<KafkaException>> answers = Mailbox.ignoringWakeups(() -> consumer.commitSync(within));
        Set<TopicPartition> newlyLost = new HashSet<>();
        answers.forEach((partition, failure) -> failure.ifPresent(any -> newlyLost.add(partition.topicPartition())));
        lost.addAll(newlyLost);
        if (!running().isEmpty()) {
            // Gives the renewed ones back without a fetch. With none to give back it would begin one.
            Mailbox.ignoringWakeups(() -> consumer.poll(Duration.ZERO));
        }
        return newlyLost;
    }

    /** Records that the function still has, and the brokers have locked for it. */
    private List<ConsumerRecord<byte[], byte[]>> running() {
        List<ConsumerRecord<byte[], byte[]>> running = new ArrayList<>();
        for (Iterator<HeldBatch> each = batches.iterator(); each.hasNext();) {
            HeldBatch batch = each.next();
            for (int i = 0; i < batch.slices().size(); i++) {
                RecordSlice slice = batch.slices().get(i);
                if (!lost.contains(slice.topicPartition())) {
                    for (int left = batch.finished(i).nextClearBit(0); left < slice.size(); left =
                            batch.finished(i).nextClearBit(left + 1)) {
                        running.add(slice.record(left));
                    }
                }
            }
        }
        return running;
    }
}
