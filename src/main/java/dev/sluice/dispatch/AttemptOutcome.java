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
record AttemptOutcome(Kind kind, BitSet failed, AttemptResult result, String requestId, FailedBatch.LastResponse response, byte[] answer) {

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
    static AttemptOutcome unreadable(String problem, String requestId) {
        return new AttemptOutcome(Kind.FAILED, null, AttemptResult.unusableAnswer(problem), requestId, null, null);
    }

    static AttemptOutcome of(InvocationResult invocation, Part part, FailureHandling rules, Ran ran) {
        String requestId = ran.requestId();
        String version = ran.version();
        AttemptResult result = AttemptResult.of(invocation);
        if (invocation instanceof Success success) {
            FailedBatch.LastResponse answered = new FailedBatch.LastResponse(200, version, null);
            if (!rules.reportBatchItemFailures()) {
                return new AttemptOutcome(Kind.TAKEN, null, result, requestId, answered, success.answer());
            }
            BatchItemFailures reported = BatchItemFailures.in(success.answer(), part);
            if (reported.problem() != null) {
                return new AttemptOutcome(Kind.FAILED, null, AttemptResult.unusableAnswer(reported.problem()), requestId, answered,
                        success.answer());
            }
            if (reported.failed().isEmpty()) {
                return new AttemptOutcome(Kind.TAKEN, null, result, requestId, answered, success.answer());
            }
            return new AttemptOutcome(Kind.PARTLY_TAKEN, reported.failed(),
                    AttemptResult.partlyTaken(reported.failed().cardinality(), part.size()), requestId, answered, success.answer());
        }
        if (invocation instanceof FunctionError error) {
            return new AttemptOutcome(Kind.FAILED, null, result, requestId, new FailedBatch.LastResponse(200, version, "Unhandled"),
                    error.error());
        }
        if (invocation instanceof TimedOut) {
            return new AttemptOutcome(Kind.FAILED, null, result, requestId, new FailedBatch.LastResponse(200, version, "Unhandled"), null);
        }
        if (invocation instanceof Throttled || invocation instanceof CouldNotInvoke) {
            return new AttemptOutcome(Kind.NOT_REACHED, null, result, null, null, null);
        }
        if (invocation instanceof Moved) {
            return new AttemptOutcome(Kind.MOVED, null, result, null, null, null);
        }
        if (invocation instanceof NotValid) {
            return new AttemptOutcome(Kind.NOT_VALID, null, result, null, null, null);
        }
        throw new IllegalStateException("no meaning for " + invocation);
    }
}
