package dev.sluice.testing;

import dev.sluice.dispatch.PartitionRecords;
import java.util.stream.LongStream;

/** Records of one partition of which only the offsets matter: no keys, the value {@code x}. Immutable. */
public final class Offsets implements PartitionRecords {

    private final String topic;
    private final int partition;
    private final long[] offsets;

    private Offsets(String topic, int partition, long[] offsets) {
        this.topic = topic;
        this.partition = partition;
        this.offsets = offsets;
    }

    public static Offsets of(String topic, int partition, long... offsets) {
        return new Offsets(topic, partition, offsets.clone());
    }

    /** Both ends included. */
    public static Offsets range(String topic, int partition, long first, long last) {
        return new Offsets(topic, partition, LongStream.rangeClosed(first, last).toArray());
    }

    @Override
    public String topic() {
        return topic;
    }

    @Override
    public int partition() {
        return partition;
    }

    @Override
    public int size() {
        return offsets.length;
    }

    @Override
    public long offset(int index) {
        return offsets[index];
    }

    @Override
    public long timestamp(int index) {
        return 0;
    }

    @Override
    public String timestampType(int index) {
        return "CREATE_TIME";
    }

    @Override
    public byte[] key(int index) {
        return null;
    }

    @Override
    public byte[] value(int index) {
        return new byte[] {'x'};
    }

    @Override
    public int headerCount(int index) {
        return 0;
    }

    @Override
    public String headerKey(int index, int header) {
        throw new IndexOutOfBoundsException(header);
    }

    @Override
    public byte[] headerValue(int index, int header) {
        throw new IndexOutOfBoundsException(header);
    }
}
