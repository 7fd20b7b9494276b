package dev.sluice.dispatch;

import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.resource.FunctionArn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * How is a function invoked once more with what was delivered before? A replay takes a slot of the function as every invocation does,
 * but no lease, and moves no offset: the mapping goes on meanwhile as if there were none. Thread-safe.
 */
public interface Replay {

    /**
     * Invokes the function once. Blocks a bounded time while records are read, if the request brings no event; never for the function.
     */
    CompletionStage<Result> replay(Request request);

    /**
     * What is replayed.
     *
     * @param mapping whose brokers have the records; null when it is gone, then {@code event} must be there
     * @param records those of the delivery
     * @param event the whole event, when it was kept; null to read the records again
     */
    record Request(EventSourceMapping mapping, FunctionArn function, List<PartitionOffsets> records, byte[] event) {
        public Request {
            Objects.requireNonNull(function, "function");
            if (mapping == null && event == null) {
                throw new IllegalArgumentException("neither a mapping nor an event is given");
            }
            records = List.copyOf(records);
        }
    }

    /** What came of a replay. */
    sealed interface Result {
    }

    /**
     * The function was invoked, or could not be.
     *
     * @param requestId null when the invocation never started
     * @param answer the function's answer, or its error; null when there was none
     */
    record Invoked(@Nullable String requestId, Instant started, Duration took, AttemptReport report, byte[] event, byte @Nullable [] answer)
            implements Result {
    }

    /** The records can't be had any more, and the event wasn't kept; nothing was invoked. */
    record RecordsGone(String reason) implements Result {
    }

    /** The records could not be read this time; nothing was invoked. */
    record NotReadable(String reason) implements Result {
    }
}
