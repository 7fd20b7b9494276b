package dev.sluice.telemetry;

import dev.sluice.dispatch.AttemptReport;
import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.DeliveryObserver;
import dev.sluice.dispatch.Fate;
import dev.sluice.dispatch.PartitionOffsets;
import dev.sluice.dispatch.PartitionRecords;
import dev.sluice.dispatch.Replay;
import dev.sluice.fault.FatalFaults;
import dev.sluice.mapping.FilteredOut;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.PollerObserver;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * What became of each delivery, also of those of yesterday? Notes a delivery when it failed once or ended, and never holds one up: what
 * can't be written fast enough is lost and counted. A failed attempt keeps its event and answer, 256 KB of each; of successes only some
 * do, and only the newest few stay. Thread-safe; single-use: construct, {@link #start}, {@link #close}.
 */
public final class Journal implements DeliveryObserver, AutoCloseable {

    /** Copying a success's bodies is only for looking at; it must not take time from the deliveries. */
    private static final long MILLIS_BETWEEN_COPIES = 100;

    private final JournalStore store;
    private final FilteredRecords filtered;
    private final JournalWriter writer;
    private final Clock clock;
    private final Supplier<String> ids;
    private final Map<Delivery, TrackedDelivery> running = new ConcurrentHashMap<>();
    private final AtomicLong nextCopy = new AtomicLong();

    /**
     * What the journal could not note.
     *
     * @param entries beginnings, attempts or ends of deliveries
     * @param bodies events and answers of failed attempts that are noted without them
     */
    public record Losses(long entries, long bodies) {
    }

    /** @param ids a fresh UUID each time */
    public Journal(JournalStore store, Clock clock, Supplier<String> ids) {
        this(store, clock, ids, FatalFaults.unheard());
    }

    /** @param faults told when the thread that writes can't go on */
    public Journal(JournalStore store, Clock clock, Supplier<String> ids, FatalFaults faults) {
        this.store = store;
        this.filtered = new FilteredRecords(store);
        this.writer = new JournalWriter(store, filtered, clock, faults);
        this.clock = clock;
        this.ids = ids;
    }

    public void start() {
        writer.start();
    }

    @Override
    public void attempted(Delivery delivery, Attempt attempt) {
        tracked(delivery).attempted(attempt);
    }

    @Override
    public void settled(Delivery delivery, Fate fate, List<? extends PartitionRecords> records) {
        tracked(delivery).settled(fate, records);
    }

    @Override
    public void destinationFailed(Delivery delivery, int records, String reason) {
        tracked(delivery).destinationFailed(reason);
    }

    @Override
    public void ended(Delivery delivery) {
        TrackedDelivery tracked = running.remove(delivery);
        // Without one nothing happened: it was stopped before its first attempt.
        if (tracked != null) {
            tracked.ended();
        }
    }

    /** Notes a replay; the id of its entry, which can be found a moment later unless it was lost. */
    String replayed(DeliverySummary.Origin origin, List<PartitionOffsets> records, Replay.Invoked invoked) {
        boolean succeeded = invoked.report().kind() == AttemptReport.Kind.SUCCEEDED;
        String id = ids.get();
        JournaledAttempt attempt = new JournaledAttempt(1,
                new JournaledAttempt.Call(invoked.requestId(), invoked.started(), invoked.took()), invoked.report(),
                records.stream().mapToInt(PartitionOffsets::count).sum(),
                new JournaledAttempt.Event(TrackedDelivery.key(records), Body.copy(invoked.event())), Body.copy(invoked.answer()));
        DeliverySummary summary = new DeliverySummary(id, origin, succeeded ? DeliveryState.DELIVERED : DeliveryState.FAILED,
                new DeliverySummary.Period(invoked.started(), clock.instant()), records,
                new DeliverySummary.Progress(1, invoked.report().lastProcessingResult(), invoked.report().detail(), null));
        if (writer.hasRoom(true)) {
            writer.offer(new JournaledDelivery(summary, List.of(), List.of(attempt)));
        } else {
            writer.lost();
        }
        return id;
    }

    /** Who counts, for the journal, what the filters of each mapping keep from its function. */
    public PollerObserver filterObserver() {
        return filtered;
    }

    /** What the filters of each mapping kept from its function. */
    public Map<MappingId, FilteredOut> filteredOut() {
        return filtered.all();
    }

    /** Summaries, the newest first; what happened in the last moments may be missing. */
    public List<DeliverySummary> list(JournalStore.Query query) {
        return store.list(query);
    }

    public Optional<JournaledDelivery> find(String id) {
        return store.find(id);
    }

    public boolean contains(String id) {
        return store.contains(id);
    }

    /** What is missing since the start. */
    public Losses losses() {
        return writer.losses();
    }

    /** Takes nothing more, and writes what it has as far as the time allows. The store stays open. Idempotent. */
    public void close(Duration within) {
        writer.close(within);
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(2));
    }

    private TrackedDelivery tracked(Delivery delivery) {
        TrackedDelivery known = running.get(delivery);
        return known != null ? known : running.computeIfAbsent(delivery, begun -> new TrackedDelivery(begun.batch(), this));
    }

    Clock clock() {
        return clock;
    }

    String newId() {
        return ids.get();
    }

    JournalWriter writer() {
        return writer;
    }

    /** Whether it is time to copy the bodies of a success again; true once, then false for a while. */
    boolean takeCopy() {
        long now = clock.millis();
        long due = nextCopy.get();
        return now >= due && nextCopy.compareAndSet(due, now + MILLIS_BETWEEN_COPIES);
    }
}
