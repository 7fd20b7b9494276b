package dev.sluice.poller;

import dev.sluice.dispatch.Delivery;
import org.apache.kafka.common.TopicPartition;

/** Where one assigned partition stands: what waits, what is under way, what is committed. Confined to the thread that owns the consumer. */
final class AssignedPartition {

    private final TopicPartition partition;
    private final RecordBuffer buffer;
    private final CommitTracker tracker = new CommitTracker();
    private Delivery delivery;
    private LeaseTable.Lease lease;
    private int inFlight;
    private boolean blocked;
    private long committed;

    /** @param committed the group's committed offset, -1 when it has none */
    AssignedPartition(TopicPartition partition, long committed) {
        this.partition = partition;
        this.buffer = new RecordBuffer(partition);
        this.committed = committed;
    }

    TopicPartition partition() {
        return partition;
    }

    RecordBuffer buffer() {
        return buffer;
    }

    CommitTracker tracker() {
        return tracker;
    }

    /** Whether a batch of it may be delivered now. */
    boolean free() {
        return lease == null && !blocked;
    }

    /** Whether an earlier owner's invocation is still under way. */
    boolean blocked() {
        return blocked;
    }

    void block(boolean wait) {
        blocked = wait;
    }

    void takeLease(LeaseTable.Lease taken, int records) {
        lease = taken;
        inFlight = records;
    }

    void deliveredBy(Delivery running) {
        delivery = running;
    }

    /** The delivery under way; null when there is none. */
    Delivery delivery() {
        return delivery;
    }

    int inFlight() {
        return inFlight;
    }

    /** The delivery is over; its lease was given back where it ended. */
    void deliveryEnded() {
        delivery = null;
        lease = null;
        inFlight = 0;
    }

    long committed() {
        return committed;
    }

    void committed(long offset) {
        committed = offset;
    }
}
