package dev.sluice.poller;

import dev.sluice.dispatch.Batch;
import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.DeliveryOutcome;
import dev.sluice.dispatch.EventWriter;
import dev.sluice.mapping.EventSourceMapping;
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
    private final LoopReports reports;
    private final Session session;

    /** Partitions being given up: what ends undelivered there is the next owner's. */
    private Set<TopicPartition> leaving = Set.of();
    /** Set when the function can't be invoked: the mapping is about to be disabled, and nothing is gained by asking on. */
    private boolean halted;

    /** What one consumer's session shares. */
    record Session(Consumer<byte[], byte[]> consumer, Mailbox mailbox, Assignment assignment) {
    }

    Deliveries(EventSourceMapping mapping, EventWriter writer, PollerContext context, LeaseTable leases, LoopReports reports,
               Session session) {
        this.mapping = mapping;
        this.writer = writer;
        this.context = context;
        this.leases = leases;
        this.reports = reports;
        this.session = session;
    }

    /** Sends every batch that is due on its way. */
    void dispatchDue() {
        while (!halted) {
            List<RecordSlice> slices = session.assignment().nextBatch(now());
            if (slices.isEmpty()) {
                return;
            }
            dispatch(slices);
        }
    }

    /** Whether batches wait for the function to change. */
    boolean halted() {
        return halted;
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
        for (RecordSlice slice : slices) {
            LeaseTable.Lease lease = leases.acquire(slice.topicPartition(), slice.firstOffset());
            session.assignment().get(slice.topicPartition()).takeLease(lease, slice.size());
            taken.add(lease);
        }
        InFlight inFlight = new InFlight(slices, taken, reports, ended -> session.mailbox().post(() -> ended(ended)));
        Delivery delivery = context.dispatcher().deliver(
                new Batch(mapping, writer, List.copyOf(slices), eventLength(slices)), inFlight);
        for (RecordSlice slice : slices) {
            session.assignment().get(slice.topicPartition()).deliveredBy(delivery);
        }
    }

    private int eventLength(List<RecordSlice> slices) {
        int length = writer.envelopeLength();
        for (RecordSlice slice : slices) {
            length += EventWriter.partitionLength(slice.topic(), slice.partition()) + slice.measuredLength();
        }
        return length;
    }

    private void ended(InFlight.Ended ended) {
        for (RecordSlice slice : ended.inFlight().slices()) {
            AssignedPartition partition = session.assignment().get(slice.topicPartition());
            if (partition == null || partition.delivery() != ended.delivery()) {
                continue; // given up meanwhile: its next owner reads the records again
            }
            partition.deliveryEnded();
            if (ended.outcome() == DeliveryOutcome.DELIVERED) {
                partition.tracker().finished(slice.firstOffset(), slice.lastOffset());
            } else if (!leaving.contains(slice.topicPartition())) {
                rewind(partition);
            }
        }
        halted |= ended.inFlight().functionNotValid();
    }

    /** Goes back to the first unfinished record of a partition whose delivery was given up. */
    private void rewind(AssignedPartition partition) {
        long from = partition.committable();
        partition.buffer().clear();
        partition.tracker().clear();
        session.consumer().seek(partition.partition(), from);
        partition.next(from);
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
