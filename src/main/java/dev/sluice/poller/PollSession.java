package dev.sluice.poller;

import dev.sluice.dispatch.Batch;
import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.DeliveryOutcome;
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
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one consumer does from its making to its close: joins the group, polls, dispatches, commits. Everything but {@link #wake},
 * {@link #post} and {@link #interrupt} is confined to the thread that owns the consumer.
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
    private final EventWriter writer;
    private final StartingOffsets startingOffsets;
    private final Assignment assignment;
    private final Commits commits;

    /** What other threads have to say, for the owner's next round. */
    private final LinkedBlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();
    /** True while the owner may sleep in poll(): the first to set it back to false wakes it. */
    private final AtomicBoolean polling = new AtomicBoolean();

    private boolean joined;
    /** Partitions being given up: what ends undelivered there is the next owner's. */
    private Set<TopicPartition> leaving = Set.of();
    private boolean halted;

    PollSession(EventSourceMapping mapping, Consumer<byte[], byte[]> consumer, String bootstrapServers, PollerContext context,
                LeaseTable leases, LoopReports reports) {
        this.mapping = mapping;
        this.consumer = consumer;
        this.context = context;
        this.leases = leases;
        this.reports = reports;
        this.writer = new EventWriter(mapping.source().eventSource(), bootstrapServers);
        this.startingOffsets = new StartingOffsets(mapping, context.settings().brokerTimeout());
        this.assignment = new Assignment(
                new Batcher(mapping.settings().batchSize(), mapping.settings().effectiveBatchingWindow().toNanos(),
                        writer.envelopeLength(), EventWriter.MAX_EVENT_BYTES),
                mapping.settings().batchSize(), mapping.id().toString());
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
        return ignoringWakeups(() -> startingOffsets.missingTopic(consumer));
    }

    /** One round: what was posted, what is due, one poll. Throws what the consumer throws, but for a wake-up. */
    void runOnce() {
        runPosted();
        dispatchDue();
        assignment.pauseAndResume(consumer);
        commits.commitAsync();
        assignment.receive(poll(), context.nanos().getAsLong());
    }

    /** Has {@code task} run by the owner in its next round, and soon. Thread-safe. */
    void post(Runnable task) {
        posted.add(task);
        wake();
    }

    /** Ends a poll that waits. Thread-safe. */
    private void wake() {
        if (polling.getAndSet(false)) {
            consumer.wakeup();
        }
    }

    /** Ends whatever the owner waits for at the consumer, also while it starts. Thread-safe. */
    void interrupt() {
        polling.set(false);
        consumer.wakeup();
    }

    /** Ends every backoff now; whether one was running. */
    boolean retryNow() {
        halted = false;
        boolean any = false;
        for (Delivery delivery : assignment.deliveries()) {
            any |= delivery.retryNow();
        }
        return any;
    }

    /**
     * Ends the session: no further attempts, running invocations get {@code patience}, what is finished is committed, the member
     * leaves its group. Whatever still runs keeps its lease.
     */
    void close(Duration patience) {
        Set<TopicPartition> all = new HashSet<>();
        assignment.all().forEach(partition -> all.add(partition.partition()));
        stopDelivering(all, patience);
        commits.commitSync(all, FINAL_COMMIT);
        dropAll(all);
        try {
            ignoringWakeups(() -> {
                // A static member stays in its group unless it says that it leaves (KIP-1092).
                consumer.close(CloseOptions.timeout(LEAVE_GROUP)
                        .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
                return null;
            });
        } catch (KafkaException e) {
            log.debug("Closing the consumer of mapping {}", mapping.id(), e);
        }
    }

    /** Where every partition stands. */
    List<FleetView.PartitionDetail> partitions() {
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

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> added) {
        joined = true;
        if (!added.isEmpty()) {
            begin(added);
        }
        // Runs inside poll(), which would go on waiting for records: who watches this session should hear of it now.
        wake();
    }

    private void begin(Collection<TopicPartition> added) {
        Set<TopicPartition> partitions = new HashSet<>(added);
        Map<TopicPartition, OffsetAndMetadata> committed =
                ignoringWakeups(() -> consumer.committed(partitions, context.settings().brokerTimeout()));
        Set<TopicPartition> uncommitted = new HashSet<>(partitions);
        uncommitted.removeIf(partition -> committed.get(partition) != null);
        Map<TopicPartition, Long> begin = ignoringWakeups(() -> startingOffsets.without(consumer, uncommitted));
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = committed.get(partition);
            if (offset != null) {
                consumer.seek(partition, offset);
                own(new AssignedPartition(partition, offset.offset()));
            } else {
                consumer.seek(partition, begin.get(partition));
                own(new AssignedPartition(partition, -1));
            }
        }
        if (!uncommitted.isEmpty()) {
            commits.commitSync(uncommitted, context.settings().brokerTimeout());
        }
        log.info("Mapping {} is assigned {}", mapping.id(), partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> removed) {
        Set<TopicPartition> partitions = new HashSet<>(removed);
        partitions.removeIf(partition -> assignment.get(partition) == null);
        if (partitions.isEmpty()) {
            return;
        }
        log.info("Mapping {} gives up {}", mapping.id(), partitions);
        stopDelivering(partitions, context.settings().revokeTimeout());
        commits.commitSync(partitions, FINAL_COMMIT);
        dropAll(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> removed) {
        log.warn("Mapping {} lost {}: what was under way may be delivered again", mapping.id(), removed);
        stopDelivering(new HashSet<>(removed), Duration.ZERO);
        dropAll(removed);
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        polling.set(true);
        try {
            if (!posted.isEmpty()) {
                return consumer.poll(Duration.ZERO);
            }
            return consumer.poll(Duration.ofNanos(pollNanos()));
        } catch (WakeupException woken) {
            return ConsumerRecords.empty();
        } catch (InvalidOffsetException outOfRange) {
            log.warn("Mapping {} has no valid position: {}", mapping.id(), outOfRange.getMessage());
            beginAgain(outOfRange.partitions());
            return ConsumerRecords.empty();
        } finally {
            polling.set(false);
        }
    }

    private long pollNanos() {
        long due = assignment.nextBatchDueAt();
        long wait = due == Long.MAX_VALUE ? IDLE_POLL_NANOS : due - context.nanos().getAsLong();
        // Rounded up to Kafka's milliseconds: a poll of 0 ms until the window ends would spin.
        return Math.max(0, Math.min(IDLE_POLL_NANOS, wait + 999_999));
    }

    private void runPosted() {
        for (Runnable task = posted.poll(); task != null; task = posted.poll()) {
            task.run();
        }
    }

    private void dispatchDue() {
        while (!halted) {
            List<RecordSlice> slices = assignment.nextBatch(context.nanos().getAsLong());
            if (slices.isEmpty()) {
                return;
            }
            List<LeaseTable.Lease> taken = new ArrayList<>(slices.size());
            for (RecordSlice slice : slices) {
                LeaseTable.Lease lease = leases.acquire(slice.topicPartition(), slice.firstOffset());
                assignment.get(slice.topicPartition()).takeLease(lease, slice.size());
                taken.add(lease);
            }
            InFlight inFlight = new InFlight(slices, taken, reports, ended -> post(() -> ended(ended)));
            Delivery delivery = context.dispatcher().deliver(
                    new Batch(mapping.id(), mapping.settings().functionArn(), writer, List.copyOf(slices)), inFlight);
            for (RecordSlice slice : slices) {
                assignment.get(slice.topicPartition()).deliveredBy(delivery);
            }
        }
    }

    private void ended(InFlight.Ended ended) {
        for (RecordSlice slice : ended.inFlight().slices()) {
            AssignedPartition partition = assignment.get(slice.topicPartition());
            if (partition == null || partition.delivery() != ended.delivery()) {
                continue; // given up meanwhile: its next owner reads the records again
            }
            partition.deliveryEnded();
            if (ended.outcome() == DeliveryOutcome.DELIVERED) {
                partition.tracker().finished(slice.firstOffset(), slice.lastOffset());
            } else if (!leaving.contains(slice.topicPartition())) {
                rewind(partition);
            }
        }
        // The mapping is about to be disabled for it; until then nothing is gained by asking again and again.
        halted |= ended.inFlight().functionNotValid();
    }

    /** Goes back to the first unfinished record of a partition whose delivery was given up. */
    private void rewind(AssignedPartition partition) {
        long from = partition.tracker().committable(consumer.position(partition.partition()));
        partition.buffer().clear();
        partition.tracker().clear();
        consumer.seek(partition.partition(), from);
    }

    /** Takes a partition over; when an earlier owner still delivers from it, waits for that. */
    private void own(AssignedPartition partition) {
        assignment.add(partition);
        LeaseTable.Waiter waiter = (name, firstOffset, deliveredTo) -> post(() -> freed(partition, firstOffset, deliveredTo));
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

    private void beginAgain(Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> earliest =
                ignoringWakeups(() -> consumer.beginningOffsets(partitions, context.settings().brokerTimeout()));
        earliest.forEach((partition, offset) -> {
            AssignedPartition old = assignment.get(partition);
            if (old != null) {
                log.warn("Mapping {} begins {} again at its earliest record, offset {}", mapping.id(), partition, offset);
                consumer.seek(partition, offset);
                own(new AssignedPartition(partition, -1));
            }
        });
    }

    /** Stops the deliveries of {@code partitions} and waits for the running ones, {@code patience} at most. */
    private void stopDelivering(Set<TopicPartition> partitions, Duration patience) {
        for (AssignedPartition partition : assignment.all()) {
            if (partition.delivery() != null && partitions.contains(partition.partition())) {
                partition.delivery().stop();
            }
        }
        long deadline = context.nanos().getAsLong() + patience.toNanos();
        leaving = partitions;
        try {
            runPosted();
            while (anyDelivering(partitions)) {
                long left = deadline - context.nanos().getAsLong();
                Runnable task = left <= 0 ? null : posted.poll(left, TimeUnit.NANOSECONDS);
                if (task == null) {
                    return;
                }
                task.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            leaving = Set.of();
        }
    }

    private boolean anyDelivering(Set<TopicPartition> partitions) {
        for (AssignedPartition partition : assignment.all()) {
            if (partition.delivery() != null && partitions.contains(partition.partition())) {
                return true;
            }
        }
        return false;
    }

    private void dropAll(Collection<TopicPartition> removed) {
        removed.forEach(assignment::remove);
    }

    /** A wake-up that came a moment too late for its poll ends the next blocking call instead; that one is simply made again. */
    private static <T> T ignoringWakeups(Supplier<T> call) {
        while (true) {
            try {
                return call.get();
            } catch (WakeupException late) {
                log.trace("A late wake-up", late);
            }
        }
    }

    /** Answers a question with what only the owner may read. Thread-safe. */
    CompletableFuture<List<FleetView.PartitionDetail>> ask() {
        CompletableFuture<List<FleetView.PartitionDetail>> answer = new CompletableFuture<>();
        post(() -> answer.complete(partitions()));
        return answer;
    }
}
