package dev.sluice.mapping;

import java.time.Instant;
import java.util.Objects;

/**
 * Why, and since when, is a mapping Disabled that nobody has disabled? Immutable.
 *
 * @param cause in full, for people; what AWS shows of it is the StateTransitionReason
 */
public record MappingFailure(Instant since, String cause) {
    public MappingFailure {
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(cause, "cause");
    }
}
