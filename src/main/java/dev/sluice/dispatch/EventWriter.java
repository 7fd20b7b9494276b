package dev.sluice.dispatch;

import dev.sluice.mapping.EventSource;
import java.util.List;

/**
 * What bytes a batch becomes: AWS's Kafka event, measured record by record before it is written, and written once.
 *
 * <p>Members and their order as in the AWS Lambda developer guide, "Using Lambda with Amazon MSK" and "… with self-managed Apache
 * Kafka". What the guide leaves open: a record without a key or value has no such member, as Lambda sends tombstones (Powertools for
 * TypeScript, issue 5016); a header without a value is an empty array. Header bytes are signed (aws-lambda-java-libs, pull
 * request 260).
 *
 * <p>A JSON generator costs half the rate of this hand-written form. Immutable, thread-safe.
 */
public final class EventWriter {

    /** Lambda's limit for the payload of a synchronous invocation, in bytes. */
    public static final int MAX_EVENT_BYTES = 6_291_456;

    private static final byte[] END = JsonBytes.ascii("}}");
    private static final byte[] TOPIC = JsonBytes.ascii("{\"topic\":");
    private static final byte[] PARTITION = JsonBytes.ascii(",\"partition\":");
    private static final byte[] OFFSET = JsonBytes.ascii(",\"offset\":");
    private static final byte[] TIMESTAMP = JsonBytes.ascii(",\"timestamp\":");
    private static final byte[] TIMESTAMP_TYPE = JsonBytes.ascii(",\"timestampType\":\"");
    private static final byte[] KEY = JsonBytes.ascii("\",\"key\":\"");
    private static final byte[] VALUE = JsonBytes.ascii("\",\"value\":\"");
    private static final byte[] HEADERS = JsonBytes.ascii("\",\"headers\":[");
    private static final byte[] RECORD_END = JsonBytes.ascii("]}");

    private final byte[] start;

    /** @param bootstrapServers one string, comma-joined, as AWS writes it */
    public EventWriter(EventSource source, String bootstrapServers) {
        String origin = source.match(msk -> "\"aws:kafka\",\"eventSourceArn\":" + JsonBytes.quoted(msk.arn()),
                kafka -> "\"SelfManagedKafka\"");
        StringBuilder json = new StringBuilder("{\"eventSource\":").append(origin);
        json.append(",\"bootstrapServers\":").append(JsonBytes.quoted(bootstrapServers)).append(",\"records\":{");
        start = JsonBytes.utf8(json.toString());
    }

    /** The bytes of an event without any partition. */
    public int envelopeLength() {
        return start.length + END.length;
    }

    /** The bytes that the first record of a partition adds besides its own, its separating comma included. */
    public static int partitionLength(String topic, int partition) {
        // ,"topic-0":[]
        return 1 + JsonBytes.quotedLength(topic) + 1 + JsonBytes.digits(partition) + 3;
    }

    /** What every record of a partition takes besides its own values: to be measured once for many records. */
    public static int fixedLength(String topic, int partition) {
        return TOPIC.length + JsonBytes.quotedLength(topic) + PARTITION.length + JsonBytes.digits(partition) + OFFSET.length
                + TIMESTAMP.length + TIMESTAMP_TYPE.length + HEADERS.length + RECORD_END.length + 1;
    }

    /**
     * The bytes of one record in the event, its separating comma included.
     *
     * @param fixed the {@link #fixedLength} of its partition
     */
    public static int recordLength(PartitionRecords records, int i, int fixed) {
        int length = fixed + JsonBytes.digits(records.offset(i)) + JsonBytes.digits(records.timestamp(i))
                + records.timestampType(i).length();
        byte[] key = records.key(i);
        if (key != null) {
            length += KEY.length + JsonBytes.base64Length(key.length);
        }
        byte[] value = records.value(i);
        if (value != null) {
            length += VALUE.length + JsonBytes.base64Length(value.length);
        }
        int headers = records.headerCount(i);
        for (int h = 0; h < headers; h++) {
            // {"name":[1,2]},
            length += 4 + JsonBytes.quotedLength(records.headerKey(i, h)) + JsonBytes.signedBytesLength(records.headerValue(i, h));
        }
        return headers == 0 ? length : length - 1;
    }

    /**
     * The bytes of a whole event; at most what the three measures add up to (they count a comma before the first element too).
     */
    public int length(List<? extends PartitionRecords> batch) {
        int length = envelopeLength();
        for (PartitionRecords records : batch) {
            length += partitionLength(records.topic(), records.partition());
            int fixed = fixedLength(records.topic(), records.partition());
            for (int i = 0; i < records.size(); i++) {
                length += recordLength(records, i, fixed);
            }
        }
        return length;
    }

    /** Writes the event to the start of {@code buffer}, which must hold {@link #length}; returns the bytes written. */
    public int write(List<? extends PartitionRecords> batch, byte[] buffer) {
        int at = JsonBytes.put(start, buffer, 0);
        for (int p = 0; p < batch.size(); p++) {
            if (p > 0) {
                buffer[at++] = ',';
            }
            at = writePartition(batch.get(p), buffer, at);
        }
        return JsonBytes.put(END, buffer, at);
    }

    private static int writePartition(PartitionRecords records, byte[] buffer, int from) {
        String quotedTopic = JsonBytes.quoted(records.topic());
        byte[] name = JsonBytes.utf8(quotedTopic.substring(0, quotedTopic.length() - 1) + "-" + records.partition() + "\":[");
        byte[] prefix = JsonBytes.utf8("{\"topic\":" + quotedTopic + ",\"partition\":" + records.partition() + ",\"offset\":");
        int at = JsonBytes.put(name, buffer, from);
        int size = records.size();
        for (int i = 0; i < size; i++) {
            if (i > 0) {
                buffer[at++] = ',';
            }
            at = JsonBytes.put(prefix, buffer, at);
            at = writeRecord(records, i, buffer, at);
        }
        buffer[at++] = ']';
        return at;
    }

    private static int writeRecord(PartitionRecords records, int i, byte[] buffer, int from) {
        int at = JsonBytes.putNumber(records.offset(i), buffer, from);
        at = JsonBytes.put(TIMESTAMP, buffer, at);
        at = JsonBytes.putNumber(records.timestamp(i), buffer, at);
        at = JsonBytes.put(TIMESTAMP_TYPE, buffer, at);
        at = JsonBytes.putAscii(records.timestampType(i), buffer, at);
        byte[] key = records.key(i);
        if (key != null) {
            at = JsonBytes.put(KEY, buffer, at);
            at = JsonBytes.putBase64(key, buffer, at);
        }
        byte[] value = records.value(i);
        if (value != null) {
            at = JsonBytes.put(VALUE, buffer, at);
            at = JsonBytes.putBase64(value, buffer, at);
        }
        at = JsonBytes.put(HEADERS, buffer, at);
        int headers = records.headerCount(i);
        for (int h = 0; h < headers; h++) {
            if (h > 0) {
                buffer[at++] = ',';
            }
            buffer[at++] = '{';
            at = JsonBytes.put(JsonBytes.utf8(JsonBytes.quoted(records.headerKey(i, h))), buffer, at);
            buffer[at++] = ':';
            at = JsonBytes.putSignedBytes(records.headerValue(i, h), buffer, at);
            buffer[at++] = '}';
        }
        return JsonBytes.put(RECORD_END, buffer, at);
    }
}
