package dev.sluice.telemetry;

import dev.sluice.mapping.FilteredOut;
import dev.sluice.mapping.MappingId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the journal is kept. Implementations are thread-safe and throw {@link java.io.UncheckedIOException} when the storage fails;
 * what was saved before stays then.
 */
public interface JournalStore {

    /** What is kept at most. What still runs is kept in any case: there is no more of it than there are partitions. */
    record Retention(int deliveries, long bytes, int bodiesOfSuccesses, int attemptsAtEachEnd) {

        public static final Retention DEFAULT = new Retention(10_000, 256L * 1024 * 1024, 20, 10);

        public Retention {
            if (deliveries < 1 || bytes < 1 || bodiesOfSuccesses < 0 || attemptsAtEachEnd < 1) {
                throw new IllegalArgumentException("retention of " + deliveries + " deliveries, " + bytes + " bytes, "
                        + bodiesOfSuccesses + " successes with bodies, " + attemptsAtEachEnd + " attempts");
            }
        }
    }

    /**
     * Writes all of them in one transaction. Where a delivery is known, its summary and its settled records are replaced, and its
     * attempts are added to those it has.
     */
    void save(List<JournaledDelivery> news);

    /** Adds to what the filters of these mappings kept from their functions. */
    void addFilteredOut(Map<MappingId, FilteredOut> more);

    /** What was added, by mapping; of those that filtered last, as many as are kept. */
    Map<MappingId, FilteredOut> filteredOut();

    /** Removes what is over the retention. */
    void prune();

    /** Summaries, the newest first. */
    List<DeliverySummary> list(Query query);

    Optional<JournaledDelivery> find(String id);

    boolean contains(String id);

    /**
     * Which deliveries are meant.
     *
     * @param mapping null for any
     * @param function a function's name; null for any
     * @param states empty for any
     * @param before only deliveries older than the one with this id, which is in the store; null to begin with the newest
     */
    record Query(MappingId mapping, String function, Set<DeliveryState> states, String before, int limit) {
        public Query {
            states = Set.copyOf(states);
            if (limit < 1) {
                throw new IllegalArgumentException("limit is " + limit);
            }
        }
    }
}
