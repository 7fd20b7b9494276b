package dev.sluice.cluster;

import java.util.List;
import java.util.Objects;

/**
 * Which record is to be sent? {@code partition} is null when the key decides, {@code key} is null when there is none, {@code value} is
 * null for a tombstone, {@code timestamp} is null for now, else milliseconds since the epoch. The arrays are not copied and must not change; so this record has no useful equality.
 */
public record OutgoingRecord(Integer partition, byte[] key, byte[] value, Long timestamp, List<Header> headers) {

    /** One header; {@code value} may be null. */
    public record Header(String name, byte[] value) {
        public Header {
            Objects.requireNonNull(name, "name");
        }
    }

    public OutgoingRecord {
        headers = List.copyOf(headers);
    }
}
