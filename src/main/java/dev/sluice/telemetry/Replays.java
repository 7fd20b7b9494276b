package dev.sluice.telemetry;

import dev.sluice.dispatch.Replay;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.MappingId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** How is a delivery of the journal replayed, and the replay noted there? Thread-safe. */
public final class Replays {

    private final Journal journal;
    private final Function<MappingId, Optional<EventSourceMapping>> mappings;
    private final Replay replay;

    /** @param mappings the mapping of an id, if there is one still */
    public Replays(Journal journal, Function<MappingId, Optional<EventSourceMapping>> mappings, Replay replay) {
        this.journal = journal;
        this.mappings = mappings;
        this.replay = replay;
    }

    /** @param id of the journal's entry for the replay; null when nothing was invoked */
    public record Replayed(String id, Replay.Result result) {
    }

    /** Replays it; blocks only while records must be read again. */
    public CompletionStage<Replayed> replay(JournaledDelivery delivery) {
        DeliverySummary summary = delivery.summary();
        byte[] event = wholeEvent(delivery);
        EventSourceMapping mapping = mappings.apply(summary.origin().mapping()).orElse(null);
        if (event == null && mapping == null) {
            return CompletableFuture.completedFuture(new Replayed(null, new Replay.RecordsGone("The event of this delivery was not kept,"
                    + " and its mapping " + summary.origin().mapping() + " was deleted, so its records can't be read again")));
        }
        DeliverySummary.Origin origin = new DeliverySummary.Origin(summary.origin().mapping(), summary.origin().function(), summary.id());
        return replay.replay(new Replay.Request(mapping, summary.origin().function(), summary.records(), event))
                .thenApply(result -> new Replayed(
                        result instanceof Replay.Invoked invoked ? journal.replayed(origin, summary.records(), invoked) : null, result));
    }

    /** The event of the whole batch, not of a part that was tried alone; null when it wasn't kept, or not to its end. */
    private static byte[] wholeEvent(JournaledDelivery delivery) {
        String key = TrackedDelivery.key(delivery.summary().records());
        return delivery.attempts().stream()
                .map(JournaledAttempt::event)
                .filter(event -> event != null && event.key().equals(key) && event.body() != null && !event.body().truncated())
                .map(event -> event.body().bytes())
                .findFirst().orElse(null);
    }
}
