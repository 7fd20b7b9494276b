package dev.sluice.dispatch;

import dev.sluice.mapping.EventSourceMapping;
import java.util.List;

/**
 * Which records go to which function in one event. Immutable.
 *
 * @param mapping says which function, and what happens when it doesn't take them
 * @param records each partition once
 * @param eventLength bytes that hold the event, as {@link EventWriter#length} counts them; more than
 *     {@link EventWriter#MAX_EVENT_BYTES} for a record that no function can be invoked with
 */
public record Batch(EventSourceMapping mapping, EventWriter writer, List<? extends PartitionRecords> records, int eventLength) {

    public Batch {
        records = List.copyOf(records);
        if (records.isEmpty()) {
            throw new IllegalArgumentException("records is empty");
        }
    }
}
