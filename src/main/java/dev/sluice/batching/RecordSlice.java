package dev.sluice.batching;

import dev.sluice.dispatch.PartitionRecords;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;

/**
 * A run of consumer records of one partition, seen as {@code dispatch} sees them. The records don't change; read by one thread at a time.
 */
public final class RecordSlice implements PartitionRecords {

    private static final String CREATE_TIME = TimestampType.CREATE_TIME.name();
    private static final String LOG_APPEND_TIME = TimestampType.LOG_APPEND_TIME.name();

    private final TopicPartition partition;
    private final ConsumerRecord<byte[], byte[]>[] records;

    /** The headers of the record read last: reading them one by one from Kafka's list would copy it each time. */
    private int headersOf = -1;
    private Header[] headers;

    private final int measuredLength;

    /** @param measuredLength bytes of all the records in an event; 0 when they were not measured */
    public RecordSlice(TopicPartition partition, ConsumerRecord<byte[], byte[]>[] records, int measuredLength) {
        this.partition = partition;
        this.records = records;
        this.measuredLength = measuredLength;
    }

    public int measuredLength() {
        return measuredLength;
    }

    @SuppressWarnings("unchecked") // an array of a generic type can't be made otherwise
    public static RecordSlice of(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        return new RecordSlice(partition, (ConsumerRecord<byte[], byte[]>[]) records.toArray(new ConsumerRecord<?, ?>[0]), 0);
    }

    public TopicPartition topicPartition() {
        return partition;
    }

    public long firstOffset() {
        return records[0].offset();
    }

    public long lastOffset() {
        return records[records.length - 1].offset();
    }

    /** The index of the record at {@code offset}, which is one of them. */
    public int indexOf(long offset) {
        int low = 0;
        int high = records.length - 1;
        while (low < high) {
            int middle = low + high >>> 1;
            if (records[middle].offset() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Override
    public String topic() {
        return partition.topic();
    }

    @Override
    public int partition() {
        return partition.partition();
    }

    @Override
    public int size() {
        return records.length;
    }

    @Override
    public long offset(int index) {
        return records[index].offset();
    }

    @Override
    public int deliveryCount(int index) {
        return records[index].deliveryCount().orElse((short) 0);
    }

    /** One of the records as the consumer got it. */
    public ConsumerRecord<byte[], byte[]> record(int index) {
        return records[index];
    }

    @Override
    public long timestamp(int index) {
        return records[index].timestamp();
    }

    @Override
    public String timestampType(int index) {
        return switch (records[index].timestampType()) {
            case CREATE_TIME -> CREATE_TIME;
            case LOG_APPEND_TIME -> LOG_APPEND_TIME;
            case NO_TIMESTAMP_TYPE -> TimestampType.NO_TIMESTAMP_TYPE.name();
        };
    }

    @Override
    public byte[] key(int index) {
        return records[index].key();
    }

    @Override
    public byte[] value(int index) {
        return records[index].value();
    }

    @Override
    public int headerCount(int index) {
        if (headersOf != index) {
            headers = records[index].headers().toArray();
            headersOf = index;
        }
        return headers.length;
    }

    @Override
    public String headerKey(int index, int header) {
        return headerCount(index) > header ? headers[header].key() : null;
    }

    @Override
    public byte[] headerValue(int index, int header) {
        return headerCount(index) > header ? headers[header].value() : null;
    }
}
