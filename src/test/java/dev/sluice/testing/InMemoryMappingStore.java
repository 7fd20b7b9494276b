package dev.sluice.testing;

import dev.sluice.mapping.EventSource;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.MappingFailure;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.MappingStore;
import dev.sluice.mapping.StartingPosition;
import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.Tags;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A mapping store that forgets everything with its JVM; keeps {@link MappingStoreContract}. Thread-safe. */
public final class InMemoryMappingStore implements MappingStore {

    private static final Comparator<EventSourceMapping> ORDER =
            Comparator.comparing(EventSourceMapping::created).thenComparing(EventSourceMapping::id);

    private final Map<MappingId, EventSourceMapping> mappings = new HashMap<>();
    private final Map<MappingId, Tags> tags = new HashMap<>();
    private final Map<MappingId, Map.Entry<Long, MappingFailure>> failures = new HashMap<>();

    @Override
    public Optional<EventSourceMapping> insert(EventSourceMapping mapping, Tags withTags) {
        return insertInPlaceOf(null, mapping, withTags);
    }

    synchronized Optional<EventSourceMapping> insertInPlaceOf(MappingId before, EventSourceMapping mapping, Tags withTags) {
        Optional<EventSourceMapping> duplicate =
                sorted().filter(other -> mapping.duplicates(other) && !other.id().equals(before)).findFirst();
        if (duplicate.isEmpty() && before != null) {
            mappings.remove(before);
            tags.remove(before);
        }
        if (duplicate.isEmpty() && mappings.putIfAbsent(mapping.id(), stored(mapping)) != null) {
            throw new IllegalStateException("mapping " + mapping.id() + " is there already");
        }
        if (duplicate.isEmpty()) {
            tags.put(mapping.id(), withTags);
        }
        return duplicate;
    }

    @Override
    public synchronized Optional<EventSourceMapping> find(MappingId id) {
        return Optional.ofNullable(mappings.get(id));
    }

    @Override
    public synchronized List<EventSourceMapping> all() {
        return sorted().toList();
    }

    @Override
    public synchronized List<EventSourceMapping> list(Query query) {
        return sorted()
                .filter(mapping -> mapping.scope().equals(query.scope()))
                .filter(mapping -> query.eventSourceArn() == null
                        || mapping.source().eventSource().equals(new EventSource.MskCluster(query.eventSourceArn())))
                .filter(mapping -> query.functionArn() == null
                        || matches(query.functionArn(), mapping.settings().functionArn()))
                .filter(mapping -> query.after() == null || isAfter(query.after(), mapping))
                .limit(query.limit())
                .toList();
    }

    @Override
    public synchronized Replacement replace(EventSourceMapping seen, EventSourceMapping updated) {
        if (!seen.id().equals(updated.id())) {
            throw new IllegalArgumentException("updated is mapping " + updated.id() + "; it must be that of seen, " + seen.id());
        }
        EventSourceMapping stored = mappings.get(seen.id());
        if (stored == null || stored.generation() != seen.generation() || stored.state() != seen.state()) {
            return new Replacement.Outdated();
        }
        if (!updated.settings().functionArn().equals(seen.settings().functionArn())) {
            Optional<EventSourceMapping> existing =
                    sorted().filter(other -> updated.duplicates(other) && !other.id().equals(updated.id())).findFirst();
            if (existing.isPresent()) {
                return new Replacement.Duplicate(existing.get());
            }
        }
        change(seen, present -> {
            boolean newResult = !updated.status().lastProcessingResult().equals(seen.status().lastProcessingResult());
            return Mappings.like(stored(updated))
                    .lastProcessingResult((newResult ? updated : present).status().lastProcessingResult())
                    .startingPositionApplied(
                            present.status().startingPositionApplied() || updated.status().startingPositionApplied())
                    .build();
        });
        return new Replacement.Done();
    }

    @Override
    public synchronized boolean remove(EventSourceMapping seen) {
        boolean removed = change(seen, present -> null);
        if (removed) {
            tags.remove(seen.id());
        }
        return removed;
    }

    @Override
    public synchronized Optional<Tags> tags(MappingId id) {
        return Optional.ofNullable(tags.get(id));
    }

    @Override
    public synchronized boolean changeTags(MappingId id, UnaryOperator<Tags> change) {
        return tags.computeIfPresent(id, (same, present) -> change.apply(present)) != null;
    }

    @Override
    public synchronized boolean recordProcessingResult(MappingId id, long generation, String result) {
        return change(id, generation, present -> Mappings.like(present).lastProcessingResult(result).build());
    }

    @Override
    public synchronized boolean recordStartingPositionApplied(MappingId id, long generation) {
        return change(id, generation, present -> Mappings.like(present).startingPositionApplied(true).build());
    }

    @Override
    public synchronized boolean recordFailure(MappingId id, long generation, MappingFailure failure) {
        boolean current = mappings.containsKey(id) && mappings.get(id).generation() == generation;
        if (current) {
            failures.put(id, Map.entry(generation, new MappingFailure(failure.since().truncatedTo(ChronoUnit.MICROS), failure.cause())));
        }
        return current;
    }

    @Override
    public synchronized Optional<MappingFailure> failure(MappingId id, long generation) {
        return mappings.containsKey(id) ? Optional.ofNullable(failures.get(id)).filter(noted -> noted.getKey() == generation)
                .map(Map.Entry::getValue) : Optional.empty();
    }

    private boolean change(EventSourceMapping seen, UnaryOperator<EventSourceMapping> change) {
        EventSourceMapping present = mappings.get(seen.id());
        return present != null && present.state() == seen.state() && change(seen.id(), seen.generation(), change);
    }

    private boolean change(MappingId id, long generation, UnaryOperator<EventSourceMapping> change) {
        EventSourceMapping present = mappings.get(id);
        if (present == null || present.generation() != generation) {
            return false;
        }
        mappings.compute(id, (same, mapping) -> change.apply(mapping));
        return true;
    }

    private Stream<EventSourceMapping> sorted() {
        return mappings.values().stream().sorted(ORDER);
    }

    private static boolean matches(FunctionArn wanted, FunctionArn arn) {
        return (wanted.qualifier() == null ? arn.unqualified() : arn).equals(wanted);
    }

    private static boolean isAfter(Cursor cursor, EventSourceMapping mapping) {
        int order = mapping.created().compareTo(toMicros(cursor.created()));
        return order > 0 || order == 0 && mapping.id().compareTo(cursor.id()) > 0;
    }

    /** As it comes back from a store. */
    private static EventSourceMapping stored(EventSourceMapping mapping) {
        StartingPosition position = mapping.source().startingPosition();
        return Mappings.like(mapping)
                .created(toMicros(mapping.created()))
                .startingPosition(position.timestamp() == null ? position
                        : StartingPosition.atTimestamp(toMicros(position.timestamp())))
                .lastModified(toMicros(mapping.status().lastModified()))
                .build();
    }

    private static Instant toMicros(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS);
    }
}
