package dev.sluice.chaos;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How long it takes after a fault until records that were produced after it arrive in every mapping that is there all the time.
 * Thread-safe.
 */
final class Recoveries {

    private final LongSupplier nanos;
    private final Supplier<Collection<TrackedMapping>> mappings;
    private final List<Recovery> all = new ArrayList<>(); // guarded by this

    /** One fault that is over, and who has not recovered yet. */
    static final class Recovery {
        private final FaultKind kind;
        private final long since;
        private final Set<TrackedMapping> waiting;
        private long millis = -1;

        private Recovery(FaultKind kind, long since, Set<TrackedMapping> waiting) {
            this.kind = kind;
            this.since = since;
            this.waiting = waiting;
        }

        FaultKind kind() {
            return kind;
        }
    }

    Recoveries(LongSupplier nanos, Supplier<Collection<TrackedMapping>> mappings) {
        this.nanos = nanos;
        this.mappings = mappings;
    }

    /** A fault is over now. */
    synchronized Recovery begin(FaultKind kind) {
        Set<TrackedMapping> waiting = new HashSet<>(mappings.get());
        waiting.removeIf(mapping -> !mapping.steady() || mapping.uuid() == null);
        Recovery recovery = new Recovery(kind, nanos.getAsLong(), waiting);
        all.add(recovery);
        return recovery;
    }

    /** A mapping's function has got a record that was produced at {@code at}. */
    synchronized void delivered(TrackedMapping mapping, long at) {
        long now = nanos.getAsLong();
        for (Recovery each : all) {
            if (each.millis < 0 && at >= each.since && each.waiting.remove(mapping) && each.waiting.isEmpty()) {
                each.millis = TimeUnit.NANOSECONDS.toMillis(now - each.since);
            }
        }
    }

    synchronized boolean done(Recovery recovery) {
        return recovery.millis >= 0;
    }

    /** How many faults of a kind there were. */
    synchronized long count(FaultKind kind) {
        return all.stream().filter(each -> each.kind == kind).count();
    }

    /** The times of a kind that are known, ascending. */
    synchronized List<Long> millis(FaultKind kind) {
        return all.stream().filter(each -> each.kind == kind && each.millis >= 0).map(each -> each.millis).sorted().toList();
    }
}
