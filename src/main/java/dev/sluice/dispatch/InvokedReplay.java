package dev.sluice.dispatch;

import dev.sluice.invocation.FunctionInvoker;
import dev.sluice.invocation.Invocation;
import dev.sluice.invocation.InvocationListener;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.Payload;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Who replays a delivery: finds its event again where it must, and invokes the function with it. Thread-safe. */
public final class InvokedReplay implements Replay {

    /** Where replays wait for a slot of their function, beside the mappings. */
    private static final String TURN = "replay";

    private final FunctionInvoker functions;
    private final PastEvents events;
    private final Clock clock;

    public InvokedReplay(FunctionInvoker functions, PastEvents events, Clock clock) {
        this.functions = functions;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Result> replay(Request request) {
        if (request.event() != null) {
            return invoke(request, request.event());
        }
        PastEvents.Found found = events.find(request.mapping(), request.records());
        if (found instanceof PastEvents.Gone gone) {
            return CompletableFuture.completedFuture(new RecordsGone(gone.reason()));
        }
        if (found instanceof PastEvents.Unreadable unreadable) {
            return CompletableFuture.completedFuture(new NotReadable(unreadable.reason()));
        }
        return invoke(request, ((PastEvents.Event) found).event());
    }

    private CompletionStage<Result> invoke(Request request, byte[] event) {
        Call call = new Call(event);
        functions.submit(new Invocation(request.function(), TURN, () -> Payload.of(event), call));
        return call.result;
    }

    /** One invocation, whose methods are called one after the other. */
    private final class Call implements InvocationListener {

        private final CompletableFuture<Result> result = new CompletableFuture<>();
        private final byte[] event;
        private volatile @Nullable String requestId;
        private volatile @Nullable Instant started;

        Call(byte[] event) {
            this.event = event;
        }

        @Override
        public void started(String id) {
            requestId = id;
            started = clock.instant();
        }

        @Override
        public void completed(InvocationResult outcome) {
            Instant now = clock.instant();
            Instant from = started == null ? now : started;
            result.complete(new Invoked(requestId, from, Duration.between(from, now), AttemptReport.of(outcome), event, answer(outcome)));
        }

        @Override
        public void ended() {
            // Whoever waits has the result; a handler that goes on after its timeout is no matter to a replay.
        }
    }

    private static byte @Nullable [] answer(InvocationResult outcome) {
        if (outcome instanceof InvocationResult.Success success) {
            return success.answer();
        }
        return outcome instanceof InvocationResult.FunctionError error ? error.error() : null;
    }
}
