package dev.sluice.dispatch;

import dev.sluice.mapping.FailureHandling;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is left to do of one batch: which records go to the function next, and which are given up. Pure logic, not thread-safe.
 *
 * <p>AWS: "Configuring error handling controls for Kafka event sources". A failed batch is tried again as a whole until a limit is
 * reached. With BisectBatchOnFunctionError it is split instead, down to single records, one half after the other, and the split
 * doesn't count as a retry. With ReportBatchItemFailures only the records named are tried again. What didn't reach the function is
 * tried again without counting, as Lambda does with throttles.
 *
 * <p>In Queue mode it is the brokers that deliver again what failed, and count it: when all else is done, and after a wait, the delivery
 * ends with those records unsettled.
 */
final class DeliveryPlan {

    private final FailureHandling rules;
    private final int eventLength;
    private final @Nullable Redelivery redelivery;
    private final ArrayDeque<Part> parts = new ArrayDeque<>();
    /** What the brokers are to deliver again; parts of what this delivery began with. */
    private final List<Part> released = new ArrayList<>();
    private Step.@Nullable GiveUp givingUp;

    /** What to do next. */
    sealed interface Step {

        /** The function gets the records. */
        record Invoke(Part part) implements Step {
        }

        /** They go to the on-failure destination, or nowhere. */
        record GiveUp(Part part, FailureCondition condition) implements Step {
        }

        /** After a wait, the brokers deliver again what is left. */
        record Release() implements Step {
        }

        /** All is done. */
        record Nothing() implements Step {
        }
    }

    /**
     * What an invocation has changed.
     *
     * @param delivered null when nothing was
     * @param skipped null when nothing was
     * @param later whether the next step is to wait
     */
    record Change(@Nullable Part delivered, @Nullable Part skipped, boolean later) {
    }

    DeliveryPlan(Batch batch) {
        this.rules = batch.mapping().settings().failureHandling();
        this.eventLength = batch.eventLength();
        this.redelivery = batch.redelivery();
        parts.add(Part.of(batch));
    }

    /**
     * The next step; the same again until it was answered.
     *
     * @param ago what of the records' timestamps was so many milliseconds ago
     */
    Step next(LongUnaryOperator ago) {
        if (givingUp != null) {
            return givingUp;
        }
        if (parts.isEmpty()) {
            return released.isEmpty() ? new Step.Nothing() : new Step.Release();
        }
        Part part = parts.element();
        if (eventLength > EventWriter.MAX_EVENT_BYTES) {
            parts.remove();
            return giveUp(part, FailureCondition.MAXIMUM_PAYLOAD_SIZE_EXCEEDED);
        }
        long age = rules.maximumRecordAgeMillis();
        BitSet old = age < 0 ? null : part.olderThan(ago.applyAsLong(age));
        if (old != null && !old.isEmpty()) {
            parts.remove();
            Part young = part.without(old);
            if (!young.records().isEmpty()) {
                parts.push(young);
            }
            return giveUp(part.only(old), FailureCondition.RECORD_AGE_EXCEEDED);
        }
        return new Step.Invoke(part);
    }

    /**
     * The invocation of the head came to {@code result}.
     *
     * @param skip whether what failed is not to be tried again
     */
    Change ended(AttemptResult result, boolean skip) {
        Part part = parts.remove();
        return switch (result.kind()) {
            case TAKEN -> new Change(part, null, false);
            case PARTLY_TAKEN -> {
                BitSet failed = Objects.requireNonNull(result.failed());
                Part delivered = part.without(failed);
                Part left = part.failed(result).only(failed);
                yield skip ? new Change(delivered, left, false) : new Change(delivered, null, again(left));
            }
            case FAILED -> skip ? new Change(null, part, false) : new Change(null, null, failed(part, result));
            case NOT_REACHED -> {
                if (!skip) {
                    parts.push(part.didNotReach());
                }
                yield new Change(null, skip ? part : null, !skip);
            }
            case MOVED -> {
                // As if it had not been: the next attempt finds the process.
                if (!skip) {
                    parts.push(part);
                }
                yield new Change(null, skip ? part : null, false);
            }
            case NOT_VALID -> throw new IllegalArgumentException("a function that is not valid ends the delivery");
        };
    }

    /** What was to be given up is out of the way. */
    void gaveUp() {
        givingUp = null;
    }

    /** The records of the next step. */
    Part head() {
        if (givingUp != null) {
            return givingUp.part();
        }
        return parts.isEmpty() ? released.get(0) : parts.element();
    }

    /** How often the records of the next step have failed, by whatever server's hand. */
    int tries() {
        return head().tries() + Math.max(0, head().deliveryCount() - 1);
    }

    /** Goes on without the records of the next step, and returns them. */
    Part skipHead() {
        Part head = head();
        if (givingUp != null) {
            givingUp = null;
        } else if (parts.isEmpty()) {
            released.remove(0);
        } else {
            parts.remove();
        }
        return head;
    }

    /** Whether it must be tried again after a wait, not at once. */
    private boolean failed(Part part, AttemptResult result) {
        if (!rules.bisects() || part.size() == 1) {
            return again(part.failed(result));
        }
        List<Part> halves = part.invokedBy(result).halves();
        parts.push(halves.get(1));
        parts.push(halves.get(0));
        return false;
    }

    private boolean again(Part part) {
        if (redelivery != null) {
            return byTheBrokers(part, redelivery);
        }
        if (rules.retryLimit() >= 0 && part.failures() > rules.retryLimit()) {
            giveUp(part, FailureCondition.RETRY_ATTEMPTS_EXHAUSTED);
            return false;
        }
        parts.push(part);
        return true;
    }

    /**
     * Each record was handed out as often as it says. At the brokers' limit it must not be released, as nobody would get it again: it is
     * given up where there is somewhere to send it, or stays with the function.
     */
    private boolean byTheBrokers(Part part, Redelivery limit) {
        boolean sends = rules.onFailureDestination() != null;
        BitSet exhausted = part.withDeliveryCount(
                count -> limit.isLast(count) && (sends || limit.archives()) || sends && rules.isQueueRetryLimit(count - 1));
        BitSet last = part.withDeliveryCount(limit::isLast);
        BitSet kept = (BitSet) last.clone();
        kept.andNot(exhausted);
        BitSet others = (BitSet) last.clone();
        others.or(exhausted);
        if (others.cardinality() < part.size()) {
            released.add(part.without(others));
        }
        if (!kept.isEmpty()) {
            parts.push(part.only(kept));
        }
        if (!exhausted.isEmpty()) {
            giveUp(part.only(exhausted), FailureCondition.RETRY_ATTEMPTS_EXHAUSTED);
        }
        return !kept.isEmpty();
    }

    private Step giveUp(Part part, FailureCondition condition) {
        Step.GiveUp step = new Step.GiveUp(part, condition);
        givingUp = step;
        return step;
    }
}
