package dev.sluice.mapping;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the pollers of a mapping are doing right now. Thread-safe; waits for pollers and brokers no longer than a few seconds. */
public interface FleetView {

    /** A snapshot, or empty when nothing polls for this mapping. */
    Optional<Detail> detail(MappingId id);

    /** Ends a running backoff now; false when none was running. */
    boolean retryNow(MappingId id);

    /** Goes on without the records that fail right now; how many they are, 0 when nothing fails. */
    int skip(MappingId id);

    /**
     * @param bootstrapServers null while nobody knows any for the mapping's event source
     * @param last the last problem, null when there was none, or it is over
     * @param elsewhere who reads what of the topics, when none of it is this mapping's; empty when that is not known
     */
    record Detail(@Nullable String bootstrapServers, String consumerGroupId, @Nullable Last last, List<PartitionDetail> partitions,
            List<Elsewhere> elsewhere) {
        public Detail {
            partitions = List.copyOf(partitions);
            elsewhere = List.copyOf(elsewhere);
        }

        /** One of which it is not known who else reads. */
        public Detail(@Nullable String bootstrapServers, String consumerGroupId, @Nullable Last last, List<PartitionDetail> partitions) {
            this(bootstrapServers, consumerGroupId, last, partitions, List.of());
        }

        /** The last problem in full, null when there was none. */
        public @Nullable String lastError() {
            return last == null ? null : last.detail();
        }
    }

    /** A partition that another member of the group has. @param host as the broker sees it */
    record Elsewhere(String topic, int partition, String clientId, String host) {
    }

    /**
     * What went wrong last.
     *
     * @param trouble of what kind it is
     * @param detail in full, for people
     * @param age since it was told
     */
    record Last(Trouble trouble, String detail, Duration age) {
        public Last {
            Objects.requireNonNull(trouble, "trouble");
            Objects.requireNonNull(detail, "detail");
            Objects.requireNonNull(age, "age");
        }
    }

    /**
     * What of a partition was received and is not on its way yet.
     *
     * @param records how many
     * @param window how long the batching window still lasts; null when nothing waits for it
     * @param earlierOwner whether an invocation of an earlier owner of the partition has to end first
     */
    record Waiting(int records, @Nullable Duration window, boolean earlierOwner) {
        public static final Waiting NOTHING = new Waiting(0, null, false);
    }

    /**
     * One assigned partition; offsets are -1 while unknown.
     *
     * @param end the next offset the broker will write
     * @param openTransaction the offset from which on records wait for the end of a transaction; -1 when none do, or it is not known
     * @param inFlight records handed to the function and not finished
     * @param attempt number of the running or last attempt of the batch in flight; 0 when none is
     * @param nextAttempt when a backoff ends; null when none is running
     */
    record PartitionDetail(String topic, int partition, long end, long openTransaction, long committed, int inFlight, int attempt,
            @Nullable Instant nextAttempt, Waiting waiting) {

        /** One of which nothing waits. */
        public PartitionDetail(String topic, int partition, long end, long openTransaction, long committed, int inFlight, int attempt,
                @Nullable Instant nextAttempt) {
            this(topic, partition, end, openTransaction, committed, inFlight, attempt, nextAttempt, Waiting.NOTHING);
        }

        /** What is to be committed, whether it can be read yet or not; -1 while unknown. */
        public long lag() {
            return end < 0 || committed < 0 ? -1 : Math.max(0, end - committed);
        }

        /** The same with what brokers say of its end. */
        public PartitionDetail written(long written, long open) {
            return new PartitionDetail(topic, partition, Math.max(end, written), open, committed, inFlight, attempt, nextAttempt, waiting);
        }
    }
}
