package dev.sluice.diagnosis;

import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FilteredOut;
import dev.sluice.mapping.FleetView;
import dev.sluice.mapping.MappingFailure;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a mapping when somebody asks why? Immutable.
 *
 * @param pollers what they are doing; null when nobody polls
 * @param filtered what its filters kept from the function since the server was started; null when nothing
 * @param failure why it is disabled; null when it is not, or somebody has done it
 * @param function what is known of its function; null when there is none
 */
public record Observed(EventSourceMapping mapping, FleetView.@Nullable Detail pollers, @Nullable FilteredOut filtered,
        @Nullable MappingFailure failure, @Nullable Function function) {

    /** @param reservedConcurrency how many invocations may run at once; null when that was not said */
    public record Function(@Nullable Integer reservedConcurrency) {
    }

    public Observed {
        Objects.requireNonNull(mapping, "mapping");
    }
}
