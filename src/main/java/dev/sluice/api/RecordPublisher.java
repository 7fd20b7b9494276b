package dev.sluice.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** Writes single records to the default cluster. Thread-safe. */
public interface RecordPublisher {

    /**
     * Writes one record; never blocks. The future fails with the broker's or the client's reason when the record was not written.
     * Records of one topic and partition are written in the order of the calls.
     */
    CompletableFuture<Position> publish(String topic, OutgoingRecord record);

    /** Where a record was written. */
    record Position(String topic, int partition, long offset) {
    }

    /**
     * A record to be written. The arrays are not copied.
     *
     * @param key null for none
     * @param value null for a tombstone
     * @param partition null to leave the choice to the partitioner
     */
    record OutgoingRecord(Integer partition, byte[] key, byte[] value, List<Header> headers) {
        public OutgoingRecord {
            if (partition != null && partition < 0) {
                throw new IllegalArgumentException("partition is " + partition + "; the first is 0");
            }
            headers = List.copyOf(headers);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof OutgoingRecord that && Objects.equals(partition, that.partition)
                    && Arrays.equals(key, that.key) && Arrays.equals(value, that.value) && headers.equals(that.headers);
        }

        @Override
        public int hashCode() {
            return Objects.hash(partition, Arrays.hashCode(key), Arrays.hashCode(value), headers);
        }

        /** Leaves the payload out: records don't belong in logs. */
        @Override
        public String toString() {
            return "OutgoingRecord[partition=" + partition + ", headers=" + headers.size() + "]";
        }
    }

    /** One header; {@code value} is text, as nearly every header is. */
    record Header(String name, String value) {
        public Header {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }

        public byte[] bytes() {
            return value.getBytes(StandardCharsets.UTF_8);
        }
    }
}
