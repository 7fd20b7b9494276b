package dev.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.dispatch.AttemptReport;
import dev.sluice.dispatch.PartitionOffsets;
import dev.sluice.dispatch.Replay;
import dev.sluice.fixture.InMemoryJournal;
import dev.sluice.fixture.Mappings;
import dev.sluice.mapping.EventSourceMapping;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplaysTest {

    private static final List<PartitionOffsets> RECORDS = List.of(PartitionOffsets.parse("t", 0, "5-9"));
    private static final byte[] EVENT = "{}".getBytes(StandardCharsets.UTF_8);

    private final EventSourceMapping mapping = Mappings.aMapping().build();
    private final InMemoryJournal store = new InMemoryJournal();
    private final Journal journal = new Journal(store, Clock.systemUTC(), () -> "replay");
    private final List<Replay.Request> requests = new ArrayList<>();
    private Optional<EventSourceMapping> present = Optional.of(mapping);
    private Replay.Result result = new Replay.Invoked("request", Instant.EPOCH, Duration.ofMillis(5),
            new AttemptReport(AttemptReport.Kind.SUCCEEDED, "OK", ""), EVENT, EVENT);

    private final Replays replays = new Replays(journal, id -> present, request -> {
        requests.add(request);
        return CompletableFuture.completedFuture(result);
    });

    @BeforeEach
    void start() {
        journal.start();
    }

    @AfterEach
    void stop() {
        journal.close();
    }

    @Test
    void theEventThatWasKeptIsUsed() {
        replays.replay(delivery("t-0:5-9", new Body(EVENT, EVENT.length)));

        assertThat(requests).singleElement().satisfies(request -> {
            assertThat(request.event()).isEqualTo(EVENT);
            assertThat(request.function()).isEqualTo(mapping.settings().functionArn());
        });
    }

    @Test
    void theRecordsAreReadAgainWhenTheEventWasCutOrOfAPartOrNotKept() {
        replays.replay(delivery("t-0:5-9", new Body(EVENT, EVENT.length + 1)));
        replays.replay(delivery("t-0:5-6", new Body(EVENT, EVENT.length)));
        replays.replay(delivery("t-0:5-9", null));

        assertThat(requests).hasSize(3).allSatisfy(request -> {
            assertThat(request.event()).isNull();
            assertThat(request.mapping()).isEqualTo(mapping);
            assertThat(request.records()).isEqualTo(RECORDS);
        });
    }

    @Test
    void aReplayIsJournaledAsOne() {
        Replays.Replayed replayed = replays.replay(delivery("t-0:5-9", null)).toCompletableFuture().join();

        assertThat(replayed.id()).isEqualTo("replay");
        await().atMost(Duration.ofSeconds(10)).until(() -> store.contains("replay"));
        JournaledDelivery noted = store.find("replay").orElseThrow();
        assertThat(noted.summary().origin().replayOf()).isEqualTo("original");
        assertThat(noted.summary().state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(noted.summary().records()).isEqualTo(RECORDS);
        assertThat(noted.attempts().get(0).event().body().bytes()).isEqualTo(EVENT);
    }

    @Test
    void aReplayThatFailsAgainIsAFailure() {
        result = new Replay.Invoked("request", Instant.EPOCH, Duration.ofMillis(5),
                new AttemptReport(AttemptReport.Kind.FAILED, "PROBLEM", "boom"), EVENT, null);
        replays.replay(delivery("t-0:5-9", null));

        await().atMost(Duration.ofSeconds(10)).until(() -> store.contains("replay"));
        assertThat(store.find("replay").orElseThrow().summary().state()).isEqualTo(DeliveryState.FAILED);
    }

    @Test
    void withoutEventAndMappingTheRecordsAreGone() {
        present = Optional.empty();

        Replays.Replayed replayed = replays.replay(delivery("t-0:5-9", null)).toCompletableFuture().join();

        assertThat(requests).isEmpty();
        assertThat(replayed.id()).isNull();
        assertThat(((Replay.RecordsGone) replayed.result()).reason()).contains("was not kept", mapping.id().toString(), "deleted");
    }

    @Test
    void anEventThatWasKeptOutlivesItsMapping() {
        present = Optional.empty();

        assertThat(replays.replay(delivery("t-0:5-9", new Body(EVENT, EVENT.length))).toCompletableFuture().join().id()).isNotNull();
    }

    private JournaledDelivery delivery(String key, Body event) {
        DeliverySummary summary = new DeliverySummary("original",
                new DeliverySummary.Origin(mapping.id(), mapping.settings().functionArn(), null), DeliveryState.FAILED,
                new DeliverySummary.Period(Instant.EPOCH, Instant.EPOCH), RECORDS, new DeliverySummary.Progress(1, "P", "d", null));
        return new JournaledDelivery(summary, List.of(), List.of(new JournaledAttempt(1,
                new JournaledAttempt.Call("r", Instant.EPOCH, Duration.ZERO), new AttemptReport(AttemptReport.Kind.FAILED, "P", "d"), 5,
                new JournaledAttempt.Event(key, event), null)));
    }
}
