package dev.sluice.poller;

import dev.sluice.dispatch.Delivery;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FleetView;
import dev.sluice.mapping.PollerObserver;
import dev.sluice.mapping.PollerObserver.PartitionPosition;
import dev.sluice.mapping.PollerObserver.PollerAssignment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;

/**
 * What a session shows of itself: to who asks, where each partition stands; to the observer, the same about once a second, and what a
 * rebalance has changed. Confined to the thread that owns the consumer.
 */
final class SessionView {

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final EventSourceMapping mapping;
    private final Consumer<byte[], byte[]> consumer;
    private final Assignment assignment;
    private final PollSession.Announcements announcements;
    private final PollerContext context;
    private boolean rebalanced;
    private long toldAt;

    SessionView(EventSourceMapping mapping, Consumer<byte[], byte[]> consumer, Assignment assignment,
            PollSession.Announcements announcements, PollerContext context) {
        this.mapping = mapping;
        this.consumer = consumer;
        this.assignment = assignment;
        this.announcements = announcements;
        this.context = context;
        this.toldAt = context.nanos().getAsLong() - INTERVAL_NANOS;
    }

    /** Where every partition stands. */
    List<FleetView.PartitionDetail> details() {
        List<FleetView.PartitionDetail> details = new ArrayList<>();
        long due = assignment.nextBatchDueAt();
        Duration window = due == Long.MAX_VALUE ? null : Duration.ofNanos(Math.max(0, due - context.clock().nanos()));
        for (AssignedPartition p : assignment.all()) {
            long end = end(p);
            Delivery delivery = p.delivery();
            details.add(
                    new FleetView.PartitionDetail(p.partition().topic(), p.partition().partition(), end, -1, p.committed(), p.inFlight(),
                            delivery == null ? 0 : delivery.attempts(), delivery == null ? null : delivery.nextAttempt(),
                            new FleetView.Waiting(p.buffer().size(), p.free() && p.buffer().size() > 0 ? window : null, p.waits())));
        }
        return details;
    }

    /** The group let this member in, or gave it other partitions. */
    void rebalanced() {
        rebalanced = true;
    }

    /** Tells the observer what is due. */
    void tell() {
        if (rebalanced) {
            rebalanced = false;
            context.observer().assigned(mapping, pollerAssignment());
        }
        long now = context.nanos().getAsLong();
        if (now - toldAt >= INTERVAL_NANOS) {
            toldAt = now;
            context.observer().positions(mapping, announcements.poller(), positions());
        }
    }

    /** Nothing more is to be told. */
    void close() {
        context.observer().stopped(mapping, announcements.poller());
    }

    private List<PartitionPosition> positions() {
        List<PartitionPosition> positions = new ArrayList<>();
        for (AssignedPartition p : assignment.all()) {
            positions.add(new PartitionPosition(p.partition().topic(), p.partition().partition(), end(p), p.next(),
                    p.buffer().size() == 0 ? p.next() : p.buffer().firstOffset(), p.committed()));
        }
        return positions;
    }

    private PollerAssignment pollerAssignment() {
        String protocol = announcements.brokers().clientProperties().getOrDefault("security.protocol", "PLAINTEXT");
        String mechanism = protocol.startsWith("SASL")
                ? announcements.brokers().clientProperties().getOrDefault("sasl.mechanism", "GSSAPI") : null;
        return new PollerAssignment(announcements.poller(), announcements.brokers().bootstrapServers(), protocol, mechanism,
                totalPartitions(), consumer.groupMetadata().generationId(), assignment.all().stream()
                        .map(p -> new PollerObserver.Partition(p.partition().topic(), p.partition().partition())).toList());
    }

    /** A consumer that is in its group has this at hand. */
    private int totalPartitions() {
        Duration timeout = context.settings().brokerTimeout();
        int total = 0;
        for (String topic : mapping.source().topics()) {
            List<PartitionInfo> partitions = Mailbox.ignoringWakeups(() -> consumer.partitionsFor(topic, timeout));
            total += partitions == null ? 0 : partitions.size(); // older clients answer null for an unknown topic
        }
        return total;
    }

    /** What the broker will write next, as far as a consumer knows that reads only what is committed; -1 while unknown. */
    private long end(AssignedPartition partition) {
        OptionalLong behind = consumer.currentLag(partition.partition());
        return behind.isPresent() ? partition.next() + behind.getAsLong() : -1;
    }
}
