package dev.sluice.telemetry;

import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FilteredOut;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.PollerObserver;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many records did the filters of each mapping keep from its function, and why the last one? Such records are committed and seen by
 * nobody, so the journal counts them. Thread-safe; whoever adds waits for nothing, {@code this} is held while the store is asked.
 */
final class FilteredRecords implements PollerObserver {

    private final JournalStore store;
    /** What the store doesn't have yet. */
    private final Map<MappingId, FilteredOut> news = new ConcurrentHashMap<>();

    FilteredRecords(JournalStore store) {
        this.store = store;
    }

    @Override
    public void filteredOut(EventSourceMapping mapping, FilteredOut more) {
        news.merge(mapping.id(), more, FilteredOut::and);
    }

    /** What there is of each mapping. */
    synchronized Map<MappingId, FilteredOut> all() {
        Map<MappingId, FilteredOut> all = new HashMap<>(store.filteredOut());
        news.forEach((mapping, more) -> all.merge(mapping, more, FilteredOut::and));
        return all;
    }

    /** Stores what is new; throws what the store throws, and tries the same again the next time. */
    synchronized void store() {
        Map<MappingId, FilteredOut> more = new HashMap<>();
        for (MappingId mapping : Set.copyOf(news.keySet())) {
            more.put(mapping, news.remove(mapping));
        }
        if (more.isEmpty()) {
            return;
        }
        boolean stored = false;
        try {
            store.addFilteredOut(more);
            stored = true;
        } finally {
            if (!stored) {
                more.forEach((mapping, older) -> news.merge(mapping, older, (newer, same) -> older.and(newer)));
            }
        }
    }
}
