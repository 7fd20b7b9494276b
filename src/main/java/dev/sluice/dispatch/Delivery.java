package dev.sluice.dispatch;

import dev.sluice.dispatch.DeliveryPlan.Change;
import dev.sluice.dispatch.DeliveryPlan.Step;
import dev.sluice.invocation.FunctionInvoker;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far one batch is on its way: waiting for a slot, running, being sent to the on-failure destination, backing off, or over.
 *
 * <p>One step follows the other, and whoever ends a step begins the next; what the steps are, the {@link DeliveryPlan} says.
 *
 * <p>Thread-safe: {@code this} guards the phase and the plan, and is never held while a listener, the function, the destination or a
 * writer of bytes runs.
 */
public final class Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    /** A planned next step. @param until by the delivery clock */
    record Backoff(Instant until, DeliveryClock.Scheduled planned) {
    }

    private enum Phase { QUEUED, RUNNING, SENDING, BACKING_OFF, OVER }

    private final Batch batch;
    private final DeliveryListeners listeners;
    private final Surroundings surroundings;
    private final EventBytes event;
    private final GivingUp givingUp;
    private final DeliveryClock.Waiter waiter;

    // Guarded by this.
    private final DeliveryPlan plan;
    private Phase phase = Phase.QUEUED;
    private @Nullable Attempt current;
    private int attempts;
    private int destinationFailures;
    private boolean failing;
    private boolean stopping;
    private boolean skipping;
    /** The wait before the brokers are to deliver again has begun. */
    private boolean releasing;
    private @Nullable Backoff backoff;
    private FunctionInvoker.Watch watch = FunctionInvoker.Watch.NONE;

    /** What the last invocation came to; null before. Written and read by whoever has the step. */
    private volatile @Nullable AttemptResult lastResult;

    Delivery(Batch batch, DeliveryListener listener, Surroundings surroundings) {
        this.batch = batch;
        this.listeners = new DeliveryListeners(this, listener, surroundings);
        this.surroundings = surroundings;
        this.event = new EventBytes(batch, surroundings.buffers());
        this.givingUp = new GivingUp(batch, surroundings);
        this.plan = new DeliveryPlan(batch);
        this.waiter = surroundings.clock().waiter(() -> {});
    }

    public Batch batch() {
        return batch;
    }

    /** The number of the running or last attempt; 0 before the first has its slot, or was refused one. */
    public synchronized int attempts() {
        return attempts;
    }

    /** When the running backoff ends, by the clock on the wall; null when none is running. */
    public synchronized @Nullable Instant nextAttempt() {
        return phase == Phase.BACKING_OFF && backoff != null ? surroundings.clock().real(backoff.until()) : null;
    }

    /** Ends a running backoff now; false when none was running. */
    public boolean retryNow() {
        synchronized (this) {
            if (stopping || !endBackoff()) {
                return false;
            }
        }
        proceed();
        return true;
    }

    /** Makes no further attempt: a wait ends at once, a running invocation goes on and still counts when it succeeds. */
    public void stop() {
        synchronized (this) {
            stopping = true;
        }
        interrupt();
    }

    /**
     * Goes on without the records that fail: at once, or when they are under way, as soon as they fail again. How many those are; 0
     * when nothing fails.
     */
    public int skip() {
        int records;
        synchronized (this) {
            if (!failing || stopping || phase == Phase.OVER) {
                return 0;
            }
            skipping = true;
            records = plan.head().size();
        }
        interrupt();
        return records;
    }

    void start() {
        proceed();
    }

    /** Ends a wait, for a slot or for the end of a backoff, so that what was asked for happens now. */
    private void interrupt() {
        Attempt queued;
        synchronized (this) {
            queued = phase == Phase.QUEUED ? current : null;
            if (queued == null && !endBackoff()) {
                return;
            }
        }
        if (queued == null || queued.cancel()) {
            proceed();
        }
    }

    /** With the lock held; true when this call ended it, and so has to go on. */
    private boolean endBackoff() {
        if (phase != Phase.BACKING_OFF || backoff == null || !backoff.planned().cancel()) {
            return false;
        }
        backoffEnded();
        return true;
    }

    /** With the lock held. */
    private void backoffEnded() {
        current = null;
        phase = Phase.QUEUED;
        waiter.works();
        watch.close();
        watch = FunctionInvoker.Watch.NONE;
    }

    private void afterBackoff() {
        synchronized (this) {
            if (phase != Phase.BACKING_OFF) {
                return;
            }
            backoffEnded();
        }
        proceed();
    }

    /** Begins the next step. Called by whoever ended the one before. */
    private void proceed() {
        Part skipped = null;
        Step step = new Step.Nothing();
        synchronized (this) {
            if (skipping && !stopping) {
                skipping = false;
                failing = false;
                skipped = plan.skipHead();
            }
            if (!stopping) {
                step = plan.next(surroundings.clock()::ago);
            }
        }
        listeners.settled(Fate.SKIPPED, skipped);
        if (step instanceof Step.Invoke invoke) {
            invoke(invoke.part());
        } else if (step instanceof Step.GiveUp giveUp) {
            giveUp(giveUp);
        } else if (step instanceof Step.Release && backOffBeforeRelease()) {
            endBackoffWithNewCode();
        } else {
            over();
        }
    }

    private void invoke(Part part) {
        event.next(part);
        Attempt attempt = new Attempt(part, event, surroundings, this);
        synchronized (this) {
            current = attempt;
            phase = Phase.QUEUED;
        }
        attempt.submit();
        boolean interrupted;
        synchronized (this) {
            interrupted = (stopping || skipping) && phase == Phase.QUEUED && current == attempt;
        }
        if (interrupted && attempt.cancel()) {
            proceed();
        }
    }

    /** An invocation has its slot. */
    void started() {
        synchronized (this) {
            attempts++;
            phase = Phase.RUNNING;
        }
    }

    /** An invocation has come to something, and may still be running. */
    void completed(Attempt attempt, AttemptResult result) {
        if (!attempt.started()) {
            synchronized (this) {
                attempts++; // refused instead: told under a number of its own
            }
        }
        listeners.attempted(result.report(), () -> attempt.observed(attempts(), result));
    }

    /** An invocation has truly ended. */
    void ended(AttemptResult result) {
        lastResult = result;
        if (result.kind() == AttemptResult.Kind.NOT_VALID) {
            over();
            return;
        }
        Change change;
        synchronized (this) {
            change = plan.ended(result, skipping && !stopping);
            skipping = false;
            if (result.kind() != AttemptResult.Kind.MOVED || change.skipped() != null) {
                failing = result.kind() != AttemptResult.Kind.TAKEN && change.skipped() == null;
            }
        }
        listeners.settled(Fate.DELIVERED, change.delivered());
        listeners.settled(Fate.SKIPPED, change.skipped());
        if (!change.later() || !backOff(false)) {
            proceed();
        } else {
            endBackoffWithNewCode();
        }
    }

    /** What was rebuilt or saved is tried at once. */
    private void endBackoffWithNewCode() {
        FunctionInvoker.Watch begun = surroundings.functions().watch(batch.mapping().settings().functionArn(), this::retryNow);
        synchronized (this) {
            if (phase == Phase.BACKING_OFF && watch == FunctionInvoker.Watch.NONE) {
                watch = begun;
                return;
            }
        }
        begun.close();
    }

    private void giveUp(Step.GiveUp step) {
        event.release(); // sending may take long
        synchronized (this) {
            phase = Phase.SENDING;
        }
        givingUp.begin(step, event.length(step.part()), (fate, failure) -> gaveUp(step, fate, failure));
    }

    /** @param fate null when the destination has not taken them, and is to be asked again @param failure null when it has not failed */
    private void gaveUp(Step.GiveUp step, @Nullable Fate fate, @Nullable Throwable failure) {
        if (failure != null) {
            listeners.destinationFailed(failure, step.part(), fate != null);
        } else if (destinationFailures() > 0) {
            listeners.destinationWorks(lastResult);
        }
        if (fate == null) {
            if (!backOff(true)) {
                proceed();
            }
            return;
        }
        synchronized (this) {
            plan.gaveUp();
            destinationFailures = 0;
            skipping = false;
            failing = false;
        }
        listeners.gaveUp(step, fate);
        proceed();
    }

    private synchronized int destinationFailures() {
        return destinationFailures;
    }

    /** Plans the next step for later; false when it is to be now: somebody stops or skips. */
    private synchronized boolean backOff(boolean destinationFailed) {
        if (destinationFailed) {
            destinationFailures++;
            failing = true;
        }
        if (stopping || skipping) {
            return false;
        }
        try {
            // With the lock held: whoever ends the backoff must find it planned.
            backoff = surroundings.backoffs().begin(destinationFailed ? destinationFailures : plan.tries(), this::afterBackoff);
            phase = Phase.BACKING_OFF;
            waiter.waitsUntil(Long.MAX_VALUE);
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError closed) { // or no thread to wait on: then the poller begins anew
            LOG.debug("No further attempt for mapping {}", batch.mapping().id(), closed);
            stopping = true;
            return false;
        }
    }

    /** False when that is over, or somebody stops: then it is to end now. */
    private boolean backOffBeforeRelease() {
        synchronized (this) {
            if (releasing) {
                return false;
            }
            releasing = true;
        }
        event.release(); // the wait may take long
        return backOff(false);
    }

    private void over() {
        synchronized (this) {
            phase = Phase.OVER;
        }
        event.release();
        listeners.ended();
        waiter.close();
    }
}
