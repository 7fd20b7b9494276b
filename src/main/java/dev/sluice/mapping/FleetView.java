package dev.sluice.mapping;

import java.time.Instant;
import java.util.List;
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
     * @param lastError the last problem in full, null when there was none
     */
    record Detail(@Nullable String bootstrapServers, String consumerGroupId, @Nullable String lastError, List<PartitionDetail> partitions) {
        public Detail {
            partitions = List.copyOf(partitions);
        }
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
            @Nullable Instant nextAttempt) {

        /** What is to be committed, whether it can be read yet or not; -1 while unknown. */
        public long lag() {
            return end < 0 || committed < 0 ? -1 : Math.max(0, end - committed);
        }

        /** The same with what brokers say of its end. */
        public PartitionDetail written(long written, long open) {
            return new PartitionDetail(topic, partition, Math.max(end, written), open, committed, inFlight, attempt, nextAttempt);
        }
    }
}
