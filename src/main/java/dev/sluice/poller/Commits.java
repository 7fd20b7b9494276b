package dev.sluice.poller;

import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.PollerObserver;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is committed, and when: asynchronously with one commit under way and the newest offsets winning, synchronously before a
 * partition goes. Confined to the thread that owns the consumer; Kafka runs the callbacks of asynchronous commits on it too.
 *
 * <p>A failed commit is no failure of the mapping: the offsets are committed again with the next round, and after a crash the
 * records come again. A commit that is refused is one: whatever is delivered after it would come again.
 */
final class Commits {

    private static final Logger LOG = LoggerFactory.getLogger(Commits.class);

    private final Consumer<byte[], byte[]> consumer;
    private final Assignment assignment;
    private final EventSourceMapping mapping;
    private final PollerObserver observer;
    private boolean underWay;
    private AuthorizationException refusal;

    Commits(Consumer<byte[], byte[]> consumer, Assignment assignment, EventSourceMapping mapping, PollerObserver observer) {
        this.consumer = consumer;
        this.assignment = assignment;
        this.mapping = mapping;
        this.observer = observer;
    }

    /** Throws when the brokers refused the last commit: Kafka only logs what the callback of a commit throws. */
    void throwIfRefused() {
        if (refusal != null) {
            throw refusal;
        }
    }

    /** Commits what has become committable since the last commit, unless one is under way or the last was refused. */
    void commitAsync() {
        if (underWay || refusal != null) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = committable(null);
        if (offsets.isEmpty()) {
            return;
        }
        underWay = true;
        List<AssignedPartition> owned = List.copyOf(assignment.all());
        consumer.commitAsync(offsets, (committed, failure) -> {
            underWay = false;
            if (failure == null) {
                note(committed, owned);
                return;
            }
            observer.commitFailed(mapping, failure.getClass().getName(), failure.getMessage());
            if (failure instanceof AuthorizationException refused) {
                refusal = refused;
            } else {
                LOG.debug("Commit of mapping {} failed, it is made again", mapping.id(), failure);
            }
        });
    }

    /**
     * Commits what is committable of {@code partitions} before this returns, {@code timeout} at most; whether it did, else it is logged.
     */
    boolean commitSync(Set<TopicPartition> partitions, Duration timeout) {
        Map<TopicPartition, OffsetAndMetadata> offsets = committable(partitions);
        if (offsets.isEmpty()) {
            return true;
        }
        while (true) {
            try {
                consumer.commitSync(offsets, timeout);
                note(offsets, assignment.all());
                return true;
            } catch (WakeupException late) {
                LOG.trace("A late wake-up", late);
            } catch (KafkaException e) {
                LOG.warn("Mapping {} could not commit {}: {}; what was delivered since the last commit may come again; more:"
                        + " sluice mappings {}", mapping.id(), told(offsets), e.getMessage(), mapping.id());
                observer.commitFailed(mapping, e.getClass().getName(), e.getMessage());
                return false;
            }
        }
    }

    /** {@code orders-0 up to offset 5} for each partition. */
    private static String told(Map<TopicPartition, OffsetAndMetadata> offsets) {
        return offsets.entrySet().stream().map(entry -> entry.getKey() + " up to offset " + entry.getValue().offset()).sorted()
                .collect(Collectors.joining(", "));
    }

    /** @param only null for all partitions */
    private Map<TopicPartition, OffsetAndMetadata> committable(Set<TopicPartition> only) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (AssignedPartition partition : assignment.all()) {
            if (partition.waits() || only != null && !only.contains(partition.partition())) {
                continue;
            }
            long offset = partition.committable();
            if (offset > partition.committed()) {
                offsets.put(partition.partition(), new OffsetAndMetadata(offset));
            }
        }
        return offsets;
    }

    /** @param owned as it was then: a partition that was taken over anew since may have to commit a lower offset next */
    private void note(Map<TopicPartition, OffsetAndMetadata> committed, Collection<AssignedPartition> owned) {
        long records = 0;
        for (AssignedPartition partition : owned) {
            OffsetAndMetadata offset = committed.get(partition.partition());
            if (offset != null) {
                long before = partition.committed();
                partition.committed(Math.max(before, offset.offset()));
                records += before < 0 ? 0 : partition.committed() - before;
            }
        }
        if (records > 0) {
            observer.committed(mapping, records);
        }
    }
}
