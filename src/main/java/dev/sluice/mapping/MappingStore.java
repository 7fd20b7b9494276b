package dev.sluice.mapping;

import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.Scope;
import dev.sluice.resource.Tags;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where mappings are kept. Every method is one transaction that is on disk when it returns; every change is conditional on what
 * the caller last saw, so that a late thread can't bring an old state back. Implementations are thread-safe and throw
 * {@link java.io.UncheckedIOException} when the storage fails. Times are kept to the microsecond, finer digits are cut off.
 */
public interface MappingStore {

    /**
     * Adds {@code mapping} unless a stored one duplicates it; then nothing changes and that one is returned. Its tags go when it is
     * removed.
     */
    Optional<EventSourceMapping> insert(EventSourceMapping mapping, Tags tags);

    /** As {@link #insert(EventSourceMapping, Tags)}, without tags. */
    default Optional<EventSourceMapping> insert(EventSourceMapping mapping) {
        return insert(mapping, Tags.NONE);
    }

    Optional<EventSourceMapping> find(MappingId id);

    /** Every mapping of every account and region, oldest first. */
    List<EventSourceMapping> all();

    /** The mappings {@code query} asks for, in the order of creation time, then id. */
    List<EventSourceMapping> list(Query query);

    /**
     * Stores {@code updated} if id, generation and state are still those of {@code seen}, and, when it goes to another function, no
     * other stored mapping duplicates it; else nothing changes. Its tags stay, and what the two record
     * methods below noted since {@code seen} was read stays: a starting position once applied is never taken back, and the
     * processing result changes only when {@code updated} has another one than {@code seen}.
     */
    Replacement replace(EventSourceMapping seen, EventSourceMapping updated);

    /** Removes the mapping if generation and state are still those of {@code seen}; whether it did. */
    boolean remove(EventSourceMapping seen);

    /** Notes a processing result without touching generation, state or LastModified; false when the generation is older. */
    boolean recordProcessingResult(MappingId id, long generation, String result);

    /** Notes that the starting position is committed at the broker; false when the generation is older. */
    boolean recordStartingPositionApplied(MappingId id, long generation);

    /** Notes why and since when the mapping doesn't go on, without touching anything else of it; false when the generation is older. */
    boolean recordFailure(MappingId id, long generation, MappingFailure failure);

    /** What {@link #recordFailure} noted last of this generation. */
    Optional<MappingFailure> failure(MappingId id, long generation);

    /** The tags of a mapping; empty when there is no such mapping. */
    Optional<Tags> tags(MappingId id);

    /**
     * Changes the tags of a mapping and nothing else of it; false when there is no such mapping. What {@code change} throws comes
     * back, and nothing is changed then.
     */
    boolean changeTags(MappingId id, UnaryOperator<Tags> change);

    /** What became of a replacement. */
    sealed interface Replacement {

        /** It is stored. */
        record Done() implements Replacement {
        }

        /** The mapping is not any more what was seen, or gone. */
        record Outdated() implements Replacement {
        }

        /** It would duplicate this one. */
        record Duplicate(EventSourceMapping existing) implements Replacement {
        }

        default boolean done() {
            return this instanceof Done;
        }
    }

    /**
     * One page of mappings.
     *
     * @param eventSourceArn only mappings of this MSK source; null for all
     * @param functionArn only mappings of this function: without a qualifier those of any qualifier; null for all
     * @param after the last mapping of the page before; null for the first page
     */
    record Query(Scope scope, @Nullable String eventSourceArn, @Nullable FunctionArn functionArn, @Nullable Cursor after, int limit) {
    }

    /** The place of a mapping in the order of {@link #list}. */
    record Cursor(Instant created, MappingId id) {
    }
}
