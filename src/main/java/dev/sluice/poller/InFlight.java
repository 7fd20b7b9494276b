package dev.sluice.poller;

import dev.sluice.batching.RecordSlice;
import dev.sluice.dispatch.AttemptReport;
import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.DeliveryListener;
import dev.sluice.dispatch.Fate;
import dev.sluice.dispatch.PartitionRecords;
import dev.sluice.mapping.Fact;
import dev.sluice.mapping.StateTransitionReason;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * One delivery under way as its poller sees it: which records, under which leases. What its delivery tells comes one call after the
 * other, on other threads than the poller's; {@link #functionNotValid} is for any thread.
 */
final class InFlight implements DeliveryListener {

    private final List<RecordSlice> slices;
    private final List<LeaseTable.Lease> leases;
    private final Fact.Listener facts;
    private final Owner owner;
    private final Progress[] progress;
    private List<PartitionRecords> untold = new ArrayList<>(1);
    private volatile boolean functionNotValid;

    /** Who hears what became of the records, for the thread that owns the consumer; must not block. */
    interface Owner {

        /**
         * @param finished since the last call
         * @param over whether nothing more comes: what is not finished by now is not delivered
         */
        void progressed(InFlight inFlight, Delivery delivery, List<PartitionRecords> finished, boolean over);
    }

    InFlight(List<RecordSlice> slices, List<LeaseTable.Lease> leases, Fact.Listener facts, Owner owner) {
        this.slices = slices;
        this.leases = leases;
        this.facts = facts;
        this.owner = owner;
        this.progress = new Progress[slices.size()];
        for (int i = 0; i < progress.length; i++) {
            progress[i] = new Progress(slices.get(i));
        }
    }

    List<RecordSlice> slices() {
        return slices;
    }

    /** Whether the delivery ended because the function can't be invoked until somebody changes it. */
    boolean functionNotValid() {
        return functionNotValid;
    }

    @Override
    public void attempted(Delivery delivery, AttemptReport report) {
        if (report.kind() != AttemptReport.Kind.MOVED) { // after which the next attempt says how it goes
            facts.tell(new Fact.Processed(report.trouble(), report.lastProcessingResult(), report.detail()));
        }
        if (report.kind() == AttemptReport.Kind.FUNCTION_NOT_VALID) {
            functionNotValid = true;
            facts.tell(new Fact.Failed(StateTransitionReason.FUNCTION_CONFIG_NOT_VALID, report.detail()));
        }
    }

    @Override
    public void settled(Delivery delivery, Fate fate, List<? extends PartitionRecords> records) {
        boolean anyUnfinished = false;
        for (PartitionRecords finished : records) {
            untold.add(finished);
        }
        for (int i = 0; i < progress.length; i++) {
            if (!progress[i].complete()) {
                records.forEach(progress[i]::finished);
                if (progress[i].complete()) {
                    // The partition has nothing unfinished here any more: its next batch needs not wait for the others'.
                    leases.get(i).release(slices.get(i).lastOffset() + 1);
                } else {
                    anyUnfinished = true;
                }
            }
        }
        if (anyUnfinished) {
            tell(delivery, false); // otherwise the end follows at once
        }
    }

    @Override
    public void ended(Delivery delivery) {
        for (int i = 0; i < progress.length; i++) {
            if (!progress[i].complete()) {
                leases.get(i).release(progress[i].deliveredTo());
            }
        }
        tell(delivery, true);
    }

    private void tell(Delivery delivery, boolean over) {
        List<PartitionRecords> finished = untold;
        untold = new ArrayList<>(1);
        owner.progressed(this, delivery, finished, over); // a post to a queue, as a waiter of a lease is: neither fails
    }

    /** Which records of a slice are finished. */
    private static final class Progress {

        private final RecordSlice slice;
        /** Null until some, but not all, are finished. */
        private BitSet finished;
        private boolean all;

        private Progress(RecordSlice slice) {
            this.slice = slice;
        }

        boolean complete() {
            return all;
        }

        void finished(PartitionRecords records) {
            if (records == slice) {
                all = true;
            } else if (records.partition() == slice.partition() && records.topic().equals(slice.topic())) {
                if (finished == null) {
                    finished = new BitSet(slice.size());
                }
                for (int i = 0; i < records.size(); i++) {
                    finished.set(slice.indexOf(records.offset(i)));
                }
                all = finished.nextClearBit(0) == slice.size();
            }
        }

        /** The offset of the first record that is not finished; -1 when that is the very first. */
        long deliveredTo() {
            int first = finished == null ? 0 : finished.nextClearBit(0);
            return first == 0 ? -1 : slice.offset(first);
        }
    }
}
