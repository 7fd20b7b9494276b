package dev.sluice.invocation;

import java.time.Duration;
import java.util.Objects;

/** What came of an invocation. Immutable. */
public sealed interface InvocationResult {

    /** The function answered; {@code answer} is its JSON, copied. */
    record Success(byte[] answer) implements InvocationResult {
        public Success {
            Objects.requireNonNull(answer, "answer");
        }
    }

    /**
     * The function failed.
     *
     * @param error AWS's JSON object with errorMessage and errorType, copied
     * @param reason in our words, with what helps, and without anything that the function said; null when only the function knows
     */
    record FunctionError(String errorType, byte[] error, String reason) implements InvocationResult {
        public FunctionError {
            Objects.requireNonNull(error, "error");
        }

        public FunctionError(String errorType, byte[] error) {
            this(errorType, error, null);
        }

        /** The same, for a reason that we know. */
        public FunctionError because(String known) {
            return new FunctionError(errorType, error, known);
        }
    }

    /** The function didn't answer within its timeout. */
    record TimedOut(String requestId, Duration timeout) implements InvocationResult {
    }

    /** The function asked for fewer calls, or its concurrency is used up. */
    record Throttled(String reason) implements InvocationResult {
    }

    /**
     * The code needs a JVM of its own, which the next call finds: nothing of this one counts, as if its environment had been lost.
     *
     * @param because as a sentence goes on
     */
    record Moved(String because) implements InvocationResult {
    }

    /** The call didn't reach the function, or there is no code to be reached; the next one may. */
    record CouldNotInvoke(String reason) implements InvocationResult {
    }

    /** The function can't be invoked until somebody changes it, and Lambda would stop for it: it was deleted, or may run for too long. */
    record NotValid(String reason) implements InvocationResult {
    }
}
