package dev.sluice.dispatch;

import dev.sluice.mapping.FunctionArn;
import dev.sluice.mapping.MappingId;
import java.util.List;

/** Which records go to which function in one event. Immutable. {@code records} holds each partition once. */
public record Batch(MappingId mapping, FunctionArn function, EventWriter writer, List<PartitionRecords> records) {

    public Batch {
        records = List.copyOf(records);
        if (records.isEmpty()) {
            throw new IllegalArgumentException("records is empty");
        }
    }

    public int recordCount() {
        int count = 0;
        for (PartitionRecords partition : records) {
            count += partition.size();
        }
        return count;
    }
}
