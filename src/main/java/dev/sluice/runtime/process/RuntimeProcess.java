package dev.sluice.runtime.process;

import dev.sluice.invocation.Payload;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * One process that asks for its events over the Lambda Runtime API: what does it answer? {@link #awaitReady} and {@link #invoke} are
 * for one thread at a time, and an interrupt of it kills the process; the rest is for any thread. Single-use: whoever started it stops
 * or kills it.
 */
public interface RuntimeProcess {

    /** Waits until it asks for its first event; empty then, else why it never will: {@code Failed} or {@code Exited}. */
    Optional<Result> awaitReady();

    /** Hands it the event when it asks for one, and waits for what comes of it; all it printed before is written when this returns. */
    Result invoke(Event event);

    boolean isAlive();

    /** Completed once it has ended, on any thread. */
    CompletableFuture<Void> onExit();

    /** The most memory that it has used so far; empty where the operating system doesn't tell. */
    OptionalLong peakMemoryBytes();

    /** Asks it to end, and kills it half a second later; returns at once. */
    void stop();

    /** Kills it now with everything that it has started. */
    void kill();

    /**
     * One event for it. The payload stays the caller's: it isn't read any more once {@link #invoke} has returned.
     *
     * @param functionArn as the caller names the function
     * @param clientContext JSON; null for none
     * @param deadlineMillis when the function's time is up, in milliseconds since 1970
     */
    record Event(Payload payload, String requestId, String functionArn, String traceId, String clientContext, long deadlineMillis) {
        public Event {
            Objects.requireNonNull(payload, "payload");
            Objects.requireNonNull(requestId, "requestId");
            Objects.requireNonNull(functionArn, "functionArn");
            Objects.requireNonNull(traceId, "traceId");
        }
    }

    /** What comes of an event, or of the start. */
    sealed interface Result {

        /** It answered; the bytes are the receiver's. */
        record Answered(byte[] answer) implements Result {
        }

        /**
         * It reported an error, of the event or of its start.
         *
         * @param errorType of the header; null when there was none
         * @param error the body
         */
        record Failed(String errorType, byte[] error) implements Result {
        }

        /** It answered with more than Lambda takes; it was told so, and goes on. @param length of what it answered, as far as known */
        record AnsweredTooMuch(long length) implements Result {
        }

        /** It ended before it asked for the event, which so nobody has seen. @param how as of {@code Exited} */
        record NotTaken(String how) implements Result {
        }

        /** It ended, or was killed. @param how as Lambda says it, "exit status 1" or "signal: killed"; null for status 0 */
        record Exited(String how) implements Result {
        }
    }
}
