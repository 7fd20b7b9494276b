package dev.sluice.destination;

import dev.sluice.dispatch.EventWriter;
import dev.sluice.dispatch.FailedBatch;
import dev.sluice.dispatch.FailureCondition;
import dev.sluice.dispatch.PartitionRecords;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FailureHandling;
import dev.sluice.testing.Mappings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Records of one partition that failed, and the batches they make. */
final class FailedRecords implements PartitionRecords {

    static final Instant TIME = Instant.parse("2019-11-14T00:38:06.021Z");
    static final FailedBatch.LastResponse UNHANDLED = new FailedBatch.LastResponse(200, "$LATEST", "Unhandled");

    private record Entry(long offset, long timestamp, byte[] key, byte[] value) {
    }

    private final String topic;
    private final int partition;
    private final List<Entry> entries = new ArrayList<>();

    FailedRecords(String topic, int partition) {
        this.topic = topic;
        this.partition = partition;
    }

    /** With a header {@code trace: x} each; key and value may be null. */
    FailedRecords add(long offset, long timestamp, String key, String value) {
        entries.add(new Entry(offset, timestamp, bytes(key), bytes(value)));
        return this;
    }

    /** Of a mapping that sends to {@code destination}. */
    static FailedBatch batch(Mappings mapping, String destination, String bootstrapServers, FailedRecords... records) {
        return batch(mapping.failureHandling(new FailureHandling(null, null, null, false, destination)).build(), bootstrapServers,
                FailureCondition.RETRY_ATTEMPTS_EXHAUSTED, UNHANDLED, records);
    }

    static FailedBatch batch(EventSourceMapping mapping, String bootstrapServers, FailureCondition condition,
                             FailedBatch.LastResponse answer, FailedRecords... records) {
        EventWriter writer = new EventWriter(mapping.source().eventSource(), bootstrapServers);
        List<PartitionRecords> all = List.of(records);
        return new FailedBatch(mapping, condition, answer == null ? null : "316aa6d0-8154-4c5f-9af7-85d5f4a6bc81",
                answer == null ? 0 : 3, answer, all, writer, writer.length(all), TIME);
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
        return "CREATE_TIME";
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
        return 1;
    }

    @Override
    public String headerKey(int index, int header) {
        return "trace";
    }

    @Override
    public byte[] headerValue(int index, int header) {
        return bytes("x");
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
