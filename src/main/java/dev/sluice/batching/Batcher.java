package dev.sluice.batching;

import dev.sluice.dispatch.EventWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which waiting records make the next batch, and when: at BatchSize, at the end of the window counted from the first record, or
 * when the next record would take the event over its limit. A record that alone is over it is a batch of its own when its turn has
 * come, for the delivery to give up. Pure logic, immutable; reads and empties the buffers it is given.
 *
 * <p>AWS: "Batching behavior" in the AWS Lambda developer guide; for Kafka the window starts with the first record.
 */
public final class Batcher {

    /** The measures count a comma before every element; the first partition and a partition's first record have none. */
    private static final int FIRST_COMMAS = 2;

    private final int batchSize;
    private final long windowNanos;
    private final int envelopeLength;
    private final int maxBytes;

    /** @param maxBytes limit for the whole event, {@code envelopeLength} included */
    public Batcher(int batchSize, long windowNanos, int envelopeLength, int maxBytes) {
        this.batchSize = batchSize;
        this.windowNanos = windowNanos;
        this.envelopeLength = envelopeLength;
        this.maxBytes = maxBytes;
    }

    /**
     * Takes the next batch out of {@code free}, the buffers whose partition may be delivered; empty when none is due yet. Takes as
     * much as it can from one partition, the one that waits longest, before it takes from the next.
     */
    public List<RecordSlice> next(List<RecordBuffer> free, long now) {
        List<RecordBuffer> waiting = new ArrayList<>(free.size());
        for (RecordBuffer buffer : free) {
            if (buffer.size() > 0) {
                waiting.add(buffer);
            }
        }
        if (waiting.isEmpty()) {
            return List.of();
        }
        if (waiting.size() > 1) {
            waiting.sort(Comparator.comparingLong(RecordBuffer::firstArrival));
        }
        int[] counts = new int[waiting.size()];
        boolean full = fill(waiting, counts);
        if (!full && now - waiting.get(0).firstArrival() < windowNanos) {
            return List.of();
        }
        List<RecordSlice> batch = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                batch.add(waiting.get(i).take(counts[i]));
            }
        }
        return batch;
    }

    /** When the window of the longest waiting record ends; {@link Long#MAX_VALUE} when nothing waits. */
    public long dueAt(List<RecordBuffer> free) {
        long due = Long.MAX_VALUE;
        for (RecordBuffer buffer : free) {
            if (buffer.size() > 0) {
                due = Math.min(due, buffer.firstArrival() + windowNanos);
            }
        }
        return due;
    }

    /** The bytes of the event of {@code batch}. */
    public int eventLength(List<RecordSlice> batch) {
        long length = envelopeLength + 1L - FIRST_COMMAS;
        for (RecordSlice slice : batch) {
            length += EventWriter.partitionLength(slice.topic(), slice.partition()) - 1L + slice.measuredLength();
        }
        return Math.toIntExact(length);
    }

    /** Counts what fits, buffer by buffer; whether BatchSize or the byte limit was reached. */
    private boolean fill(List<RecordBuffer> waiting, int[] counts) {
        int total = 0;
        long bytes = envelopeLength;
        for (int i = 0; i < counts.length; i++) {
            RecordBuffer buffer = waiting.get(i);
            long before = bytes;
            bytes += EventWriter.partitionLength(buffer.partition().topic(), buffer.partition().partition());
            bytes -= before == envelopeLength ? FIRST_COMMAS : 1;
            int count = 0;
            while (count < buffer.size() && total < batchSize && bytes + buffer.length(count) <= maxBytes) {
                bytes += buffer.length(count);
                count++;
                total++;
            }
            if (total == 0) {
                count = 1; // of a length that no event can have
            }
            counts[i] = count;
            if (total == 0 || total == batchSize || count < buffer.size()) {
                return true;
            }
            if (count == 0) {
                bytes = before;
            }
        }
        return false;
    }
}
