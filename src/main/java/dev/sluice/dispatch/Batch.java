package dev.sluice.dispatch;

import dev.sluice.mapping.EventSourceMapping;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which records go to which function in one event. Immutable.
 *
 * @param mapping says which function, and what happens when it doesn't take them
 * @param records each partition once
 * @param eventLength bytes that hold the event, as {@link EventWriter#length} counts them; more than
 *     {@link EventWriter#MAX_EVENT_BYTES} for a record that no function can be invoked with
 * @param redelivery of the share group that the records are from; null of a consumer group
 */
public record Batch(EventSourceMapping mapping, EventWriter writer, List<? extends PartitionRecords> records, int eventLength,
        @Nullable Redelivery redelivery) {

    public Batch {
        records = List.copyOf(records);
        if (records.isEmpty()) {
            throw new IllegalArgumentException("records is empty");
        }
    }

    /** One whose brokers deliver nothing again. */
    public Batch(EventSourceMapping mapping, EventWriter writer, List<? extends PartitionRecords> records, int eventLength) {
        this(mapping, writer, records, eventLength, null);
    }
}
