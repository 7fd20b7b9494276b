package dev.sluice.poller;

import dev.sluice.batching.RecordBuffer;
import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.PartitionRecords;
import java.util.EnumSet;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** Where one assigned partition stands: what waits, what is under way, what is committed. Confined to the thread that owns the consumer. */
final class AssignedPartition {

    /** Why nothing of a partition is read, delivered or committed for now. */
    enum WaitReason {
        /** An earlier owner's invocation is still under way. */
        EARLIER_OWNER
    }

    private final TopicPartition partition;
    private final RecordBuffer buffer;
    private final CommitTracker tracker = new CommitTracker();
    private Delivery delivery;
    private LeaseTable.Lease lease;
    private int inFlight;
    private final Set<WaitReason> waits = EnumSet.noneOf(WaitReason.class);
    /** Raised whenever its offsets are read anew: what was asked before has no answer any more. */
    private int epoch;
    private boolean unreadable;
    private long committed;
    private long next;
    /** Where it ended when delivery time was moved: what is before that was there by then. */
    private long endBefore;

    /**
     * @param committed the group's committed offset, -1 when it has none
     * @param next where the consumer was set to begin
     */
    AssignedPartition(TopicPartition partition, long committed, long next) {
        this.partition = partition;
        this.buffer = new RecordBuffer(partition);
        this.committed = committed;
        this.next = next;
    }

    /**
     * The offset after everything that was received and kept. Not the consumer's own position: that moves on while a poll is under
     * way, and a poll that fails in the middle has lost what it read.
     */
    long next() {
        return next;
    }

    void next(long offset) {
        next = offset;
    }

    /** From now on it is behind until what comes before this offset was received. */
    void expect(long end) {
        endBefore = end;
    }

    boolean behind() {
        return next < endBefore;
    }

    /** The offset to commit. */
    long committable() {
        return tracker.committable(next);
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
        return lease == null && waits.isEmpty();
    }

    /** Whether it waits for something, so that nothing of it is read, delivered or committed. */
    boolean waits() {
        return !waits.isEmpty();
    }

    /** From now on it waits for this; what comes back says so to {@link #over}. */
    Wait waitFor(WaitReason reason) {
        waits.add(reason);
        return new Wait(reason, epoch);
    }

    /** It need not wait for that any more; false when the answer is too late, since the partition is read anew meanwhile. */
    boolean over(Wait wait) {
        return wait.epoch() == epoch && waits.remove(wait.reason());
    }

    /** @param epoch when it began */
    record Wait(WaitReason reason, int epoch) {
    }

    /** Forgets everything that was received, and begins at this offset. */
    void beginAnew(long offset) {
        epoch++;
        waits.clear();
        buffer.clear();
        tracker.clear();
        next = offset;
    }

    /** Whether what comes next can't be read, so that nothing more is fetched. */
    boolean unreadable() {
        return unreadable;
    }

    void stopReading() {
        unreadable = true;
    }

    /** So many of its records are on their way. */
    void deliveredBy(Delivery running, LeaseTable.Lease under, int records) {
        delivery = running;
        lease = under;
        inFlight = records;
    }

    /** The delivery under way; null when there is none. */
    Delivery delivery() {
        return delivery;
    }

    int inFlight() {
        return inFlight;
    }

    /** The partition is given up while a delivery may be under way. */
    void abandon() {
        if (lease != null) {
            lease.orphan();
        }
    }

    /** Records of the delivery under way are finished; with the last of them it is over here. */
    void finished(PartitionRecords records) {
        if (records.size() == inFlight) {
            tracker.finished(records.offset(0), records.offset(records.size() - 1));
            deliveryEnded();
            return;
        }
        for (int i = 0; i < records.size(); i++) {
            tracker.finished(records.offset(i), records.offset(i));
        }
        inFlight -= records.size();
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
