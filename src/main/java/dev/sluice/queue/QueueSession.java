package dev.sluice.queue;

import dev.sluice.cluster.Brokers;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FleetView;
import dev.sluice.poller.Mailbox;
import dev.sluice.poller.Session;
import dev.sluice.poller.ShareConsumption;
import dev.sluice.poller.SourceProblem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one lane does with one consumer: fetches when it is its turn, has what came delivered, renews what runs, and acknowledges what has
 * ended; then it fetches again. The questions, {@link #wake} and {@link #interrupt} are thread-safe, the rest is confined to the thread that owns
 * the consumer.
 */
final class QueueSession implements Session, LaneGroup.Lane {

    private static final Logger LOG = LoggerFactory.getLogger(QueueSession.class);

    private static final Duration IDLE_POLL = Duration.ofSeconds(1);
    /** A function that has answered by then needs no second lane beside it. */
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration JOIN = Duration.ofSeconds(30);
    private static final Duration LEAVE_GROUP = Duration.ofSeconds(1);
    private static final int SHORTEST_LOCK_MILLIS = 1_000;
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long LOOK_SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long RETIRE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final EventSourceMapping mapping;
    private final ShareConsumer<byte[], byte[]> consumer;
    private final QueueContext context;
    private final LaneGroup group;
    private final ShareConsumption.Poller poller;
    private final ShareGroupEntry entry;
    private final ReceivedShare received;
    private final Mailbox mailbox;
    private final Held held;
    private final LaneDeliveries deliveries;
    private final int slots;

    private final String clientId;

    private MissingTopic missing;
    private boolean answered;
    private long lookAt;
    private int deliveryLimit;
    private long idleSince;
    private boolean draining;
    private boolean retired;
    private boolean heldUp;
    /** Read by others of the group. */
    private volatile boolean holds;

    /** One lane of a group. @param slots how many batches a poll may bring */
    record Place(LaneGroup group, ShareConsumption.Poller poller, Brokers brokers, int slots) {
    }

    QueueSession(EventSourceMapping mapping, ShareConsumer<byte[], byte[]> consumer, QueueContext context, Place lane,
            ShareGroupEntry entry,
            ReceivedShare received) {
        this.mapping = mapping;
        this.consumer = consumer;
        this.context = context;
        this.group = lane.group();
        this.poller = lane.poller();
        this.entry = entry;
        this.received = received;
        this.slots = lane.slots();
        this.clientId = ShareConsumers.clientId(mapping, poller.number());
        this.mailbox = new Mailbox(consumer::wakeup, context.clock(), () -> {});
        this.held = new Held(consumer);
        this.deliveries = new LaneDeliveries(mapping, context, poller.facts(), mailbox, held, lane.brokers().advertised());
        this.idleSince = now();
        this.lookAt = idleSince;
    }

    /** @throws KafkaException when the brokers can't do it, in a sentence for people */
    @Override
    public Optional<SourceProblem> refusal() {
        entry.requireShareGroups();
        return entry.refusal();
    }

    @Override
    public void open(boolean fresh) {
        deliveryLimit = entry.deliveryLimit();
        missing = entry.missingTopic();
        consumer.setAcknowledgementCommitCallback((records, failure) -> {
            if (failure != null) {
                LOG.warn("Mapping {}: the brokers didn't take what became of {}: {}; those records may be delivered again", mapping.id(),
                        records.keySet(), failure.getMessage());
                context.observer().commitFailed(mapping, failure.getClass().getName(), failure.getMessage());
            }
        });
        consumer.subscribe(mapping.source().topics());
        group.opened(this);
    }

    @Override
    public void runOnce() {
        mailbox.run();
        if (held.isEmpty()) {
            holds = false;
            fetchInTurn();
        } else {
            attend();
        }
    }

    private void attend() {
        if (heldUp) {
            deliveries.attend(IDLE_POLL);
            return;
        }
        deliveries.attend(SHORT);
        if (!held.isEmpty() && now() - idleSince >= SHORT.toNanos()) {
            heldUp = true;
            group.isHeldUp(this);
        }
    }

    private void fetchInTurn() {
        mailbox.waitUntil(Long.MAX_VALUE);
        retired = retired || retires();
        if (retired) {
            return;
        }
        if (draining || deliveries.halted() || !group.takeTurn(this)) {
            deliveries.await(IDLE_POLL);
            lookAtAssignments();
            return;
        }
        ConsumerRecords<byte[], byte[]> records;
        try {
            records = mailbox.polling(() -> consumer.poll(mailbox.isEmpty() ? IDLE_POLL : Duration.ZERO), ConsumerRecords.empty());
        } catch (GroupMaxSizeReachedException full) {
            if (poller.number() == 0) {
                throw full;
            }
            group.isFull(); // the others go on without this one
            retired = true;
            return;
        }
        if (!answered && metric("fetch-total") > 0) {
            answered = true;
            group.answered();
        }
        if (!records.isEmpty()) {
            // First of all: what ends this session now would give them back undelivered, which counts as a delivery.
            take(records, consumer.acquisitionLockTimeoutMs().orElse(SHORTEST_LOCK_MILLIS));
        }
        lookAtAssignments();
    }

    /** Who has which partition: asked when this lane has just joined, and now and then, as lanes come and go. */
    private void lookAtAssignments() {
        if (!answered || now() < lookAt) {
            return;
        }
        boolean known = true;
        try {
            known = group.assigned(entry.assignments(), this);
        } catch (KafkaException unknown) { // then lanes are taken to have nothing in common
            LOG.debug("Mapping {} can't tell which lane has which partition", mapping.id(), unknown);
        }
        lookAt = now() + (known ? LOOK_NANOS : LOOK_SOON_NANOS);
    }

    private void take(ConsumerRecords<byte[], byte[]> records, int lockMillis) {
        holds = true;
        heldUp = false;
        idleSince = now();
        boolean full = records.count() >= slots * mapping.settings().batchSize();
        deliveries.begin(received.keep(records, held, context.clock().nanos()), lockMillis, deliveryLimit);
        group.handOn(this, full);
    }

    private boolean retires() {
        return group.retire(this, now() - idleSince >= RETIRE_NANOS);
    }

    @Override
    public boolean over() {
        return held.isEmpty() && (draining || retired || slots != group.slots());
    }

    @Override
    public void drain() {
        draining = true;
        deliveries.stop();
    }

    @Override
    public boolean joined() {
        return group.fetched() || missing != null;
    }

    /** The brokers' first share group has a topic of theirs made; and a member hears of its partitions only with a heartbeat. */
    @Override
    public Duration joinsWithin(Duration within) {
        return within.compareTo(JOIN) > 0 ? within : JOIN;
    }

    @Override
    public boolean hasPartitions() {
        return missing == null;
    }

    @Override
    public MissingTopic missingTopic() {
        if (missing != null) {
            missing = entry.missingTopic();
        }
        return missing;
    }

    /** Of the lane that fetches; the others have nothing to say of the brokers. */
    @Override
    public double connections() {
        return holds ? 1 : metric("connection-count");
    }

    private double metric(String name) {
        for (var entry : consumer.metrics().entrySet()) {
            if (entry.getKey().name().equals(name)) {
                return entry.getValue().metricValue() instanceof Number count ? count.doubleValue() : 0;
            }
        }
        return 0;
    }

    @Override
    public int topicPartitions() {
        return 0; // of no meaning here
    }

    @Override
    public int number() {
        return poller.number();
    }

    @Override
    public String clientId() {
        return clientId;
    }

    @Override
    public boolean holds() {
        return holds;
    }

    @Override
    public void wake() {
        mailbox.post(() -> {});
    }

    @Override
    public void interrupt() {
        mailbox.post(() -> {});
        mailbox.interrupt();
    }

    @Override
    public CompletableFuture<Boolean> retryNow() {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        mailbox.post(() -> answer.complete(deliveries.retryNow()));
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
        mailbox.post(() -> answer.complete(deliveries.details()));
        return answer;
    }

    /** What waits is closed first; what runs gets its time, and what is not finished by then goes back to the brokers. */
    @Override
    public void close(Duration patience) {
        long deadline = now() + patience.toNanos();
        try {
            deliveries.stop();
            mailbox.run();
            while (!held.isEmpty() && now() < deadline) {
                deliveries.attend(Duration.ofNanos(deadline - now()));
            }
            if (!held.isEmpty()) {
                group.awaitIdleClosed(LEAVE_GROUP.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (KafkaException failure) {
            LOG.debug("The last commit of mapping {}", mapping.id(), failure);
        } finally {
            mailbox.close();
            context.observer().stopped(mapping, poller.number());
            closeConsumer();
        }
    }

    private void closeConsumer() {
        try {
            Mailbox.ignoringWakeups(() -> {
                consumer.close(LEAVE_GROUP); // sends what was acknowledged, and releases the rest
                return null;
            });
        } catch (KafkaException e) {
            LOG.debug("Closing a share consumer", e);
        } finally {
            group.closed(this);
        }
    }

    @Override
    public void handOver() {
        close(Duration.ZERO);
    }

    private long now() {
        return context.nanos().getAsLong();
    }
}
