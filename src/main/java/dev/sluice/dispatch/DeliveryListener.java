package dev.sluice.dispatch;

import java.util.List;

/**
 * Who delivers the batch: hears what becomes of it. Calls arrive one after the other, on other threads than the one that delivers, and
 * must not block.
 */
public interface DeliveryListener {

    /** An invocation is over, or a try to send records to the destination; more follows, {@link #ended} at last. */
    void attempted(Delivery delivery, AttemptReport report);

    /**
     * These records of the batch are finished, and no invocation has them any more.
     *
     * @param records those of the batch itself where a whole partition is finished at once
     */
    void settled(Delivery delivery, Fate fate, List<? extends PartitionRecords> records);

    /**
     * Nobody tries any more and the last invocation has truly ended: what was not settled is not finished. Called exactly once.
     */
    void ended(Delivery delivery);
}
