package dev.sluice.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dispatch.EventWriter;
import dev.sluice.mapping.EventSource;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class BatcherTest {

    private static final int ENVELOPE = 100;
    private static final int PARTITION = EventWriter.partitionLength("t", 0);
    /** The first partition and its first record have no comma before them, though the measures count one. */
    private static final int FIRST_COMMAS = 2;
    private static final long WINDOW = 500;

    private final RecordBuffer first = new RecordBuffer(new TopicPartition("t", 0));
    private final RecordBuffer second = new RecordBuffer(new TopicPartition("t", 1));

    @Test
    void waitsForTheWindowThatStartsWithTheFirstRecord() {
        Batcher batcher = batcher(10, 1_000_000);
        fill(first, 2, 10, 1_000);

        assertThat(batcher.next(List.of(first), 1_000 + WINDOW - 1)).isEmpty();
        assertThat(batcher.dueAt(List.of(first, second))).isEqualTo(1_000 + WINDOW);
        assertThat(sizes(batcher.next(List.of(first), 1_000 + WINDOW))).containsExactly(2);
    }

    @Test
    void closesAtBatchSizeWithoutWaiting() {
        Batcher batcher = batcher(3, 1_000_000);
        fill(first, 7, 10, 1_000);

        assertThat(sizes(batcher.next(List.of(first), 1_000))).containsExactly(3);
        assertThat(first.size()).isEqualTo(4);
    }

    @Test
    void takesAllItCanFromOnePartitionBeforeTheNext() {
        Batcher batcher = batcher(5, 1_000_000);
        fill(first, 4, 10, 2_000);
        fill(second, 4, 10, 1_000);

        List<RecordSlice> batch = batcher.next(List.of(first, second), 2_000);
        assertThat(batch).extracting(RecordSlice::partition).containsExactly(1, 0);
        assertThat(sizes(batch)).containsExactly(4, 1);
    }

    @Test
    void closesEarlyWhenTheNextRecordWouldPassTheByteLimit() {
        Batcher batcher = batcher(100, ENVELOPE + PARTITION + 25);
        fill(first, 3, 10, 1_000);

        assertThat(sizes(batcher.next(List.of(first), 1_000))).containsExactly(2);
        assertThat(batcher.next(List.of(first), 1_000)).as("the last one waits for the window").isEmpty();
    }

    @Test
    void countsTheSecondPartitionsOwnBytes() {
        Batcher batcher = batcher(100, ENVELOPE + PARTITION + 10 + PARTITION + 10 - FIRST_COMMAS - 1 - 1);
        fill(first, 1, 10, 1_000);
        fill(second, 1, 10, 1_001);

        assertThat(sizes(batcher.next(List.of(first, second), 1_001))).containsExactly(1);
        assertThat(second.size()).isEqualTo(1);
    }

    @Test
    void aRecordThatFitsNoEventIsABatchOfItsOwnAtItsTurn() {
        Batcher batcher = batcher(100, ENVELOPE + PARTITION + 10 - FIRST_COMMAS);
        fill(first, 1, 5, 1_000);
        fill(first, 1, 11, 1_000);
        fill(first, 2, 5, 1_000);

        assertThat(sizes(batcher.next(List.of(first), 1_000))).as("what came before it").containsExactly(1);
        List<RecordSlice> alone = batcher.next(List.of(first), 1_000);
        assertThat(alone).extracting(RecordSlice::measuredLength).containsExactly(11);
        assertThat(batcher.eventLength(alone)).isEqualTo(ENVELOPE + PARTITION + 11 - FIRST_COMMAS);
        assertThat(sizes(batcher.next(List.of(first), 1_000 + WINDOW))).as("what came after it").containsExactly(2);
    }

    @Test
    void aRecordThatFitsNoEventClosesTheBatchOfAnotherPartition() {
        Batcher batcher = batcher(100, ENVELOPE + PARTITION + 10 - FIRST_COMMAS);
        fill(first, 1, 5, 1_000);
        fill(second, 1, 11, 1_001);

        assertThat(sizes(batcher.next(List.of(first, second), 1_001))).containsExactly(1);
        assertThat(second.size()).isEqualTo(1);
    }

    @Test
    void aWindowOfZeroSendsWhatIsThere() {
        Batcher batcher = new Batcher(100, 0, ENVELOPE, 1_000_000);
        fill(first, 1, 10, 1_000);

        assertThat(sizes(batcher.next(List.of(first), 1_000))).containsExactly(1);
    }

    @Test
    void takesARecordWhoseEventHasExactlyTheBytesThatLambdaTakes() {
        EventWriter writer = new EventWriter(new EventSource.SelfManagedKafka(List.of("k:1")), "k:1");
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("t", 0, 7, new byte[5], new byte[300]);
        RecordSlice slice = RecordSlice.of(new TopicPartition("t", 0), List.of(record));
        int written = writer.write(List.of(slice), new byte[writer.length(List.of(slice))]);

        first.add(record, EventWriter.recordLength(slice, 0, EventWriter.fixedLength("t", 0)), 0);
        Batcher batcher = new Batcher(100, WINDOW, writer.envelopeLength(), written);

        assertThat(batcher.eventLength(batcher.next(List.of(first), WINDOW))).isEqualTo(written);
    }

    private static Batcher batcher(int batchSize, int maxBytes) {
        return new Batcher(batchSize, WINDOW, ENVELOPE, maxBytes);
    }

    private static void fill(RecordBuffer buffer, int count, int length, long arrival) {
        for (int i = 0; i < count; i++) {
            buffer.add(new ConsumerRecord<>("t", buffer.partition().partition(), i, null, new byte[0]), length, arrival);
        }
    }

    private static List<Integer> sizes(List<RecordSlice> batch) {
        return batch.stream().map(RecordSlice::size).toList();
    }
}
