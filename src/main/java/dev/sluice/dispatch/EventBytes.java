package dev.sluice.dispatch;

import dev.sluice.invocation.Payload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which bytes the function gets for the part of a batch that is its turn: written by the first attempt, read by the later ones. Used
 * by one step of a delivery after the other.
 */
final class EventBytes {

    private final Batch batch;
    private final EventBuffers buffers;
    private volatile List<? extends PartitionRecords> records;
    private volatile @Nullable Payload written;

    EventBytes(Batch batch, EventBuffers buffers) {
        this.batch = batch;
        this.buffers = buffers;
        this.records = batch.records();
    }

    /** From now on the event is that of {@code part}. */
    void next(Part part) {
        if (part.records() != records) {
            release();
            records = part.records();
        }
    }

    /** The event, on the thread that invokes the function. */
    Payload get() {
        Payload event = written;
        if (event == null) {
            byte[] buffer = buffers.take(length(records));
            event = new Payload(buffer, batch.writer().write(records, buffer));
            written = event;
        }
        return event;
    }

    /** The event as it is written; null when no function got it, or one that timed out did. */
    @Nullable
    Payload written() {
        return written;
    }

    /** Bytes that hold the event of {@code part}. */
    int length(Part part) {
        return length(part.records());
    }

    /** A handler may go on reading after its time was up: its bytes are never used again. */
    void abandon() {
        written = null;
    }

    /** The bytes may be used for other events. */
    void release() {
        Payload event = written;
        written = null;
        if (event != null) {
            buffers.giveBack(event.bytes());
        }
    }

    private int length(List<? extends PartitionRecords> some) {
        return some == batch.records() ? batch.eventLength() : batch.writer().length(some);
    }
}
