package dev.sluice.dispatch;

import dev.sluice.mapping.FunctionArn;
import dev.sluice.mapping.MappingId;
import java.util.List;

/**
 * Which records go to which function in one event. Immutable.
 *
 * @param records each partition once
 * @param eventLength bytes that hold the event, as {@link EventWriter#length} counts them
 */
public record Batch(MappingId mapping, FunctionArn function, EventWriter writer, List<PartitionRecords> records, int eventLength) {

    public Batch {
        records = List.copyOf(records);
        if (records.isEmpty()) {
            throw new IllegalArgumentException("records is empty");
        }
    }
}
