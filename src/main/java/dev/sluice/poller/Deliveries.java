package dev.sluice.poller;

import dev.sluice.batching.RecordSlice;
import dev.sluice.dispatch.Batch;
import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.EventWriter;
import dev.sluice.dispatch.PartitionRecords;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.Fact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Which batches of a poller are under way: takes leases, hands batches to the dispatcher, and says what is finished when they end.
 * Confined to the thread that owns the consumer.
 */
final class Deliveries {

    private final EventSourceMapping mapping;
    private final EventWriter writer;
    private final PollerContext context;
    private final LeaseTable leases;
    private final Fact.Listener facts;
    private final Session session;

    /** Partitions being given up: what ends undelivered there is the next owner's. */
    private Set<TopicPartition> leaving = Set.of();
    /** Set when the function can't be invoked: the mapping is about to be disabled, and nothing is gained by asking on. */
    private boolean halted;
    /** Set when another session is to take over: what runs ends, nothing begins. */
    private boolean draining;

    /** What one consumer's session shares. */
    record Session(Consumer<byte[], byte[]> consumer, Mailbox mailbox, Assignment assignment) {
    }

    Deliveries(EventSourceMapping mapping, EventWriter writer, PollerContext context, LeaseTable leases, Fact.Listener facts,
            Session session) {
        this.mapping = mapping;
        this.writer = writer;
        this.context = context;
        this.leases = leases;
        this.facts = facts;
        this.session = session;
    }

    /** Sends every batch that is due on its way. */
    void dispatchDue() {
        while (!takesNothing()) {
            List<RecordSlice> slices = session.assignment().nextBatch(context.clock().nanos());
            if (slices.isEmpty()) {
                return;
            }
            dispatch(slices);
        }
    }

    /** Whether batches wait for the function to change, or for the next session. */
    boolean takesNothing() {
        return halted || draining;
    }

    /** Nothing begins any more, not even another attempt. */
    void drain() {
        if (!draining) {
            draining = true;
            session.assignment().deliveries().forEach(Delivery::stop);
        }
    }

    /** Whether what ran when it was to drain has ended. */
    boolean drained() {
        return draining && session.assignment().deliveries().isEmpty();
    }

    /** Ends every backoff now; whether one was running. */
    boolean retryNow() {
        halted = false;
        boolean any = false;
        for (Delivery delivery : session.assignment().deliveries()) {
            any |= delivery.retryNow();
        }
        return any;
    }

    /** Goes on without the records that fail; how many they are. */
    int skip() {
        int records = 0;
        for (Delivery delivery : session.assignment().deliveries()) {
            records += delivery.skip();
        }
        return records;
    }

    /**
     * Makes no further attempt for {@code partitions} and waits for their running invocations, {@code patience} at most. What still
     * runs then keeps its lease.
     */
    void stop(Set<TopicPartition> partitions, Duration patience) {
        for (AssignedPartition partition : session.assignment().all()) {
            if (partition.delivery() != null && partitions.contains(partition.partition())) {
                partition.delivery().stop();
            }
        }
        long deadline = now() + patience.toNanos();
        leaving = partitions;
        try {
            session.mailbox().run();
            boolean heard = true;
            while (heard && anyDelivering(partitions)) {
                heard = session.mailbox().runNext(Math.max(0, deadline - now()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            leaving = Set.of();
        }
    }

    private void dispatch(List<RecordSlice> slices) {
        List<LeaseTable.Lease> taken = new ArrayList<>(slices.size());
        Delivery delivery;
        try {
            for (RecordSlice slice : slices) {
                taken.add(leases.acquire(slice.topicPartition(), slice.firstOffset()));
            }
            InFlight inFlight = new InFlight(slices, taken, facts,
                    (told, running, finished, over) -> session.mailbox().post(() -> progressed(told, running, finished, over)));
            delivery = context.dispatcher().deliver(
                    new Batch(mapping, writer, List.copyOf(slices), session.assignment().eventLength(slices)), inFlight);
        } catch (RuntimeException | Error e) { // nothing is under way, and a lease that nobody gives back would hold its partition for ever
            taken.forEach(lease -> lease.release(-1));
            throw e;
        }
        for (int i = 0; i < slices.size(); i++) {
            session.assignment().get(slices.get(i).topicPartition()).deliveredBy(delivery, taken.get(i), slices.get(i).size());
        }
    }

    private void progressed(InFlight inFlight, Delivery delivery, List<PartitionRecords> finished, boolean over) {
        for (PartitionRecords records : finished) {
            AssignedPartition partition = delivering(records, delivery);
            if (partition != null) {
                partition.finished(records);
            }
        }
        if (over) {
            for (RecordSlice slice : inFlight.slices()) {
                AssignedPartition partition = delivering(slice, delivery);
                if (partition != null) {
                    partition.deliveryEnded();
                    if (!leaving.contains(partition.partition())) {
                        rewind(partition);
                    }
                }
            }
            halted |= inFlight.functionNotValid();
        }
    }

    /** The partition of {@code records} if this delivery still has it; null when it was given up, and its next owner reads them again. */
    private AssignedPartition delivering(PartitionRecords records, Delivery delivery) {
        AssignedPartition partition = session.assignment().get(new TopicPartition(records.topic(), records.partition()));
        return partition != null && partition.delivery() == delivery ? partition : null;
    }

    /** Goes back to the first unfinished record of a partition whose delivery was given up. */
    private void rewind(AssignedPartition partition) {
        long from = partition.committable();
        session.consumer().seek(partition.partition(), from);
        partition.beginAnew(from);
    }

    private boolean anyDelivering(Set<TopicPartition> partitions) {
        for (AssignedPartition partition : session.assignment().all()) {
            if (partition.delivery() != null && partitions.contains(partition.partition())) {
                return true;
            }
        }
        return false;
    }

    private long now() {
        return context.nanos().getAsLong();
    }
}
