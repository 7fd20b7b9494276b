package dev.sluice.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.Mappings;
import dev.sluice.invocation.FunctionInvoker;
import dev.sluice.invocation.Invocation;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.resource.FunctionArn;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InvokedReplayTest {

    private static final byte[] EVENT = bytes("{\"records\":{}}");
    private static final EventSourceMapping MAPPING = Mappings.aMapping().build();
    private static final FunctionArn FUNCTION = MAPPING.settings().functionArn();
    private static final List<PartitionOffsets> RECORDS = List.of(PartitionOffsets.parse("orders", 0, "5-9"));

    private final List<Invocation> submitted = new ArrayList<>();
    private final List<List<PartitionOffsets>> searched = new ArrayList<>();
    private PastEvents.Found found = new PastEvents.Event(EVENT);

    private final InvokedReplay replay = new InvokedReplay(new FunctionInvoker() {
        @Override
        public Pending submit(Invocation invocation) {
            submitted.add(invocation);
            return () -> false;
        }

        @Override
        public Optional<Duration> timeout(FunctionArn function) {
            return Optional.empty();
        }
    }, (mapping, records) -> {
        searched.add(records);
        return found;
    }, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

    @Test
    void anEventThatWasKeptIsNotReadAgain() {
        CompletableFuture<Replay.Result> result = start(new Replay.Request(null, FUNCTION, RECORDS, EVENT));

        assertThat(searched).isEmpty();
        assertThat(submitted).singleElement().satisfies(invocation -> {
            assertThat(invocation.function()).isEqualTo(FUNCTION);
            assertThat(invocation.payload().get().bytes()).isEqualTo(EVENT);
        });
        assertThat(result).as("nothing waits for a function that has not answered").isNotDone();
    }

    @Test
    void recordsAreReadAgainWhenTheEventWasNotKept() {
        start(new Replay.Request(MAPPING, FUNCTION, RECORDS, null));

        assertThat(searched).containsExactly(RECORDS);
        assertThat(submitted.get(0).payload().get().bytes()).isEqualTo(EVENT);
    }

    @Test
    void theAnswerIsTheFunctions() {
        CompletableFuture<Replay.Result> result = start(new Replay.Request(MAPPING, FUNCTION, RECORDS, EVENT));
        submitted.get(0).listener().started("request");
        submitted.get(0).listener().completed(new InvocationResult.Success(bytes("\"done\"")));

        Replay.Invoked invoked = (Replay.Invoked) result.join();
        assertThat(invoked.requestId()).isEqualTo("request");
        assertThat(invoked.report().kind()).isEqualTo(AttemptReport.Kind.SUCCEEDED);
        assertThat(invoked.answer()).isEqualTo(bytes("\"done\""));
    }

    @Test
    void theErrorIsTheFunctions() {
        CompletableFuture<Replay.Result> result = start(new Replay.Request(MAPPING, FUNCTION, RECORDS, EVENT));
        submitted.get(0).listener().started("request");
        submitted.get(0).listener().completed(new InvocationResult.FunctionError("E", bytes("{\"errorMessage\":\"no\"}")));

        Replay.Invoked invoked = (Replay.Invoked) result.join();
        assertThat(invoked.report().kind()).isEqualTo(AttemptReport.Kind.FAILED);
        assertThat(invoked.answer()).isEqualTo(bytes("{\"errorMessage\":\"no\"}"));
    }

    @Test
    void aFunctionThatIsNoMoreAnswersWithoutARequest() {
        CompletableFuture<Replay.Result> result = start(new Replay.Request(MAPPING, FUNCTION, RECORDS, EVENT));
        submitted.get(0).listener().completed(new InvocationResult.NotValid("Function not found"));

        Replay.Invoked invoked = (Replay.Invoked) result.join();
        assertThat(invoked.requestId()).isNull();
        assertThat(invoked.report().kind()).isEqualTo(AttemptReport.Kind.FUNCTION_NOT_VALID);
        assertThat(invoked.answer()).isNull();
    }

    @Test
    void nothingIsInvokedWhenRecordsAreGoneOrCanNotBeRead() {
        found = new PastEvents.Gone("gone");
        assertThat(start(new Replay.Request(MAPPING, FUNCTION, RECORDS, null)).join()).isEqualTo(new Replay.RecordsGone("gone"));
        found = new PastEvents.Unreadable("down");
        assertThat(start(new Replay.Request(MAPPING, FUNCTION, RECORDS, null)).join()).isEqualTo(new Replay.NotReadable("down"));

        assertThat(submitted).isEmpty();
    }

    private CompletableFuture<Replay.Result> start(Replay.Request request) {
        return replay.replay(request).toCompletableFuture();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
