package dev.sluice.poller;

import dev.sluice.mapping.EventSourceMapping;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a poller begins in a partition that it is given: at the group's commit, else at the starting position, and behind what an earlier
 * owner in this server still delivered. Confined to the thread that owns the consumer.
 */
final class Takeover {

    private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

    private final EventSourceMapping mapping;
    private final BrokerPatience patience;
    private final LeaseTable leases;
    private final StartingOffsets startingOffsets;
    private final Consumer<byte[], byte[]> consumer;
    private final Mailbox mailbox;
    private final Assignment assignment;
    private final Deliveries deliveries;
    private final Commits commits;

    Takeover(EventSourceMapping mapping, PollLoop.Shared shared, Deliveries.Session session,
            Deliveries deliveries, Commits commits) {
        this.mapping = mapping;
        this.patience = shared.patience();
        this.leases = shared.leases();
        this.startingOffsets = shared.startingOffsets();
        this.consumer = session.consumer();
        this.mailbox = session.mailbox();
        this.assignment = session.assignment();
        this.deliveries = deliveries;
        this.commits = commits;
    }

    /** Takes partitions over that the group gave to this member, and commits where those begin that have no commit. */
    void begin(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                Mailbox.ignoringWakeups(() -> consumer.committed(partitions, patience.within()));
        Set<TopicPartition> uncommitted = new HashSet<>(partitions);
        uncommitted.removeIf(partition -> committed.get(partition) != null);
        Map<TopicPartition, Long> first = Mailbox.ignoringWakeups(() -> startingOffsets.without(consumer, uncommitted));
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = committed.get(partition);
            if (offset != null) {
                consumer.seek(partition, offset);
                own(new AssignedPartition(partition, offset.offset(), offset.offset()));
            } else {
                consumer.seek(partition, first.get(partition));
                // Kafka forgets the commits of a topic that is deleted, and one that is made anew has other records at the same offsets.
                ownAnew(new AssignedPartition(partition, -1, first.get(partition)));
            }
        }
        if (!uncommitted.isEmpty()) {
            commits.commitSync(uncommitted, patience.within());
        }
        LOG.info("Mapping {} is assigned {}", mapping.id(), partitions);
    }

    /** Goes on at the earliest record of partitions whose position the broker doesn't have. */
    void beginAgain(Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> earliest =
                Mailbox.ignoringWakeups(() -> consumer.beginningOffsets(partitions, patience.within()));
        earliest.forEach((name, offset) -> {
            AssignedPartition partition = assignment.get(name);
            if (partition == null) {
                return;
            }
            LOG.warn("Mapping {} goes on in {} at its earliest record, offset {}", mapping.id(), name, offset);
            consumer.seek(name, offset);
            if (offset >= partition.next()) {
                partition.next(offset); // what was received before is here and goes its way
            } else {
                // The topic was made anew, or has lost its end: its offsets mean other records now.
                deliveries.stop(Set.of(name), Duration.ZERO);
                assignment.remove(name);
                ownAnew(new AssignedPartition(name, -1, offset));
            }
        });
    }

    /** Takes a partition over whose offsets mean other records than before: what was delivered from there doesn't count. */
    private void ownAnew(AssignedPartition partition) {
        leases.forget(partition.partition());
        own(partition);
    }

    /**
     * Takes a partition over; when an earlier owner still delivers from it, waits for that. What was delivered from just here without
     * an owner is not delivered again.
     */
    private void own(AssignedPartition partition) {
        assignment.add(partition);
        TopicPartition name = partition.partition();
        AssignedPartition.Wait wait = partition.waitFor(AssignedPartition.WaitReason.EARLIER_OWNER);
        if (leases.awaitIfHeld(name, () -> mailbox.post(() -> freed(partition, wait)))) {
            consumer.pause(List.of(name));
        } else {
            partition.over(wait);
            goOn(partition);
        }
    }

    private void freed(AssignedPartition partition, AssignedPartition.Wait wait) {
        if (assignment.get(partition.partition()) == partition && partition.over(wait)) {
            goOn(partition);
        }
    }

    private void goOn(AssignedPartition partition) {
        LeaseTable.DeliveredPart part = leases.takeDelivered(partition.partition());
        if (part != null && part.after(partition.next()) != partition.next()) {
            partition.next(part.after(partition.next()));
            consumer.seek(partition.partition(), partition.next());
        }
    }
}
