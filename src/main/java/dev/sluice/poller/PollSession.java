package dev.sluice.poller;

import dev.sluice.batching.Batcher;
import dev.sluice.cluster.Brokers;
import dev.sluice.dispatch.EventWriter;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.Fact;
import dev.sluice.mapping.FleetView;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one consumer does from its making to its close: joins the group, polls, and takes partitions over and gives them up. The
 * questions and {@link #interrupt} are thread-safe, the rest is confined to the thread that owns the consumer.
 */
final class PollSession implements Session, ConsumerRebalanceListener {

    private static final Logger LOG = LoggerFactory.getLogger(PollSession.class);

    /** Bound for a poll without anything to wait for: how soon a lost connection is noticed. */
    private static final long IDLE_POLL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration FINAL_COMMIT = Duration.ofMillis(1_500);

    private final EventSourceMapping mapping;
    private final Consumer<byte[], byte[]> consumer;
    private final PollerContext context;
    private final GroupEntry group;
    private final UnreadablePartitions unreadable;
    private final Fact.Listener facts;
    private final Mailbox mailbox;
    private final StartingOffsets startingOffsets;
    private final Assignment assignment;
    private final Deliveries deliveries;
    private final Commits commits;
    private final Takeover takeover;
    private final SessionView view;
    private final Announcements announcements;
    private boolean joined;
    private boolean closing;

    /** @param shared lives as long as the mapping polls: what one session fixed holds for the next */
    PollSession(EventSourceMapping mapping, Consumer<byte[], byte[]> consumer, PollerContext context, PollLoop.Shared shared,
            Standing standing, Announcements announcements) {
        this.mapping = mapping;
        this.consumer = consumer;
        this.context = context;
        this.group = standing.group();
        this.unreadable = standing.unreadable();
        this.announcements = announcements;
        this.facts = announcements.facts();
        this.startingOffsets = shared.startingOffsets();
        EventWriter writer = new EventWriter(mapping.source().eventSource(), announcements.brokers().advertised());
        this.assignment = new Assignment(mapping,
                new Batcher(mapping.settings().batchSize(), mapping.settings().effectiveBatchingWindow().toNanos(),
                        writer.envelopeLength(), EventWriter.MAX_EVENT_BYTES),
                new ReceivedRecords(mapping, context, shared.filterNotice()));
        this.mailbox = new Mailbox(consumer::wakeup, context.clock(),
                () -> assignment.expect(context.ends().of(announcements.brokers(), assignment.partitions())));
        Deliveries.Session session = new Deliveries.Session(consumer, mailbox, assignment);
        this.deliveries = new Deliveries(mapping, writer, context, shared.leases(), facts, session);
        this.commits = new Commits(consumer, assignment, mapping, context.observer());
        this.takeover = new Takeover(mapping, shared, session, deliveries, commits);
        this.view = new SessionView(mapping, consumer, assignment, announcements, context);
    }

    /** What one session of a poller hands to the next. */
    record Standing(GroupEntry group, UnreadablePartitions unreadable) {
    }

    /**
     * What a session says, and to whom.
     *
     * @param poller counted from 0 within the mapping
     * @param brokers as events name them
     */
    record Announcements(int poller, Brokers brokers, Fact.Listener facts) {
    }

    @Override
    public Optional<SourceProblem> refusal() {
        group.clear(startingOffsets.applied());
        return group.refusal(consumer);
    }

    /** Fixes the starting position if that is still to be done, and subscribes. */
    @Override
    public void open(boolean fresh) {
        if (!startingOffsets.applied()) {
            startingOffsets.fix(consumer, fresh);
            reportIfApplied();
        }
        consumer.subscribe(mapping.source().topics(), this);
    }

    @Override
    public boolean joined() {
        return joined && assignment.all().stream().allMatch(partition -> partition.committed() >= 0);
    }

    private void reportIfApplied() {
        if (startingOffsets.applied()) {
            facts.tell(new Fact.StartingPositionApplied());
        }
    }

    @Override
    public boolean hasPartitions() {
        return !assignment.all().isEmpty();
    }

    @Override
    public int topicPartitions() {
        return Mailbox.ignoringWakeups(() -> startingOffsets.partitions(consumer)); // which it has at hand once it is in its group
    }

    @Override
    public double connections() {
        return Consumers.openConnections(consumer);
    }

    @Override
    public MissingTopic missingTopic() {
        return Mailbox.ignoringWakeups(() -> startingOffsets.missingTopic(consumer));
    }

    /** Throws what the consumer throws, but for a wake-up. */
    @Override
    public void runOnce() {
        mailbox.run();
        deliveries.dispatchDue();
        assignment.pauseAndResume(consumer);
        commits.throwIfRefused();
        commits.commitAsync();
        assignment.receive(poll(), context.clock().nanos());
        if (joined) {
            unreadable.look(assignment, consumer);
        }
        view.tell();
    }

    /** A new consumer reads once more what this one couldn't. */
    @Override
    public boolean over() {
        return unreadable.retryDue(assignment) || deliveries.drained();
    }

    @Override
    public void drain() {
        deliveries.drain();
    }

    @Override
    public void interrupt() {
        mailbox.interrupt();
    }

    @Override
    public CompletableFuture<Boolean> retryNow() {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        mailbox.post(() -> answer.complete(deliveries.retryNow() | unreadable.retryNow()));
        return answer;
    }

    @Override
    public CompletableFuture<Integer> skip() {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        mailbox.post(() -> answer.complete(deliveries.skip()));
        return answer;
    }

    @Override
    public CompletableFuture<List<FleetView.PartitionDetail>> partitions() {
        CompletableFuture<List<FleetView.PartitionDetail>> answer = new CompletableFuture<>();
        mailbox.post(() -> answer.complete(view.details()));
        return answer;
    }

    /** What is finished is committed, and the member leaves its group. Whatever still runs keeps its lease. */
    @Override
    public void close(Duration patience) {
        end(patience, false);
    }

    @Override
    public void handOver() {
        end(Duration.ZERO, consumer.groupMetadata().groupInstanceId().isPresent());
    }

    private void end(Duration patience, boolean stays) {
        closing = true;
        try {
            // What is finished now should be on its way before a function that takes its time uses the time up.
            commits.commitAsync();
        } catch (KafkaException fenced) { // by another member of the same name
            LOG.debug("The last commit of mapping {}", mapping.id(), fenced);
        }
        try {
            giveUp(assignment.partitions(), patience);
        } finally {
            mailbox.close();
            view.close();
            Consumers.close(consumer, announcements.brokers(), stays);
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> added) {
        joined = true;
        view.rebalanced();
        if (!added.isEmpty()) {
            takeover.begin(new HashSet<>(added));
            if (!startingOffsets.applied()) {
                Mailbox.ignoringWakeups(() -> {
                    startingOffsets.look(consumer);
                    return null;
                });
                reportIfApplied();
            }
        }
        wakeFromRebalance();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> removed) {
        Set<TopicPartition> partitions = assignment.partitions();
        partitions.retainAll(removed);
        if (!partitions.isEmpty()) {
            LOG.info("Mapping {} gives up {}", mapping.id(), partitions);
            giveUp(partitions, group.patienceForRunning(
                    partitions.stream().anyMatch(partition -> assignment.get(partition).delivery() != null)));
            view.rebalanced();
            wakeFromRebalance();
        }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> removed) {
        LOG.warn("Mapping {} lost {}: what was under way may be delivered again; more: sluice mappings {}", mapping.id(), removed,
                mapping.id());
        deliveries.stop(new HashSet<>(removed), Duration.ZERO);
        removed.forEach(assignment::remove);
        view.rebalanced();
        wakeFromRebalance();
    }

    /**
     * Rebalances run inside poll(), which would go on waiting for records. Whoever watches this session should hear of it now, and a
     * wake-up that a call in the callback took for itself must not be lost.
     */
    private void wakeFromRebalance() {
        if (!closing) {
            consumer.wakeup();
        }
    }

    private void giveUp(Set<TopicPartition> partitions, Duration patience) {
        deliveries.stop(partitions, patience);
        // Before the commit, which takes a while: what ends from here on is for the next owner to know.
        partitions.forEach(partition -> assignment.get(partition).abandon());
        deliveries.stop(partitions, Duration.ZERO); // what ended a moment before is still for this one
        commits.commitSync(partitions, FINAL_COMMIT);
        partitions.forEach(assignment::remove);
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        long due = deliveries.takesNothing() ? Long.MAX_VALUE : assignment.nextBatchDueAt();
        if (!assignment.behind(consumer)) {
            mailbox.waitUntil(due);
        }
        try {
            return mailbox.polling(() -> consumer.poll(mailbox.isEmpty() ? pollTime(due) : Duration.ZERO), ConsumerRecords.empty());
        } catch (InvalidOffsetException outOfRange) {
            LOG.warn("Mapping {} has no valid position: {}", mapping.id(), outOfRange.getMessage());
            takeover.beginAgain(outOfRange.partitions());
            return ConsumerRecords.empty();
        } catch (KafkaException failure) {
            unreadable.failed(failure, assignment);
            return ConsumerRecords.empty();
        }
    }

    private Duration pollTime(long due) {
        long wait = due == Long.MAX_VALUE ? IDLE_POLL_NANOS : due - context.clock().nanos();
        // Rounded up to Kafka's milliseconds: a poll of 0 ms until the window ends would spin.
        return Duration.ofNanos(Math.max(0, Math.min(IDLE_POLL_NANOS, wait + 999_999)));
    }
}
