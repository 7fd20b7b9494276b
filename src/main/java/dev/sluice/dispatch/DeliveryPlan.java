package dev.sluice.dispatch;

import dev.sluice.mapping.FailureHandling;
import java.util.ArrayDeque;
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
 */
final class DeliveryPlan {

    private final FailureHandling rules;
    private final int eventLength;
    private final ArrayDeque<Part> parts = new ArrayDeque<>();
    private Step.@Nullable GiveUp givingUp;

    /** What to do next. */
    sealed interface Step {

        /** The function gets the records. */
        record Invoke(Part part) implements Step {
        }

        /** They go to the on-failure destination, or nowhere. */
        record GiveUp(Part part, FailureCondition condition) implements Step {
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
            return new Step.Nothing();
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
        return givingUp == null ? parts.element() : givingUp.part();
    }

    /** Goes on without the records of the next step, and returns them. */
    Part skipHead() {
        Part head = head();
        if (givingUp == null) {
            parts.remove();
        } else {
            givingUp = null;
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
        if (rules.retryLimit() >= 0 && part.failures() > rules.retryLimit()) {
            giveUp(part, FailureCondition.RETRY_ATTEMPTS_EXHAUSTED);
            return false;
        }
        parts.push(part);
        return true;
    }

    private Step giveUp(Part part, FailureCondition condition) {
        Step.GiveUp step = new Step.GiveUp(part, condition);
        givingUp = step;
        return step;
    }
}
