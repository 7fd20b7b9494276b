package dev.sluice.mapping;

import java.time.Instant;
import java.util.Objects;

/**
 * Where a mapping stands. Immutable.
 *
 * @param generation raised by create, update and delete and by nothing else; a report of an older one changes nothing
 * @param startingPositionApplied whether the starting position was turned into committed offsets; from then on partitions
 *     without a commit begin at their earliest record
 */
public record MappingStatus(MappingState state, StateTransitionReason reason, String lastProcessingResult,
        Instant lastModified, long generation, boolean startingPositionApplied) {

    /** What AWS shows until the first batch. */
    public static final String NO_RECORDS_PROCESSED = "No records processed";

    public MappingStatus {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(lastProcessingResult, "lastProcessingResult");
        Objects.requireNonNull(lastModified, "lastModified");
        if (generation < 1) {
            throw new IllegalArgumentException("generation is " + generation + "; the first is 1");
        }
    }
}
