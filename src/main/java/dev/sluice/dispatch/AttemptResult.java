package dev.sluice.dispatch;

import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.InvocationResult.CouldNotInvoke;
import dev.sluice.invocation.InvocationResult.FunctionError;
import dev.sluice.invocation.InvocationResult.Moved;
import dev.sluice.invocation.InvocationResult.NotValid;
import dev.sluice.invocation.InvocationResult.Success;
import dev.sluice.invocation.InvocationResult.Throttled;
import dev.sluice.invocation.InvocationResult.TimedOut;
import dev.sluice.mapping.FailureHandling;
import java.util.BitSet;

/**
 * What one invocation means for the records it had. Immutable.
 *
 * @param failed the records the function named, counted through all partitions; only with {@link Kind#PARTLY_TAKEN}
 * @param requestId null when the function was not reached
 * @param response what an on-failure destination is told of it; null when the function was not reached
 * @param answer what the function answered, its error included; null when it did not
 */
record AttemptResult(Kind kind, BitSet failed, AttemptReport report, String requestId, FailedBatch.LastResponse response, byte[] answer) {

    /** What the function did with the records. */
    enum Kind { TAKEN, PARTLY_TAKEN, FAILED, NOT_REACHED, MOVED, NOT_VALID }

    /**
     * What ran, under which id.
     *
     * @param version a number or {@code $LATEST}, also where an alias was invoked
     */
    record Ran(String requestId, String version) {
    }

    /** How many records of {@code part} the function didn't take. */
    int failedRecords(Part part) {
        return switch (kind) {
            case TAKEN -> 0;
            case PARTLY_TAKEN -> failed.cardinality();
            case FAILED, NOT_REACHED, MOVED, NOT_VALID -> part.size();
        };
    }

    /** The function may have taken the records, and nobody can tell which. */
    static AttemptResult unreadable(String problem, String requestId) {
        return new AttemptResult(Kind.FAILED, null, AttemptReport.unusableAnswer(problem), requestId, null, null);
    }

    static AttemptResult of(InvocationResult invocation, Part part, FailureHandling rules, Ran ran) {
        String requestId = ran.requestId();
        String version = ran.version();
        AttemptReport report = AttemptReport.of(invocation);
        if (invocation instanceof Success success) {
            FailedBatch.LastResponse answered = new FailedBatch.LastResponse(200, version, null);
            if (!rules.reportBatchItemFailures()) {
                return new AttemptResult(Kind.TAKEN, null, report, requestId, answered, success.answer());
            }
            BatchItemFailures reported = BatchItemFailures.in(success.answer(), part);
            if (reported.problem() != null) {
                return new AttemptResult(Kind.FAILED, null, AttemptReport.unusableAnswer(reported.problem()), requestId, answered,
                        success.answer());
            }
            if (reported.failed().isEmpty()) {
                return new AttemptResult(Kind.TAKEN, null, report, requestId, answered, success.answer());
            }
            return new AttemptResult(Kind.PARTLY_TAKEN, reported.failed(),
                    AttemptReport.partlyTaken(reported.failed().cardinality(), part.size()), requestId, answered, success.answer());
        }
        if (invocation instanceof FunctionError error) {
            return new AttemptResult(Kind.FAILED, null, report, requestId, new FailedBatch.LastResponse(200, version, "Unhandled"),
                    error.error());
        }
        if (invocation instanceof TimedOut) {
            return new AttemptResult(Kind.FAILED, null, report, requestId, new FailedBatch.LastResponse(200, version, "Unhandled"), null);
        }
        if (invocation instanceof Throttled || invocation instanceof CouldNotInvoke) {
            return new AttemptResult(Kind.NOT_REACHED, null, report, null, null, null);
        }
        if (invocation instanceof Moved) {
            return new AttemptResult(Kind.MOVED, null, report, null, null, null);
        }
        if (invocation instanceof NotValid) {
            return new AttemptResult(Kind.NOT_VALID, null, report, null, null, null);
        }
        throw new IllegalStateException("no meaning for " + invocation);
    }
}
