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
 * @param function what is known of its function
 * @param progress how it has got on since the server was started
 */
public record Observed(EventSourceMapping mapping, FleetView.@Nullable Detail pollers, @Nullable FilteredOut filtered,
        @Nullable MappingFailure failure, Function function, MappingProgress progress) {

    /** One whose progress nobody has followed. */
    public Observed(EventSourceMapping mapping, FleetView.@Nullable Detail pollers, @Nullable FilteredOut filtered,
            @Nullable MappingFailure failure, Function function) {
        this(mapping, pollers, filtered, failure, function, MappingProgress.NOTHING);
    }

    /** What is known of the function that a mapping names. */
    public sealed interface Function {

        /** There is none. @param elsewhere in which account and region one of this name is, as a sentence goes on; null for nowhere */
        record Missing(@Nullable String elsewhere) implements Function {
        }

        /**
         * There is one.
         *
         * @param reservedConcurrency how many invocations may run at once; null when that was not said
         * @param waiting how many wait until another one has ended
         * @param memoryMb how much memory it has
         * @param movedBecause why it runs in a process of its own although nobody said so; null when it doesn't
         */
        record Known(@Nullable Integer reservedConcurrency, int waiting, int memoryMb, @Nullable String movedBecause)
                implements Function {
        }
    }

    public Observed {
        Objects.requireNonNull(mapping, "mapping");
        Objects.requireNonNull(function, "function");
        Objects.requireNonNull(progress, "progress");
    }
}
