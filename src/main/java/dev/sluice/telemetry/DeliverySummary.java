package dev.sluice.telemetry;

import dev.sluice.dispatch.PartitionOffsets;
import dev.sluice.mapping.MappingId;
import dev.sluice.resource.FunctionArn;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** One line of the journal: which records went where, and how that stands. Immutable. */
public record DeliverySummary(String id, Origin origin, DeliveryState state, Period period, List<PartitionOffsets> records,
        Progress progress) {

    /** @param replayOf the delivery this one replays; null for one of the mapping itself */
    public record Origin(MappingId mapping, FunctionArn function, String replayOf) {
        public Origin {
            Objects.requireNonNull(mapping, "mapping");
            Objects.requireNonNull(function, "function");
        }
    }

    /** @param ended null while it runs, or when the server was killed meanwhile */
    public record Period(Instant firstSeen, Instant ended) {
        public Period {
            Objects.requireNonNull(firstSeen, "firstSeen");
        }
    }

    /**
     * @param attempts how many there were
     * @param lastResult of the last one, AWS's {@code LastProcessingResult}; null before the first
     * @param lastDetail the cause in full; null or empty when there is none
     * @param destinationError why the on-failure destination did not take records the last time; null when it never failed
     */
    public record Progress(int attempts, String lastResult, String lastDetail, String destinationError) {
    }

    public DeliverySummary {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(period, "period");
        Objects.requireNonNull(progress, "progress");
        records = List.copyOf(records);
    }

    /** How many records it has. */
    public int size() {
        return records.stream().mapToInt(PartitionOffsets::count).sum();
    }
}
