package dev.sluice.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What does a record of a topic hold?
 *
 * @param timestamp milliseconds since 1970; negative for none
 * @param value null of a tombstone
 * @param headers a value may be null
 */
public record TopicRecord(int partition, long offset, long timestamp, byte @Nullable [] key, byte @Nullable [] value,
        List<OutgoingRecord.Header> headers) {
    public TopicRecord {
        headers = List.copyOf(headers);
    }

    int bytes() {
        return (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
    }
}
