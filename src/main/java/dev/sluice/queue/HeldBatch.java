package dev.sluice.queue;

import dev.sluice.batching.RecordSlice;
import dev.sluice.dispatch.AttemptReport;
import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.DeliveryListener;
import dev.sluice.dispatch.Fate;
import dev.sluice.dispatch.PartitionRecords;
import dev.sluice.mapping.Fact;
import dev.sluice.mapping.StateTransitionReason;
import java.util.BitSet;
import java.util.List;
import org.apache.kafka.clients.consumer.AcknowledgeType;

/**
 * One batch of a poll as its lane sees it: which of its records are still with the function. What its delivery tells comes on other threads
 * than the lane's, and goes to the lane's mailbox.
 */
final class HeldBatch implements DeliveryListener {

    private final List<RecordSlice> slices;
    private final BitSet[] finished;
    private final Fact.Listener facts;
    private final Owner owner;
    private final String lastChance;
    private Delivery delivery;
    private volatile boolean notValid;

    /** Who hears what became of the records, for the thread that owns the consumer; must not block. */
    interface Owner {

        void settled(HeldBatch batch, AcknowledgeType as, List<? extends PartitionRecords> records);

        /** Nothing more comes: what is not settled is to be released. */
        void ended(HeldBatch batch, boolean functionNotValid);
    }

    /** @param lastChance what to tell beside what the function says, as a record of it would be archived if it were released; null when none would */
    HeldBatch(List<RecordSlice> slices, Fact.Listener facts, Owner owner, String lastChance) {
        this.slices = slices;
        this.facts = facts;
        this.owner = owner;
        this.lastChance = lastChance;
        this.finished = new BitSet[slices.size()];
        for (int i = 0; i < finished.length; i++) {
            finished[i] = new BitSet(slices.get(i).size());
        }
    }

    List<RecordSlice> slices() {
        return slices;
    }

    /** The lane's; the delivery may have ended before it is known here. */
    void deliveredBy(Delivery running) {
        delivery = running;
    }

    Delivery delivery() {
        return delivery;
    }

    /** The lane's: which records of the slice are finished. */
    BitSet finished(int slice) {
        return finished[slice];
    }

    /** The index of the slice that has these records. */
    int sliceOf(PartitionRecords records) {
        for (int i = 0; i < slices.size(); i++) {
            if (slices.get(i).partition() == records.partition() && slices.get(i).topic().equals(records.topic())) {
                return i;
            }
        }
        throw new IllegalArgumentException("not of this batch: " + records.topic() + "-" + records.partition());
    }

    int unfinished() {
        int unfinishedRecords = 0;
        for (int i = 0; i < finished.length; i++) {
            unfinishedRecords += slices.get(i).size() - finished[i].cardinality();
        }
        return unfinishedRecords;
    }

    @Override
    public void attempted(Delivery told, AttemptReport report) {
        if (report.kind() == AttemptReport.Kind.MOVED) {
            return; // the next attempt says how it goes
        }
        boolean last = lastChance != null && report.kind() == AttemptReport.Kind.FAILED;
        facts.tell(new Fact.Processed(report.trouble(), last ? "PROBLEM: " + lastChance : report.lastProcessingResult(),
                last ? report.detail() + ". " + lastChance : report.detail()));
        if (report.kind() == AttemptReport.Kind.FUNCTION_NOT_VALID) {
            notValid = true;
            facts.tell(new Fact.Failed(StateTransitionReason.FUNCTION_CONFIG_NOT_VALID, report.detail()));
        }
    }

    @Override
    public void settled(Delivery told, Fate fate, List<? extends PartitionRecords> records) {
        // What nobody has taken is rejected, so that a dead-letter topic of the group gets it (KIP-1191).
        owner.settled(this, fate == Fate.DROPPED ? AcknowledgeType.REJECT : AcknowledgeType.ACCEPT, records);
    }

    @Override
    public void ended(Delivery told) {
        owner.ended(this, notValid);
    }
}
