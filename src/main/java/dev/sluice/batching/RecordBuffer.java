package dev.sluice.batching;

import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Which records of one partition wait for a batch: received, measured, in order. Confined to the thread that owns the consumer.
 */
public final class RecordBuffer {

    private final TopicPartition partition;
    private ConsumerRecord<byte[], byte[]>[] records = newArray(256);
    private int[] lengths = new int[256];
    private long[] arrivals = new long[256];
    private int head;
    private int tail;
    private long bytes;

    public RecordBuffer(TopicPartition partition) {
        this.partition = partition;
    }

    /** @param length bytes of the record in an event @param arrival when it was received, in nanoseconds of the loop's clock */
    public void add(ConsumerRecord<byte[], byte[]> record, int length, long arrival) {
        if (tail == records.length) {
            makeRoom();
        }
        records[tail] = record;
        lengths[tail] = length;
        arrivals[tail] = arrival;
        tail++;
        bytes += length;
    }

    public TopicPartition partition() {
        return partition;
    }

    public int size() {
        return tail - head;
    }

    /** Bytes of all waiting records in an event. */
    public long bytes() {
        return bytes;
    }

    /** When the first waiting record was received; only when there is one. */
    public long firstArrival() {
        return arrivals[head];
    }

    /** The offset of the first waiting record; only when there is one. */
    public long firstOffset() {
        return records[head].offset();
    }

    public int length(int index) {
        return lengths[head + index];
    }

    /** Removes the first {@code count} records and returns them. */
    public RecordSlice take(int count) {
        int length = 0;
        for (int i = head; i < head + count; i++) {
            length += lengths[i];
        }
        RecordSlice slice = new RecordSlice(partition, Arrays.copyOfRange(records, head, head + count), length);
        bytes -= length;
        Arrays.fill(records, head, head + count, null);
        head += count;
        if (head == tail) {
            head = 0;
            tail = 0;
        }
        return slice;
    }

    public void clear() {
        Arrays.fill(records, head, tail, null);
        head = 0;
        tail = 0;
        bytes = 0;
    }

    private void makeRoom() {
        int size = size();
        int capacity = size > records.length / 2 ? records.length * 2 : records.length;
        ConsumerRecord<byte[], byte[]>[] larger = newArray(capacity);
        System.arraycopy(records, head, larger, 0, size);
        int[] largerLengths = new int[capacity];
        System.arraycopy(lengths, head, largerLengths, 0, size);
        long[] largerArrivals = new long[capacity];
        System.arraycopy(arrivals, head, largerArrivals, 0, size);
        records = larger;
        lengths = largerLengths;
        arrivals = largerArrivals;
        head = 0;
        tail = size;
    }

    @SuppressWarnings("unchecked") // an array of a generic type can't be made otherwise
    private static ConsumerRecord<byte[], byte[]>[] newArray(int length) {
        return (ConsumerRecord<byte[], byte[]>[]) new ConsumerRecord<?, ?>[length];
    }
}
