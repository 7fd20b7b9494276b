package dev.sluice.poller;

import dev.sluice.dispatch.AttemptResult;
import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.DeliveryListener;
import dev.sluice.dispatch.DeliveryOutcome;
import dev.sluice.mapping.StateTransitionReason;
import java.util.List;
import java.util.function.Consumer;

/** One delivery under way as its poller sees it: which records, under which leases. Thread-safe. */
final class InFlight implements DeliveryListener {

    private final List<RecordSlice> slices;
    private final List<LeaseTable.Lease> leases;
    private final LoopReports reports;
    private final Consumer<Ended> owner;
    private volatile boolean functionNotValid;

    /** A delivery that is over, for the thread that owns the consumer. */
    record Ended(InFlight inFlight, Delivery delivery, DeliveryOutcome outcome) {
    }

    /** @param owner hears of the end; must not block */
    InFlight(List<RecordSlice> slices, List<LeaseTable.Lease> leases, LoopReports reports, Consumer<Ended> owner) {
        this.slices = slices;
        this.leases = leases;
        this.reports = reports;
        this.owner = owner;
    }

    List<RecordSlice> slices() {
        return slices;
    }

    /** Whether the delivery ended because the function can't be invoked until somebody changes it. */
    boolean functionNotValid() {
        return functionNotValid;
    }

    @Override
    public void attempted(Delivery delivery, AttemptResult result) {
        reports.processed(result.lastProcessingResult(), result.detail());
        if (result.kind() == AttemptResult.Kind.FUNCTION_NOT_VALID) {
            functionNotValid = true;
            reports.failed(StateTransitionReason.FUNCTION_CONFIG_NOT_VALID);
        }
    }

    @Override
    public void ended(Delivery delivery, DeliveryOutcome outcome) {
        for (int i = 0; i < leases.size(); i++) {
            leases.get(i).release(outcome == DeliveryOutcome.DELIVERED ? slices.get(i).lastOffset() + 1 : -1);
        }
        owner.accept(new Ended(this, delivery, outcome)); // a post to a queue, as a waiter of a lease is: neither fails
    }
}
