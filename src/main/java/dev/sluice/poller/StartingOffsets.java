package dev.sluice.poller;

import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.StartingPosition;
import dev.sluice.resource.NearestName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * At which offset each partition of a mapping begins. The starting position holds for the partitions that exist when the brokers
 * are first reached, and is committed before anything is read, so that it holds once and for all; commits that the group already
 * has win. Later partitions begin at their earliest record. All pollers of a mapping share it: thread-safe, each call with the consumer
 * that the calling thread owns.
 */
final class StartingOffsets {

    private static final Logger LOG = LoggerFactory.getLogger(StartingOffsets.class);

    /** LATEST means the end of a topic only when brokers answer this soon; what is produced later counts from the creation's time. */
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private final EventSourceMapping mapping;
    private final BrokerPatience patience;
    private final LongSupplier nanos;
    /** Where each partition begins that existed when the brokers were first reached. */
    private final Map<TopicPartition, Long> fixed = new ConcurrentHashMap<>();
    private final ReentrantLock fixing = new ReentrantLock();
    private final boolean appliedBefore;
    private volatile boolean applied;

    /**
     * @param appliedBefore whether an earlier generation of the mapping, or an earlier run of the server, has committed the starting position
     * @param patience for all questions of one {@link #fix} together
     */
    StartingOffsets(EventSourceMapping mapping, boolean appliedBefore, BrokerPatience patience, LongSupplier nanos) {
        this.mapping = mapping;
        this.patience = patience;
        this.nanos = nanos;
        this.appliedBefore = appliedBefore;
        this.applied = appliedBefore;
    }

    /** Whether the starting position is committed, for good. */
    boolean applied() {
        return applied;
    }

    /**
     * Turns the starting position into offsets and commits them, unless that is done, or another poller is about it. Throws what the
     * consumer throws when brokers don't answer; may then be called again.
     *
     * @param fresh whether the mapping was created just now; when not, LATEST means the records stamped at or after its creation
     */
    void fix(Consumer<byte[], byte[]> consumer, boolean fresh) {
        if (applied || !fixing.tryLock()) {
            return;
        }
        try {
            fixNow(consumer, fresh);
        } finally {
            fixing.unlock();
        }
    }

    private void fixNow(Consumer<byte[], byte[]> consumer, boolean fresh) {
        long begun = nanos.getAsLong();
        Set<TopicPartition> partitions = existing(consumer, begun);
        boolean answeredAtOnce = fresh && nanos.getAsLong() - begun <= AT_ONCE.toNanos();
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(partitions, left(begun));
        partitions.removeIf(partition -> committed.get(partition) != null);
        Set<TopicPartition> unknown = new HashSet<>(partitions);
        unknown.removeAll(fixed.keySet());
        if (!unknown.isEmpty()) {
            fixed.putAll(offsets(consumer, unknown, answeredAtOnce, begun));
        }
        applied = partitions.isEmpty() || commit(consumer, partitions, begun);
    }

    /** Looks whether every fixed offset is committed by now, in a group that had members when it was fixed. */
    void look(Consumer<byte[], byte[]> consumer) {
        applied = applied || consumer.committed(fixed.keySet(), patience.within()).values().stream().allMatch(Objects::nonNull);
    }

    private boolean commit(Consumer<byte[], byte[]> consumer, Set<TopicPartition> partitions, long begun) {
        Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
        partitions.forEach(partition -> commits.put(partition, new OffsetAndMetadata(fixed.get(partition))));
        consumer.assign(partitions);
        try {
            consumer.commitSync(commits, left(begun));
            return true;
        } catch (CommitFailedException | UnknownMemberIdException | RebalanceInProgressException groupHasMembers) {
            // Only an empty group takes a commit from outside. The offsets are kept, and used once the partitions are assigned.
            LOG.info("Group {} of mapping {} already has members", mapping.source().consumerGroupId(), mapping.id());
            return false;
        } finally {
            consumer.unsubscribe();
        }
    }

    /** What is left of the time since {@code begun}, and at least a moment. */
    private Duration left(long begun) {
        return Duration.ofNanos(Math.max(100_000_000, patience.within().toNanos() - (nanos.getAsLong() - begun)));
    }

    /** Where to begin in partitions without a commit. */
    Map<TopicPartition, Long> without(Consumer<byte[], byte[]> consumer, Set<TopicPartition> uncommitted) {
        Map<TopicPartition, Long> begin = new HashMap<>();
        List<TopicPartition> later = new ArrayList<>();
        for (TopicPartition partition : uncommitted) {
            Long known = fixed.get(partition);
            if (known == null) {
                later.add(partition);
            } else {
                begin.put(partition, known);
            }
        }
        if (!later.isEmpty()) {
            Map<TopicPartition, Long> earliest = consumer.beginningOffsets(later, patience.within());
            if (appliedBefore) { // what was committed may have expired, and with it be delivered again, or be lost
                LOG.warn("Mapping {} has no commit in {} and begins there at the earliest record: {}", mapping.id(), later, earliest);
            } else {
                LOG.info("Mapping {} begins in {} at the earliest record", mapping.id(), later);
            }
            begin.putAll(earliest);
        }
        return begin;
    }

    /** How many partitions the topics have. */
    int partitions(Consumer<byte[], byte[]> consumer) {
        return existing(consumer, nanos.getAsLong()).size();
    }

    private Set<TopicPartition> existing(Consumer<byte[], byte[]> consumer, long begun) {
        return mapping.source().topics().stream()
                .flatMap(topic -> partitionsOf(consumer, topic, left(begun)).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .collect(Collectors.toSet());
    }

    private static List<PartitionInfo> partitionsOf(Consumer<byte[], byte[]> consumer, String topic, Duration within) {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic, within);
        return partitions == null ? List.of() : partitions; // older clients answer null for an unknown topic
    }

    /** Whether a topic of the mapping doesn't exist; that topic, or null. */
    Session.MissingTopic missingTopic(Consumer<byte[], byte[]> consumer) {
        return mapping.source().topics().stream()
                .filter(topic -> partitionsOf(consumer, topic, patience.within()).isEmpty())
                .findFirst().map(topic -> new Session.MissingTopic(topic, near(consumer, topic))).orElse(null);
    }

    private String near(Consumer<byte[], byte[]> consumer, String topic) {
        try {
            return NearestName.of(topic, consumer.listTopics(patience.within()).keySet()).orElse(null);
        } catch (ApiException notAllowed) { // to list what may not be read, or in time
            LOG.debug("Nobody tells which topic is called like {}", topic, notAllowed);
            return null;
        }
    }

    private Map<TopicPartition, Long> offsets(Consumer<byte[], byte[]> consumer, Set<TopicPartition> partitions,
            boolean answeredAtOnce, long begun) {
        StartingPosition position = mapping.source().streamPosition();
        return switch (position.type()) {
            case TRIM_HORIZON -> consumer.beginningOffsets(partitions, left(begun));
            case LATEST -> answeredAtOnce ? consumer.endOffsets(partitions, left(begun))
                    : stampedFrom(consumer, partitions, mapping.created(), begun);
            case AT_TIMESTAMP -> stampedFrom(consumer, partitions, position.timestamp(), begun);
        };
    }

    private Map<TopicPartition, Long> stampedFrom(Consumer<byte[], byte[]> consumer, Set<TopicPartition> partitions, Instant from,
            long begun) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, left(begun));
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> from.toEpochMilli())), left(begun));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp first = found.get(partition);
            offsets.put(partition, first == null ? ends.get(partition) : first.offset());
        }
        return offsets;
    }
}
