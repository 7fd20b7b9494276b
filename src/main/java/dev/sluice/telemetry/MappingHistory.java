package dev.sluice.telemetry;

import dev.sluice.diagnosis.MappingProgress;
import dev.sluice.diagnosis.MappingProgress.GivenUp;
import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.DeliveryObserver;
import dev.sluice.dispatch.FailureCondition;
import dev.sluice.dispatch.PartitionRecords;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.PollerObserver;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How has each mapping got on? What a diagnosis wants to know of the time before it was asked, from what pollers and deliveries tell anyway.
 * Thread-safe; a mapping's own lock is held for some additions.
 */
public final class MappingHistory implements PollerObserver, DeliveryObserver {

    private final LongSupplier nanos;
    private final Map<MappingId, One> mappings = new ConcurrentHashMap<>();

    /** @param nanos a clock that never goes back */
    public MappingHistory(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** What is known of one mapping. Guarded by itself. */
    private static final class One {
        private final LagRing ring = new LagRing();
        private final Map<Integer, List<PartitionPosition>> positions = new HashMap<>();
        private Set<Partition> sampled = Set.of();
        private long polled;
        private long filteredOut;
        private @Nullable GivenUp givenUp;
    }

    public MappingProgress of(MappingId mapping) {
        One one = mappings.get(mapping);
        if (one == null) {
            return MappingProgress.NOTHING;
        }
        synchronized (one) {
            return new MappingProgress(one.polled, one.filteredOut, one.givenUp, one.ring.trend());
        }
    }

    private One one(EventSourceMapping mapping) {
        return mappings.computeIfAbsent(mapping.id(), id -> new One());
    }

    @Override
    public void polled(EventSourceMapping mapping, int records, int filteredOut) {
        One one = one(mapping);
        synchronized (one) {
            one.polled += records;
            one.filteredOut += filteredOut;
        }
    }

    @Override
    public void positions(EventSourceMapping mapping, int poller, List<PartitionPosition> positions) {
        One one = one(mapping);
        synchronized (one) {
            one.positions.put(poller, positions);
            if (one.ring.due(nanos.getAsLong())) {
                sample(one);
            }
        }
    }

    private void sample(One one) {
        long end = 0;
        long done = 0;
        Set<Partition> partitions = new HashSet<>();
        for (List<PartitionPosition> each : one.positions.values()) {
            for (PartitionPosition position : each) {
                if (position.end() < 0 || position.committed() < 0) {
                    return; // a part of the truth would look like a change
                }
                end += position.end();
                done += position.committed();
                partitions.add(new Partition(position.topic(), position.partition()));
            }
        }
        if (!partitions.equals(one.sampled)) {
            one.ring.clear();
            one.sampled = partitions;
        }
        one.ring.add(nanos.getAsLong(), end, done);
    }

    @Override
    public void stopped(EventSourceMapping mapping, int poller) {
        One one = mappings.get(mapping.id()); // none is made anew of a mapping that is deleted meanwhile
        if (one != null) {
            synchronized (one) {
                one.positions.remove(poller);
            }
        }
    }

    @Override
    public void gaveUp(Delivery delivery, FailureCondition why, List<? extends PartitionRecords> records) {
        One one = one(delivery.batch().mapping());
        PartitionRecords last = records.get(records.size() - 1);
        long count = records.stream().mapToLong(PartitionRecords::size).sum();
        synchronized (one) {
            one.givenUp = new GivenUp(count + (one.givenUp == null ? 0 : one.givenUp.records()), why.awsName(), last.topic(),
                    last.partition(), last.offset(last.size() - 1));
        }
    }

    /** Forgets a mapping that is no more. @param before null of one that is new @param after null of one that is deleted */
    public void changed(@Nullable EventSourceMapping before, @Nullable EventSourceMapping after) {
        if (before != null && after == null) {
            mappings.remove(before.id());
        }
    }
}
