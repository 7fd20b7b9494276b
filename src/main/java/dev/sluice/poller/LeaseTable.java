package dev.sluice.poller;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Which partitions of one mapping have an invocation under way in this server, whoever started it. A lease is held until the
 * invocation has truly ended, through revoke, disable and timeout; the partition's next owner waits for it and learns what it
 * delivered. Thread-safe; {@code this} guards everything, callbacks run without it.
 */
final class LeaseTable {

    /** Hears that a lease it waited for is over; what was delivered under it, {@link #takeDelivered} says. */
    interface Waiter {
        void freed();
    }

    private final Map<TopicPartition, Lease> held = new HashMap<>();
    private final Map<TopicPartition, Waiter> waiters = new HashMap<>();
    private final Map<TopicPartition, DeliveredPart> deliveredParts = new HashMap<>();

    /** What an invocation without an owner delivered: from {@code firstOffset} to before {@code deliveredTo}. */
    record DeliveredPart(long firstOffset, long deliveredTo) {

        /** Where reading goes on for an owner that begins at {@code position}. */
        long after(long position) {
            return position >= firstOffset && position < deliveredTo ? deliveredTo : position;
        }
    }

    /** The right to deliver from one partition. */
    final class Lease {
        private final TopicPartition partition;
        private final long firstOffset;
        private boolean orphaned;
        private boolean ofOtherRecords;
        /** Once it was given back: {@code deliveredTo} if anything was delivered, else -1. */
        private long delivered = -1;

        private Lease(TopicPartition partition, long firstOffset) {
            this.partition = partition;
            this.firstOffset = firstOffset;
        }

        /** Gives the right back once the invocation has ended; {@code deliveredTo} is -1 when its records were not delivered. */
        void release(long deliveredTo) {
            Waiter waiter;
            synchronized (LeaseTable.this) {
                held.remove(partition, this);
                waiter = waiters.remove(partition);
                delivered = deliveredTo;
                keepOutcome(); // also when somebody waits: it may have lost the partition by the time it hears of it
            }
            if (waiter != null) {
                waiter.freed();
            }
        }

        /**
         * Says that the owner gave the partition up: what the invocation still delivers, or delivered a moment ago without the owner having
         * heard of it, is for the next one to know.
         */
        void orphan() {
            synchronized (LeaseTable.this) {
                orphaned = true;
                keepOutcome();
            }
        }

        private void keepOutcome() {
            if (orphaned && delivered >= 0 && !ofOtherRecords) {
                deliveredParts.put(partition, new DeliveredPart(firstOffset, delivered));
            }
        }
    }

    /**
     * Takes the lease of a partition that nobody holds.
     *
     * @throws IllegalStateException when somebody does: the caller has lost the partition and has not heard of it
     */
    synchronized Lease acquire(TopicPartition partition, long firstOffset) {
        Lease lease = new Lease(partition, firstOffset);
        if (held.putIfAbsent(partition, lease) != null) {
            throw new IllegalStateException("another poller delivers from " + partition + " already");
        }
        return lease;
    }

    /** Whether an earlier owner still delivers; {@code waiter} is then told when it ends. The newest waiter replaces an older one. */
    synchronized boolean awaitIfHeld(TopicPartition partition, Waiter waiter) {
        if (!held.containsKey(partition)) {
            return false;
        }
        waiters.put(partition, waiter);
        return true;
    }

    /** Says that the partition's offsets mean other records now: what was or is being delivered is no news for any owner. */
    synchronized void forget(TopicPartition partition) {
        deliveredParts.remove(partition);
        Lease running = held.get(partition);
        if (running != null) {
            running.ofOtherRecords = true;
        }
    }

    /** What was delivered since the last owner gave the partition up; said once. Null when nothing was. */
    synchronized DeliveredPart takeDelivered(TopicPartition partition) {
        return deliveredParts.remove(partition);
    }
}
