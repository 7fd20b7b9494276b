package dev.sluice.dispatch;

/**
 * Which records of one partition go into an event: a read-only view by index, in ascending offset, so that no object per record is
 * needed. The arrays are the records' own and must not be changed. Safe to read from one thread at a time.
 */
public interface PartitionRecords {

    /** One of the records, seen as if there were no others. */
    default PartitionRecords only(int index) {
        return Selection.of(this, new int[] {index});
    }

    String topic();

    int partition();

    int size();

    long offset(int index);

    /** How often a share group has handed this record out, this time included; 0 in a consumer group, which doesn't count. */
    default int deliveryCount(int index) {
        return 0;
    }

    /** Milliseconds since 1970; -1 when the record has none. */
    long timestamp(int index);

    /** Kafka's {@code TimestampType} by its enum name, as AWS writes it: {@code CREATE_TIME} or {@code LOG_APPEND_TIME}. */
    String timestampType(int index);

    /** Null when the record has no key. */
    byte[] key(int index);

    /** Null for a tombstone. */
    byte[] value(int index);

    int headerCount(int index);

    String headerKey(int index, int header);

    /** Null when the header has no value. */
    byte[] headerValue(int index, int header);
}
