package dev.sluice.telemetry;

import java.util.List;
import java.util.Objects;

/**
 * A delivery as the journal has it. Immutable.
 *
 * @param settled what became of its records, so far
 * @param attempts the first and the last ones; those in between are only counted
 */
public record JournaledDelivery(DeliverySummary summary, List<SettledRecords> settled, List<JournaledAttempt> attempts) {

    public JournaledDelivery {
        Objects.requireNonNull(summary, "summary");
        settled = List.copyOf(settled);
        attempts = List.copyOf(attempts);
    }
}
