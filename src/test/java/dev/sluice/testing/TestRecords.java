package dev.sluice.testing;

import dev.sluice.dispatch.PartitionRecords;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Records of one partition, made by hand. Not thread-safe while records are added. */
public final class TestRecords implements PartitionRecords {

    public record Header(String key, byte[] value) {
    }

    private record Entry(long offset, long timestamp, String timestampType, byte[] key, byte[] value, List<Header> headers) {
    }

    private final String topic;
    private final int partition;
    private final List<Entry> entries = new ArrayList<>();

    public TestRecords(String topic, int partition) {
        this.topic = topic;
        this.partition = partition;
    }

    public TestRecords add(long offset, long timestamp, byte[] key, byte[] value, List<Header> headers) {
        entries.add(new Entry(offset, timestamp, "CREATE_TIME", key, value, headers));
        return this;
    }

    /** A record of text with a header {@code trace: x}; key and value may be null. */
    public TestRecords add(long offset, long timestamp, String key, String value) {
        return add(offset, timestamp, bytes(key), bytes(value), List.of(new Header("trace", bytes("x"))));
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /** A record whose timestamp the broker gave it. */
    public TestRecords addAppended(long offset, long timestamp, byte[] value) {
        entries.add(new Entry(offset, timestamp, "LOG_APPEND_TIME", null, value, List.of()));
        return this;
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
        return entries.size();
    }

    @Override
    public long offset(int index) {
        return entries.get(index).offset();
    }

    @Override
    public long timestamp(int index) {
        return entries.get(index).timestamp();
    }

    @Override
    public String timestampType(int index) {
        return entries.get(index).timestampType();
    }

    @Override
    public byte[] key(int index) {
        return entries.get(index).key();
    }

    @Override
    public byte[] value(int index) {
        return entries.get(index).value();
    }

    @Override
    public int headerCount(int index) {
        return entries.get(index).headers().size();
    }

    @Override
    public String headerKey(int index, int header) {
        return entries.get(index).headers().get(header).key();
    }

    @Override
    public byte[] headerValue(int index, int header) {
        return entries.get(index).headers().get(header).value();
    }
}
