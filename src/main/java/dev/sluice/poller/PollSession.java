package dev.sluice.poller;

import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.EventWriter;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FleetView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one consumer does from its making to its close: joins the group, polls, and takes partitions over and gives them up. The
 * questions and {@link #interrupt} are thread-safe, the rest is confined to the thread that owns the consumer.
 */
final class PollSession implements ConsumerRebalanceListener {

    private static final Logger log = LoggerFactory.getLogger(PollSession.class);

    /** Bound for a poll without anything to wait for: how soon a lost connection is noticed. */
    private static final long IDLE_POLL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration FINAL_COMMIT = Duration.ofMillis(1_500);
    private static final Duration LEAVE_GROUP = Duration.ofMillis(1_000);

    private final EventSourceMapping mapping;
    private final Consumer<byte[], byte[]> consumer;
    private final PollerContext context;
    private final LeaseTable leases;
    private final LoopReports reports;
    private final Mailbox mailbox;
    private final StartingOffsets startingOffsets;
    private final Assignment assignment;
    private final Deliveries deliveries;
    private final Commits commits;
    private boolean joined;

    PollSession(EventSourceMapping mapping, Consumer<byte[], byte[]> consumer, String bootstrapServers, PollerContext context,
                LeaseTable leases, LoopReports reports) {
        this.mapping = mapping;
        this.consumer = consumer;
        this.context = context;
        this.leases = leases;
        this.reports = reports;
        this.mailbox = new Mailbox(consumer);
        EventWriter writer = new EventWriter(mapping.source().eventSource(), bootstrapServers);
        this.startingOffsets = new StartingOffsets(mapping, context.settings().brokerTimeout());
        this.assignment = new Assignment(
                new Batcher(mapping.settings().batchSize(), mapping.settings().effectiveBatchingWindow().toNanos(),
                        writer.envelopeLength(), EventWriter.MAX_EVENT_BYTES),
                mapping.settings().batchSize(), mapping.id().toString());
        this.deliveries = new Deliveries(mapping, writer, context, leases, reports,
                new Deliveries.Session(consumer, mailbox, assignment));
        this.commits = new Commits(consumer, assignment, mapping.id().toString());
    }

    /** Fixes the starting position if that is still to be done, and subscribes. Throws what the consumer throws. */
    void open(boolean applyStartingPosition, boolean answeredAtOnce) {
        if (applyStartingPosition) {
            startingOffsets.fix(consumer, answeredAtOnce);
            reports.startingPositionApplied();
        }
        consumer.subscribe(mapping.source().topics(), this);
    }

    /** Whether the group let this member in, with or without partitions. */
    boolean joined() {
        return joined;
    }

    boolean hasPartitions() {
        return !assignment.all().isEmpty();
    }

    /** A topic of the mapping that the brokers don't have; null when all are there. */
    String missingTopic() {
        return Mailbox.ignoringWakeups(() -> startingOffsets.missingTopic(consumer));
    }

    /** One round: what was posted, what is due, one poll. Throws what the consumer throws, but for a wake-up. */
    void runOnce() {
        mailbox.run();
        deliveries.dispatchDue();
        assignment.pauseAndResume(consumer);
        commits.commitAsync();
        assignment.receive(poll(), now());
    }

    /** Ends whatever the owner waits for at the consumer, also while it starts. Thread-safe. */
    void interrupt() {
        mailbox.interrupt();
    }

    /** Ends every backoff now. Thread-safe. */
    CompletableFuture<Boolean> retryNow() {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        mailbox.post(() -> answer.complete(deliveries.retryNow()));
        return answer;
    }

    /** Where every partition stands. Thread-safe. */
    CompletableFuture<List<FleetView.PartitionDetail>> partitions() {
        CompletableFuture<List<FleetView.PartitionDetail>> answer = new CompletableFuture<>();
        mailbox.post(() -> answer.complete(details()));
        return answer;
    }

    /**
     * Ends the session: no further attempts, running invocations get {@code patience}, what is finished is committed, the member
     * leaves its group. Whatever still runs keeps its lease.
     */
    void close(Duration patience) {
        giveUp(assigned(), patience);
        try {
            Mailbox.ignoringWakeups(() -> {
                // A static member stays in its group unless it says that it leaves (KIP-1092).
                consumer.close(CloseOptions.timeout(LEAVE_GROUP)
                        .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
                return null;
            });
        } catch (KafkaException e) {
            log.debug("Closing the consumer of mapping {}", mapping.id(), e);
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> added) {
        joined = true;
        if (!added.isEmpty()) {
            begin(new HashSet<>(added));
        }
        // Runs inside poll(), which would go on waiting for records: who watches this session should hear of it now.
        mailbox.wake();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> removed) {
        Set<TopicPartition> partitions = assigned();
        partitions.retainAll(removed);
        if (!partitions.isEmpty()) {
            log.info("Mapping {} gives up {}", mapping.id(), partitions);
            giveUp(partitions, context.settings().revokeTimeout());
        }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> removed) {
        log.warn("Mapping {} lost {}: what was under way may be delivered again", mapping.id(), removed);
        deliveries.stop(new HashSet<>(removed), Duration.ZERO);
        removed.forEach(assignment::remove);
    }

    private void begin(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                Mailbox.ignoringWakeups(() -> consumer.committed(partitions, context.settings().brokerTimeout()));
        Set<TopicPartition> uncommitted = new HashSet<>(partitions);
        uncommitted.removeIf(partition -> committed.get(partition) != null);
        Map<TopicPartition, Long> first = Mailbox.ignoringWakeups(() -> startingOffsets.without(consumer, uncommitted));
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = committed.get(partition);
            if (offset != null) {
                consumer.seek(partition, offset);
                own(new AssignedPartition(partition, offset.offset()));
            } else {
                consumer.seek(partition, first.get(partition));
                own(new AssignedPartition(partition, -1));
            }
        }
        if (!uncommitted.isEmpty()) {
            commits.commitSync(uncommitted, context.settings().brokerTimeout());
        }
        log.info("Mapping {} is assigned {}", mapping.id(), partitions);
    }

    private void giveUp(Set<TopicPartition> partitions, Duration patience) {
        deliveries.stop(partitions, patience);
        commits.commitSync(partitions, FINAL_COMMIT);
        partitions.forEach(assignment::remove);
    }

    /** Takes a partition over; when an earlier owner still delivers from it, waits for that. */
    private void own(AssignedPartition partition) {
        assignment.add(partition);
        LeaseTable.Waiter waiter =
                (name, firstOffset, deliveredTo) -> mailbox.post(() -> freed(partition, firstOffset, deliveredTo));
        if (leases.awaitIfHeld(partition.partition(), waiter)) {
            partition.block(true);
            consumer.pause(List.of(partition.partition()));
        }
    }

    /** An earlier owner's invocation ended: what it delivered from just here is not delivered again. */
    private void freed(AssignedPartition partition, long firstOffset, long deliveredTo) {
        if (assignment.get(partition.partition()) != partition) {
            return;
        }
        partition.block(false);
        long position = consumer.position(partition.partition());
        if (position >= firstOffset && position < deliveredTo) {
            consumer.seek(partition.partition(), deliveredTo);
        }
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        try {
            return mailbox.polling(() -> consumer.poll(mailbox.isEmpty() ? pollTime() : Duration.ZERO), ConsumerRecords.empty());
        } catch (InvalidOffsetException outOfRange) {
            log.warn("Mapping {} has no valid position: {}", mapping.id(), outOfRange.getMessage());
            beginAgain(outOfRange.partitions());
            return ConsumerRecords.empty();
        }
    }

    private Duration pollTime() {
        long due = assignment.nextBatchDueAt();
        long wait = due == Long.MAX_VALUE ? IDLE_POLL_NANOS : due - now();
        // Rounded up to Kafka's milliseconds: a poll of 0 ms until the window ends would spin.
        return Duration.ofNanos(Math.max(0, Math.min(IDLE_POLL_NANOS, wait + 999_999)));
    }

    private void beginAgain(Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> earliest =
                Mailbox.ignoringWakeups(() -> consumer.beginningOffsets(partitions, context.settings().brokerTimeout()));
        earliest.forEach((partition, offset) -> {
            if (assignment.get(partition) != null) {
                log.warn("Mapping {} begins {} again at its earliest record, offset {}", mapping.id(), partition, offset);
                consumer.seek(partition, offset);
                own(new AssignedPartition(partition, -1));
            }
        });
    }

    private List<FleetView.PartitionDetail> details() {
        List<FleetView.PartitionDetail> details = new ArrayList<>();
        for (AssignedPartition p : assignment.all()) {
            long end = StartingOffsets.end(consumer, p.partition()).orElse(-1);
            Delivery delivery = p.delivery();
            details.add(new FleetView.PartitionDetail(p.partition().topic(), p.partition().partition(), end, p.committed(),
                    end < 0 || p.committed() < 0 ? -1 : Math.max(0, end - p.committed()), p.inFlight(),
                    delivery == null ? 0 : delivery.attempts(), delivery == null ? null : delivery.nextAttempt()));
        }
        return details;
    }

    private Set<TopicPartition> assigned() {
        Set<TopicPartition> all = new HashSet<>();
        assignment.all().forEach(partition -> all.add(partition.partition()));
        return all;
    }

    private long now() {
        return context.nanos().getAsLong();
    }
}
