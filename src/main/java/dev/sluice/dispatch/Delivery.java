package dev.sluice.dispatch;

import dev.sluice.function.FunctionInvoker;
import dev.sluice.function.Invocation;
import dev.sluice.function.InvocationListener;
import dev.sluice.function.InvocationResult;
import dev.sluice.function.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far one batch is on its way to one function: waiting for a slot, running, backing off, or over.
 *
 * <p>Thread-safe: {@code this} guards the phase and is never held while a listener, the function or a writer of bytes runs.
 */
public final class Delivery {

    private static final Logger log = LoggerFactory.getLogger(Delivery.class);

    /** Lambda developer guide: "The maximum supported function execution time is 14 minutes" for Kafka event sources. */
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(14);

    /** A planned next attempt. */
    record Backoff(Instant until, Future<?> planned) {
    }

    /** How a backoff is begun. */
    interface Backoffs {
        Backoff begin(int attempts, Runnable next);
    }

    private enum Phase { QUEUED, RUNNING, BACKING_OFF, OVER }

    private final Batch batch;
    private final DeliveryListener listener;
    private final Backoffs backoffs;
    private final FunctionInvoker functions;
    private final EventBuffers buffers;

    // Guarded by this.
    private Phase phase = Phase.QUEUED;
    private Attempt current;
    private int attempts;
    private int failures;
    private boolean stopping;
    private Backoff backoff;

    /** The event; written by the first attempt, read by the later ones. Only the one running attempt touches it. */
    private volatile Payload event;

    Delivery(Batch batch, DeliveryListener listener, Backoffs backoffs, FunctionInvoker functions, EventBuffers buffers) {
        this.batch = batch;
        this.listener = listener;
        this.backoffs = backoffs;
        this.functions = functions;
        this.buffers = buffers;
    }

    public Batch batch() {
        return batch;
    }

    /** The number of the running or last attempt; 0 before the first has its slot. */
    public synchronized int attempts() {
        return attempts;
    }

    /** When the running backoff ends; null when none is running. */
    public synchronized Instant nextAttempt() {
        return phase == Phase.BACKING_OFF ? backoff.until() : null;
    }

    /** Ends a running backoff now; false when none was running. */
    public boolean retryNow() {
        synchronized (this) {
            if (phase != Phase.BACKING_OFF || stopping || !backoff.planned().cancel(false)) {
                return false;
            }
            phase = Phase.QUEUED;
        }
        start();
        return true;
    }

    /** Makes no further attempt: a wait ends at once, a running invocation goes on and still counts when it succeeds. */
    public void stop() {
        Attempt queued;
        synchronized (this) {
            stopping = true;
            if (phase == Phase.BACKING_OFF && backoff.planned().cancel(false)) {
                phase = Phase.OVER;
                queued = null;
            } else if (phase == Phase.QUEUED && current != null) {
                queued = current;
            } else {
                return;
            }
        }
        if (queued == null) {
            over(DeliveryOutcome.NOT_DELIVERED);
        } else {
            queued.cancel();
        }
    }

    void start() {
        Attempt attempt = new Attempt();
        boolean stoppedBefore;
        synchronized (this) {
            stoppedBefore = stopping;
            current = attempt;
            if (stoppedBefore) {
                phase = Phase.OVER;
            }
        }
        if (stoppedBefore) {
            over(DeliveryOutcome.NOT_DELIVERED);
            return;
        }
        attempt.submit();
        boolean stoppedMeanwhile;
        synchronized (this) {
            stoppedMeanwhile = stopping;
        }
        if (stoppedMeanwhile) {
            attempt.cancel();
        }
    }

    private void afterBackoff() {
        synchronized (this) {
            if (phase != Phase.BACKING_OFF) {
                return;
            }
            phase = Phase.QUEUED;
        }
        start();
    }

    private void over(DeliveryOutcome outcome) {
        Payload written = event;
        event = null;
        if (written != null) {
            buffers.giveBack(written.bytes());
        }
        listener.ended(this, outcome);
    }

    private Payload event() {
        Payload written = event;
        if (written == null) {
            byte[] buffer = buffers.take(batch.eventLength());
            written = new Payload(buffer, batch.writer().write(batch.records(), buffer));
            event = written;
        }
        return written;
    }

    /** One attempt: hears of its own invocation only, so a late report of an earlier one can't be mistaken for it. */
    private final class Attempt implements InvocationListener {

        private FunctionInvoker.Pending pending; // guarded by Delivery.this
        private volatile InvocationResult result;

        void submit() {
            FunctionInvoker.Pending submitted;
            try {
                Duration timeout = functions.timeout(batch.mapping().settings().functionArn()).orElse(Duration.ZERO);
                if (timeout.compareTo(LONGEST_TIMEOUT) > 0) {
                    completed(new InvocationResult.NotValid("the function's timeout is " + timeout.toSeconds()
                            + " s; for a Kafka event source Lambda allows " + LONGEST_TIMEOUT.toSeconds() + " s at most"));
                    ended();
                    return;
                }
                submitted = functions.submit(
                        new Invocation(batch.mapping().settings().functionArn(), batch.mapping().id().toString(), Delivery.this::event, this));
            } catch (RuntimeException | Error e) { // an Error too: no thread to be had must not cost a record
                log.error("Mapping {}: the invocation could not be queued", batch.mapping().id(), e);
                completed(new InvocationResult.CouldNotInvoke("the invocation could not be queued: " + e));
                ended();
                return;
            }
            synchronized (Delivery.this) {
                pending = submitted;
            }
        }

        void cancel() {
            FunctionInvoker.Pending waiting;
            synchronized (Delivery.this) {
                waiting = phase == Phase.QUEUED && current == this ? pending : null;
            }
            if (waiting != null && waiting.cancel()) {
                synchronized (Delivery.this) {
                    phase = Phase.OVER;
                }
                over(DeliveryOutcome.NOT_DELIVERED);
            }
        }

        @Override
        public void started(String requestId) {
            synchronized (Delivery.this) {
                attempts++;
                phase = Phase.RUNNING;
            }
        }

        @Override
        public void completed(InvocationResult invocationResult) {
            result = invocationResult;
            if (invocationResult instanceof InvocationResult.TimedOut) {
                // The handler may go on reading long after ended() was called for it: these bytes are never used again.
                event = null;
            }
            listener.attempted(Delivery.this, AttemptResult.of(invocationResult));
        }

        @Override
        public void ended() {
            AttemptResult.Kind kind = AttemptResult.of(result).kind();
            boolean tryAgain;
            synchronized (Delivery.this) {
                tryAgain = kind == AttemptResult.Kind.FAILED && !stopping;
                if (tryAgain) {
                    tryAgain = backOff();
                }
                if (!tryAgain) {
                    phase = Phase.OVER;
                }
            }
            if (!tryAgain) {
                over(kind == AttemptResult.Kind.SUCCEEDED ? DeliveryOutcome.DELIVERED : DeliveryOutcome.NOT_DELIVERED);
            }
        }

        /** Called with the lock held: whoever ends the backoff must find it planned. False when the dispatcher is closed. */
        private boolean backOff() {
            try {
                failures++;
                backoff = backoffs.begin(failures, Delivery.this::afterBackoff);
                phase = Phase.BACKING_OFF;
                return true;
            } catch (RejectedExecutionException closed) {
                log.debug("No further attempt for mapping {}: the dispatcher is closed", batch.mapping().id());
                return false;
            }
        }
    }
}
