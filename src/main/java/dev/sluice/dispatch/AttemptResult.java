package dev.sluice.dispatch;

import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.InvocationResult.Success;
import dev.sluice.mapping.FailureHandling;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one invocation means for the records it had. Immutable.
 *
 * @param failed the records the function named, counted through all partitions; only with {@link Kind#PARTLY_TAKEN}
 * @param requestId null when the function was not reached
 * @param response what an on-failure destination is told of it; null when the function was not reached
 * @param answer what the function answered, its error included; null when it did not
 */
record AttemptResult(Kind kind, @Nullable BitSet failed, AttemptReport report, @Nullable String requestId,
        FailedBatch.@Nullable LastResponse response, byte @Nullable [] answer) {

    /** What the function did with the records. */
    enum Kind { TAKEN, PARTLY_TAKEN, FAILED, NOT_REACHED, MOVED, NOT_VALID }

    /**
     * What ran, under which id.
     *
     * @param version a number or {@code $LATEST}, also where an alias was invoked
     */
    record Ran(@Nullable String requestId, String version) {

        /** @param functionError AWS's word for how it failed; null when it has not */
        private FailedBatch.LastResponse answered(@Nullable String functionError) {
            return new FailedBatch.LastResponse(200, version, functionError);
        }
    }

    /** How many records of {@code part} the function didn't take. */
    int failedRecords(Part part) {
        return switch (kind) {
            case TAKEN -> 0;
            case PARTLY_TAKEN -> Objects.requireNonNull(failed).cardinality();
            case FAILED, NOT_REACHED, MOVED, NOT_VALID -> part.size();
        };
    }

    /** The function may have taken the records, and nobody can tell which. */
    static AttemptResult unreadable(String problem, @Nullable String requestId) {
        return new AttemptResult(Kind.FAILED, null, AttemptReport.unusableAnswer(problem), requestId, null, null);
    }

    static AttemptResult of(InvocationResult invocation, Part part, FailureHandling rules, Ran ran) {
        AttemptReport report = AttemptReport.of(invocation);
        return invocation.match(
                success -> answered(success, part, rules, ran),
                error -> new AttemptResult(Kind.FAILED, null, report, ran.requestId(), ran.answered("Unhandled"), error.error()),
                timedOut -> new AttemptResult(Kind.FAILED, null, report, ran.requestId(), ran.answered("Unhandled"), null),
                throttled -> new AttemptResult(Kind.NOT_REACHED, null, report, null, null, null),
                moved -> new AttemptResult(Kind.MOVED, null, report, null, null, null),
                couldNotInvoke -> new AttemptResult(Kind.NOT_REACHED, null, report, null, null, null),
                notValid -> new AttemptResult(Kind.NOT_VALID, null, report, null, null, null));
    }

    private static AttemptResult answered(Success success, Part part, FailureHandling rules, Ran ran) {
        FailedBatch.LastResponse answered = ran.answered(null);
        if (!rules.reportBatchItemFailures()) {
            return new AttemptResult(Kind.TAKEN, null, AttemptReport.OK, ran.requestId(), answered, success.answer());
        }
        BatchItemFailures reported = BatchItemFailures.in(success.answer(), part);
        BitSet failed = reported.failed();
        if (failed == null) {
            return new AttemptResult(Kind.FAILED, null, AttemptReport.unusableAnswer(String.valueOf(reported.problem())), ran.requestId(),
                    answered,
                    success.answer());
        }
        if (failed.isEmpty()) {
            return new AttemptResult(Kind.TAKEN, null, AttemptReport.OK, ran.requestId(), answered, success.answer());
        }
        return new AttemptResult(Kind.PARTLY_TAKEN, failed,
                AttemptReport.partlyTaken(failed.cardinality(), part.size()), ran.requestId(), answered, success.answer());
    }
}
