package dev.sluice.telemetry;

import dev.sluice.dispatch.AttemptReport;
import dev.sluice.dispatch.Batch;
import dev.sluice.dispatch.DeliveryObserver.Attempt;
import dev.sluice.dispatch.Fate;
import dev.sluice.dispatch.PartitionOffsets;
import dev.sluice.dispatch.PartitionRecords;
import dev.sluice.telemetry.DeliverySummary.Origin;
import dev.sluice.telemetry.DeliverySummary.Period;
import dev.sluice.telemetry.DeliverySummary.Progress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What the journal must remember of one delivery while it runs; the attempts it has handed over are not among it. Thread-safe. */
final class TrackedDelivery {

    /** Attempts that wait for the end of a delivery that has not failed. */
    private static final int MOST_PENDING = 10;
    /** A bisected batch could have as many groups as records. */
    private static final int MOST_GROUPS = 100;

    private final Batch batch;
    private final Journal journal;

    // Guarded by this.
    private final List<JournaledAttempt> pending = new ArrayList<>(1);
    private final List<SettledRecords> settled = new ArrayList<>(1);
    private String id;
    private List<PartitionOffsets> records;
    private Instant firstSeen;
    private int attempts;
    private AttemptReport last;
    private String destinationError;
    private boolean failed;
    /** The key of the event handed over last; null when the next one's body must be handed over in any case. */
    private String lastEvent;

    TrackedDelivery(Batch batch, Journal journal) {
        this.batch = batch;
        this.journal = journal;
    }

    synchronized void attempted(Attempt attempt) {
        seen(attempt.started());
        attempts = attempt.number();
        last = attempt.report();
        boolean fails = last.kind() != AttemptReport.Kind.SUCCEEDED;
        failed |= fails;
        pending.add(fails ? failure(attempt) : success(attempt));
        if (failed || pending.size() >= MOST_PENDING) {
            handOver(DeliveryState.RUNNING, null);
        }
    }

    synchronized void settled(Fate fate, List<? extends PartitionRecords> finished) {
        for (PartitionRecords partition : finished) {
            if (partition.size() == 0) {
                continue;
            }
            if (fate == Fate.DELIVERED) {
                add(SettledRecords.of(fate, partition));
            } else {
                // Which records those are is what one looks for: 2 and 4 are not "2 records from 2 to 4".
                PartitionOffsets.of(partition).runs().forEach(run -> add(SettledRecords.of(fate, partition, run)));
            }
        }
    }

    synchronized void destinationFailed(String reason) {
        destinationError = reason;
        failed = true;
        handOver(DeliveryState.RUNNING, null);
    }

    synchronized void ended() {
        Instant now = journal.clock().instant();
        seen(now);
        handOver(finalState(), now);
    }

    private void seen(Instant at) {
        if (firstSeen == null) {
            firstSeen = at;
        }
    }

    private JournaledAttempt success(Attempt attempt) {
        return !failed && journal.takeCopy() ? withBodies(attempt) : withoutBodies(attempt);
    }

    private JournaledAttempt failure(Attempt attempt) {
        if (journal.writer().hasRoomForBodies()) {
            return withBodies(attempt);
        }
        journal.writer().lostBody();
        lastEvent = null;
        return withoutBodies(attempt);
    }

    private static JournaledAttempt withoutBodies(Attempt attempt) {
        return new JournaledAttempt(attempt.number(), call(attempt), attempt.report(), size(attempt), null, null);
    }

    private JournaledAttempt withBodies(Attempt attempt) {
        JournaledAttempt.Event event = null;
        if (attempt.event() != null) {
            String key = key(PartitionOffsets.of(attempt.records()));
            event = new JournaledAttempt.Event(key, key.equals(lastEvent) ? null : Body.copy(attempt.event(), attempt.eventLength()));
            lastEvent = key;
        }
        return new JournaledAttempt(attempt.number(), call(attempt), attempt.report(), size(attempt), event, Body.copy(attempt.answer()));
    }

    private static JournaledAttempt.Call call(Attempt attempt) {
        return new JournaledAttempt.Call(attempt.requestId(), attempt.started(), attempt.took());
    }

    /** {@code orders-0:5-9,11}: the same for attempts with the same event. */
    static String key(List<PartitionOffsets> records) {
        return records.stream().map(partition -> partition.topic() + "-" + partition.partition() + ":" + partition.runsText())
                .collect(Collectors.joining(" "));
    }

    private static int size(Attempt attempt) {
        int size = 0;
        for (PartitionRecords partition : attempt.records()) {
            size += partition.size();
        }
        return size;
    }

    private void add(SettledRecords group) {
        for (int i = settled.size() - 1; i >= 0; i--) {
            SettledRecords known = settled.get(i);
            boolean together = group.first() == known.last() + 1 || settled.size() >= MOST_GROUPS;
            if (together && known.sameKindAs(group)) {
                settled.set(i, known.with(group));
                return;
            }
        }
        settled.add(group);
    }

    private DeliveryState finalState() {
        int all = 0;
        for (PartitionRecords partition : batch.records()) {
            all += partition.size();
        }
        int finished = 0;
        int delivered = 0;
        for (SettledRecords group : settled) {
            finished += group.count();
            delivered += group.fate() == Fate.DELIVERED ? group.count() : 0;
        }
        if (finished < all) {
            return DeliveryState.NOT_FINISHED;
        }
        if (delivered == 0) {
            return DeliveryState.FAILED;
        }
        return delivered == all ? DeliveryState.DELIVERED : DeliveryState.PARTLY;
    }

    private void handOver(DeliveryState state, Instant ended) {
        if (!journal.writer().hasRoom(failed || state != DeliveryState.DELIVERED)) {
            journal.writer().lost();
            lastEvent = null;
        } else {
            if (id == null) {
                id = journal.newId();
                records = PartitionOffsets.of(batch.records());
            }
            seen(journal.clock().instant());
            DeliverySummary summary = new DeliverySummary(id,
                    new Origin(batch.mapping().id(), batch.mapping().settings().functionArn(), null), state,
                    new Period(firstSeen, ended), records, new Progress(attempts, last == null ? null : last.lastProcessingResult(),
                            last == null ? null : last.detail(), destinationError));
            journal.writer().offer(new JournaledDelivery(summary, settled, pending));
        }
        pending.clear();
    }
}
