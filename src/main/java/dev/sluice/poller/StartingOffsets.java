package dev.sluice.poller;

import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.StartingPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * At which offset each partition of a mapping begins. The starting position holds for the partitions that exist when the brokers
 * are first reached, and is committed before anything is read, so that it holds once and for all; commits that the group already
 * has win. Later partitions begin at their earliest record. Confined to the thread that owns the consumer.
 */
final class StartingOffsets {

    private static final Logger log = LoggerFactory.getLogger(StartingOffsets.class);

    private final EventSourceMapping mapping;
    private final Duration timeout;
    private final Map<TopicPartition, Long> fixed = new HashMap<>();

    StartingOffsets(EventSourceMapping mapping, Duration timeout) {
        this.mapping = mapping;
        this.timeout = timeout;
    }

    /**
     * Turns the starting position into offsets and commits them. Throws what the consumer throws when brokers don't answer; may
     * then be called again.
     *
     * @param answeredAtOnce whether brokers answered when the mapping was created; when not, LATEST means the records stamped at or
     *     after the moment of its creation
     */
    void fix(Consumer<byte[], byte[]> consumer, boolean answeredAtOnce) {
        Set<TopicPartition> partitions = existing(consumer);
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(partitions, timeout);
        partitions.removeIf(partition -> committed.get(partition) != null);
        if (partitions.isEmpty()) {
            return;
        }
        fixed.putAll(offsets(consumer, partitions, answeredAtOnce));
        Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
        fixed.forEach((partition, offset) -> commits.put(partition, new OffsetAndMetadata(offset)));
        consumer.assign(partitions);
        try {
            consumer.commitSync(commits, timeout);
        } catch (CommitFailedException | UnknownMemberIdException | RebalanceInProgressException groupHasMembers) {
            // Only an empty group takes a commit from outside. The offsets are kept, and used once the partitions are assigned.
            log.info("Group {} of mapping {} already has members", mapping.source().consumerGroupId(), mapping.id());
        } finally {
            consumer.unsubscribe();
        }
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
            Map<TopicPartition, Long> earliest = consumer.beginningOffsets(later, timeout);
            log.warn("Mapping {} has no committed offset in {}: it begins at the earliest record", mapping.id(), earliest);
            begin.putAll(earliest);
        }
        return begin;
    }

    private Set<TopicPartition> existing(Consumer<byte[], byte[]> consumer) {
        return mapping.source().topics().stream()
                .flatMap(topic -> partitionsOf(consumer, topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .collect(Collectors.toSet());
    }

    private List<PartitionInfo> partitionsOf(Consumer<byte[], byte[]> consumer, String topic) {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic, timeout);
        return partitions == null ? List.of() : partitions; // older clients answer null for an unknown topic
    }

    /** Whether a topic of the mapping doesn't exist; that topic, or null. */
    String missingTopic(Consumer<byte[], byte[]> consumer) {
        return mapping.source().topics().stream()
                .filter(topic -> partitionsOf(consumer, topic).isEmpty())
                .findFirst().orElse(null);
    }

    private Map<TopicPartition, Long> offsets(Consumer<byte[], byte[]> consumer, Set<TopicPartition> partitions,
                                              boolean answeredAtOnce) {
        StartingPosition position = mapping.source().startingPosition();
        return switch (position.type()) {
            case TRIM_HORIZON -> consumer.beginningOffsets(partitions, timeout);
            case LATEST -> answeredAtOnce ? consumer.endOffsets(partitions, timeout)
                    : stampedFrom(consumer, partitions, mapping.created());
            case AT_TIMESTAMP -> stampedFrom(consumer, partitions, position.timestamp());
        };
    }

    private Map<TopicPartition, Long> stampedFrom(Consumer<byte[], byte[]> consumer, Set<TopicPartition> partitions, Instant from) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, timeout);
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> from.toEpochMilli())), timeout);
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp first = found.get(partition);
            offsets.put(partition, first == null ? ends.get(partition) : first.offset());
        }
        return offsets;
    }

    /** The offset after the last record, as far as the consumer knows without asking; empty when it doesn't. */
    static OptionalLong end(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
        OptionalLong lag = consumer.currentLag(partition);
        return lag.isPresent() ? OptionalLong.of(consumer.position(partition) + lag.getAsLong()) : OptionalLong.empty();
    }
}
