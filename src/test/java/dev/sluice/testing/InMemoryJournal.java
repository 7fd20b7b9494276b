package dev.sluice.testing;

import dev.sluice.mapping.FilteredOut;
import dev.sluice.mapping.MappingId;
import dev.sluice.telemetry.DeliverySummary;
import dev.sluice.telemetry.JournalStore;
import dev.sluice.telemetry.JournaledDelivery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything a journal was told, in order. Thread-safe. */
public class InMemoryJournal implements JournalStore {

    private final List<JournaledDelivery> saved = new ArrayList<>();
    private final Map<MappingId, FilteredOut> filteredOut = new HashMap<>();

    @Override
    public synchronized void save(List<JournaledDelivery> news) {
        saved.addAll(news);
    }

    @Override
    public synchronized void addFilteredOut(Map<MappingId, FilteredOut> more) {
        more.forEach((mapping, filtered) -> filteredOut.merge(mapping, filtered, FilteredOut::and));
    }

    @Override
    public synchronized Map<MappingId, FilteredOut> filteredOut() {
        return Map.copyOf(filteredOut);
    }

    @Override
    public void prune() {
        // A test doesn't live that long.
    }

    /** What was saved, each time. */
    public synchronized List<JournaledDelivery> saved() {
        return List.copyOf(saved);
    }

    @Override
    public synchronized List<DeliverySummary> list(Query query) {
        List<DeliverySummary> found = new ArrayList<>();
        for (int i = saved.size() - 1; i >= 0 && found.size() < query.limit(); i--) {
            found.add(saved.get(i).summary());
        }
        return found;
    }

    @Override
    public synchronized Optional<JournaledDelivery> find(String id) {
        return saved.stream().filter(delivery -> delivery.summary().id().equals(id)).reduce((earlier, later) -> later);
    }

    @Override
    public boolean contains(String id) {
        return find(id).isPresent();
    }
}
