package dev.sluice.invocation;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;

/** What came of an invocation. Immutable. */
public sealed interface InvocationResult {

    /**
     * The answer for this kind. A new kind is a new parameter, so that the compiler names everybody who has to answer for it; who asks for
     * one kind alone may do so by {@code instanceof}.
     */
    <T> T match(Function<Success, T> success, Function<FunctionError, T> functionError, Function<TimedOut, T> timedOut,
            Function<Throttled, T> throttled, Function<Moved, T> moved, Function<CouldNotInvoke, T> couldNotInvoke,
            Function<NotValid, T> notValid);

    /** The function answered; {@code answer} is its JSON, copied. */
    record Success(byte[] answer) implements InvocationResult {
        public Success {
            Objects.requireNonNull(answer, "answer");
        }

        @Override
        public <T> T match(Function<Success, T> success, Function<FunctionError, T> functionError, Function<TimedOut, T> timedOut,
                Function<Throttled, T> throttled, Function<Moved, T> moved, Function<CouldNotInvoke, T> couldNotInvoke,
                Function<NotValid, T> notValid) {
            return success.apply(this);
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

        @Override
        public <T> T match(Function<Success, T> success, Function<FunctionError, T> functionError, Function<TimedOut, T> timedOut,
                Function<Throttled, T> throttled, Function<Moved, T> moved, Function<CouldNotInvoke, T> couldNotInvoke,
                Function<NotValid, T> notValid) {
            return functionError.apply(this);
        }
    }

    /** The function didn't answer within its timeout. */
    record TimedOut(String requestId, Duration timeout) implements InvocationResult {
        @Override
        public <T> T match(Function<Success, T> success, Function<FunctionError, T> functionError, Function<TimedOut, T> timedOut,
                Function<Throttled, T> throttled, Function<Moved, T> moved, Function<CouldNotInvoke, T> couldNotInvoke,
                Function<NotValid, T> notValid) {
            return timedOut.apply(this);
        }
    }

    /** The function asked for fewer calls, or its concurrency is used up. */
    record Throttled(String reason) implements InvocationResult {
        @Override
        public <T> T match(Function<Success, T> success, Function<FunctionError, T> functionError, Function<TimedOut, T> timedOut,
                Function<Throttled, T> throttled, Function<Moved, T> moved, Function<CouldNotInvoke, T> couldNotInvoke,
                Function<NotValid, T> notValid) {
            return throttled.apply(this);
        }
    }

    /**
     * The code needs a JVM of its own, which the next call finds: nothing of this one counts, as if its environment had been lost.
     *
     * @param because as a sentence goes on
     */
    record Moved(String because) implements InvocationResult {
        @Override
        public <T> T match(Function<Success, T> success, Function<FunctionError, T> functionError, Function<TimedOut, T> timedOut,
                Function<Throttled, T> throttled, Function<Moved, T> moved, Function<CouldNotInvoke, T> couldNotInvoke,
                Function<NotValid, T> notValid) {
            return moved.apply(this);
        }
    }

    /** The call didn't reach the function, or there is no code to be reached; the next one may. */
    record CouldNotInvoke(String reason) implements InvocationResult {
        @Override
        public <T> T match(Function<Success, T> success, Function<FunctionError, T> functionError, Function<TimedOut, T> timedOut,
                Function<Throttled, T> throttled, Function<Moved, T> moved, Function<CouldNotInvoke, T> couldNotInvoke,
                Function<NotValid, T> notValid) {
            return couldNotInvoke.apply(this);
        }
    }

    /** The function can't be invoked until somebody changes it, and Lambda would stop for it: it was deleted, or may run for too long. */
    record NotValid(String reason) implements InvocationResult {
        @Override
        public <T> T match(Function<Success, T> success, Function<FunctionError, T> functionError, Function<TimedOut, T> timedOut,
                Function<Throttled, T> throttled, Function<Moved, T> moved, Function<CouldNotInvoke, T> couldNotInvoke,
                Function<NotValid, T> notValid) {
            return notValid.apply(this);
        }
    }
}
