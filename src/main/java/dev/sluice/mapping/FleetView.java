package dev.sluice.mapping;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the pollers of a mapping are doing right now. Thread-safe; never talks to a broker on the caller's thread. */
public interface FleetView {

    /** A snapshot, or empty when nothing polls for this mapping. */
    Optional<Detail> detail(MappingId id);

    /** Ends a running backoff now; false when none was running. */
    boolean retryNow(MappingId id);

    /** Goes on without the records that fail right now; how many they are, 0 when nothing fails. */
    int skip(MappingId id);

    /**
     * @param bootstrapServers null when the configuration has none for the mapping's event source
     * @param lastError the last problem in full, null when there was none
     */
    record Detail(String bootstrapServers, String consumerGroupId, String lastError, List<PartitionDetail> partitions) {
        public Detail {
            partitions = List.copyOf(partitions);
        }
    }

    /**
     * One assigned partition; offsets are -1 while unknown.
     *
     * @param end the next offset the broker will write
     * @param inFlight records handed to the function and not finished
     * @param attempt number of the running or last attempt of the batch in flight; 0 when none is
     * @param nextAttempt when a backoff ends; null when none is running
     */
    record PartitionDetail(String topic, int partition, long end, long committed, long lag, int inFlight, int attempt,
                           Instant nextAttempt) {
    }
}
