package dev.sluice.queue;

import dev.sluice.batching.Batcher;
import dev.sluice.batching.RecordBuffer;
import dev.sluice.batching.RecordSlice;
import dev.sluice.dispatch.Batch;
import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.EventWriter;
import dev.sluice.dispatch.PartitionRecords;
import dev.sluice.dispatch.Redelivery;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.Fact;
import dev.sluice.mapping.FleetView;
import dev.sluice.poller.Mailbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of the records of a lane's poll: cuts them into batches and has those delivered at once, keeps their locks while they run, and
 * acknowledges what has ended. Confined to the thread that owns the consumer.
 */
final class LaneDeliveries {

    private static final Logger LOG = LoggerFactory.getLogger(LaneDeliveries.class);
    private static final Duration COMMIT = Duration.ofMillis(1_500);
    /** A third of a lock's time is left when it is renewed for the second time. */
    private static final int RENEWALS = 3;

    private final EventSourceMapping mapping;
    private final QueueContext context;
    private final Fact.Listener facts;
    private final EventWriter writer;
    private final Batcher batcher;
    private final Mailbox mailbox;
    private final Held held;
    private long renewEvery;
    private long renewAt;
    private boolean halted;

    /** @param advertised how events name the brokers */
    LaneDeliveries(EventSourceMapping mapping, QueueContext context, Fact.Listener facts, Mailbox mailbox, Held held, String advertised) {
        this.mapping = mapping;
        this.context = context;
        this.facts = facts;
        this.mailbox = mailbox;
        this.held = held;
        this.writer = new EventWriter(mapping.source().eventSource(), advertised);
        this.batcher = new Batcher(mapping.settings().batchSize(), 0, writer.envelopeLength(), EventWriter.MAX_EVENT_BYTES);
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    /** Whether batches wait for the function to change: it can't be invoked, and the mapping is about to be disabled. */
    boolean halted() {
        return halted;
    }

    /** @param buffers what a poll brought and the filters let through @param deliveryLimit how often the group hands a record out */
    void begin(List<RecordBuffer> buffers, int lockMillis, int deliveryLimit) {
        renewEvery = TimeUnit.MILLISECONDS.toNanos(Math.max(1, lockMillis / RENEWALS));
        renewAt = now() + renewEvery;
        long received = context.clock().nanos();
        Redelivery redelivery = new Redelivery(deliveryLimit, context.archivesAtLimit());
        for (List<RecordSlice> slices = batcher.next(buffers, received); !slices.isEmpty(); slices = batcher.next(buffers, received)) {
            HeldBatch batch = new HeldBatch(slices, facts, owner(), lastChance(slices, deliveryLimit));
            // What it tells meanwhile waits in the mailbox. One that could not begin is not held: closing the consumer gives its records back.
            batch.deliveredBy(
                    context.dispatcher().deliver(new Batch(mapping, writer, slices, batcher.eventLength(slices), redelivery), batch));
            held.add(batch);
        }
        held.commit(); // what the filters refused
    }

    /** What to say of a record that would be archived if it were released again; null when there is none. */
    private String lastChance(List<RecordSlice> slices, int deliveryLimit) {
        if (context.archivesAtLimit() || mapping.settings().failureHandling().onFailureDestination() != null) {
            return null;
        }
        for (RecordSlice slice : slices) {
            for (int i = 0; i < slice.size(); i++) {
                if (slice.deliveryCount(i) >= deliveryLimit) {
                    return slice.topic() + "-" + slice.partition() + " offset " + slice.offset(i) + " was handed out "
                            + slice.deliveryCount(i) + " times, as often as share group " + mapping.source().consumerGroupId()
                            + " does (share.delivery.count.limit " + deliveryLimit + "); Kafka would archive it unseen, so it is kept and"
                            + " tried again. Make the function take it, give the mapping an on-failure destination, or go on without it:"
                            + " sluice mappings skip " + mapping.id();
                }
            }
        }
        return null;
    }

    private HeldBatch.Owner owner() {
        return new HeldBatch.Owner() {

            @Override
            public void settled(HeldBatch batch, AcknowledgeType as, List<? extends PartitionRecords> records) {
                mailbox.post(() -> held.settled(batch, as, records));
            }

            @Override
            public void ended(HeldBatch batch, boolean functionNotValid) {
                mailbox.post(() -> {
                    held.ended(batch);
                    held.commit();
                    halted |= functionNotValid;
                });
            }
        };
    }

    /** Waits for what runs, and keeps its locks. */
    void attend(Duration atMost) {
        mailbox.waitUntil(Long.MAX_VALUE);
        long left = renewAt - now();
        if (left <= 0) {
            renew();
            return;
        }
        await(Duration.ofNanos(Math.min(left, atMost.toNanos())));
        held.commit();
    }

    private void renew() {
        Set<TopicPartition> lost = held.renew(COMMIT);
        if (!lost.isEmpty()) {
            LOG.warn("Mapping {} has lost the locks of what it has of {}: those records may be delivered again; more: sluice mappings {}",
                    mapping.id(), lost, mapping.id());
        }
        renewAt = now() + renewEvery;
    }

    /** Waits for the next thing that is posted, and runs what was. */
    void await(Duration atMost) {
        try {
            if (mailbox.runNext(atMost.toNanos())) {
                mailbox.run();
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e); // sets the thread's flag again
        }
    }

    /** Makes no further attempt; what runs goes on. */
    void stop() {
        deliveries().forEach(Delivery::stop);
    }

    /** Ends every backoff now; whether one was running. */
    boolean retryNow() {
        halted = false;
        boolean any = false;
        for (Delivery delivery : deliveries()) {
            any |= delivery.retryNow();
        }
        return any;
    }

    /** Goes on without the records that fail; how many they are. */
    int skip() {
        return deliveries().stream().mapToInt(Delivery::skip).sum();
    }

    /** What of each partition is with the function; where the group stands there, nobody knows here. */
    List<FleetView.PartitionDetail> details() {
        Map<String, FleetView.PartitionDetail> details = new TreeMap<>();
        for (HeldBatch batch : held.batches()) {
            for (int i = 0; i < batch.slices().size(); i++) {
                RecordSlice slice = batch.slices().get(i);
                int inFlight = slice.size() - batch.finished(i).cardinality();
                details.merge(slice.topicPartition().toString(),
                        new FleetView.PartitionDetail(slice.topic(), slice.partition(), -1, -1, -1, inFlight,
                                batch.delivery().attempts(), batch.delivery().nextAttempt()),
                        ShareOffsets::sum);
            }
        }
        return new ArrayList<>(details.values());
    }

    private List<Delivery> deliveries() {
        return held.batches().stream().map(HeldBatch::delivery).toList();
    }

    private long now() {
        return context.nanos().getAsLong();
    }
}
