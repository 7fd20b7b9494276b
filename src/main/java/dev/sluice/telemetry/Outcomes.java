package dev.sluice.telemetry;

import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.DeliveryObserver;
import dev.sluice.dispatch.Fate;
import dev.sluice.dispatch.PartitionRecords;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FilteredOut;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.PollerObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How many records of a mapping have come to which end since the server started, and when is it one more? For who waits for that: a test
 * above all. Thread-safe; nobody who tells something waits for who listens. Single-use: construct, use, {@link #release}; its thread is there
 * while somebody waits.
 */
public final class Outcomes implements PollerObserver, DeliveryObserver {

    private final Map<MappingId, One> mappings = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor limits = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "outcomes");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean released;

    public Outcomes() {
        limits.setRemoveOnCancelPolicy(true);
        limits.setKeepAliveTime(1, TimeUnit.SECONDS);
        limits.allowCoreThreadTimeOut(true);
    }

    /**
     * What has become of records up to now.
     *
     * @param change goes up with each change, also when offsets are committed; 0 before the first one
     * @param fates without those that it never was
     */
    public record Counts(long change, long filtered, Map<Fate, Long> fates) {
        public Counts {
            fates = Map.copyOf(fates);
        }

        public long of(Fate fate) {
            return fates.getOrDefault(fate, 0L);
        }
    }

    /** Of one mapping. Guarded by itself. */
    private static final class One {
        private final Map<Fate, Long> fates = new EnumMap<>(Fate.class);
        private List<CompletableFuture<Counts>> waiting = new ArrayList<>();
        private long change;
        private long filtered;

        Counts counts() {
            return new Counts(change, filtered, fates);
        }
    }

    /** What there is once it has changed since {@code after}, or when {@code wait} is over. */
    public CompletionStage<Counts> read(MappingId mapping, long after, Duration wait) {
        One one = mappings.computeIfAbsent(mapping, id -> new One());
        CompletableFuture<Counts> answer = new CompletableFuture<>();
        synchronized (one) {
            if (one.change != after || wait.isZero() || released) {
                return CompletableFuture.completedFuture(one.counts());
            }
            one.waiting.removeIf(CompletableFuture::isDone);
            one.waiting.add(answer);
        }
        try {
            Future<?> limit = limits.schedule(() -> answer.complete(counts(one)), wait.toMillis(), TimeUnit.MILLISECONDS);
            answer.whenComplete((counts, never) -> limit.cancel(false));
        } catch (RejectedExecutionException closing) {
            answer.complete(counts(one));
        }
        return answer;
    }

    private static Counts counts(One one) {
        synchronized (one) {
            return one.counts();
        }
    }

    /** Answers all who wait, and lets nobody wait any more. */
    public void release() {
        released = true;
        limits.shutdownNow();
        mappings.values().forEach(one -> changed(one, () -> {
            // Nothing; whoever waits is only not to wait any longer.
        }));
    }

    @Override
    public void settled(Delivery delivery, Fate fate, List<? extends PartitionRecords> records) {
        long count = 0;
        for (PartitionRecords partition : records) {
            count += partition.size();
        }
        long settled = count;
        One one = one(delivery.batch().mapping());
        changed(one, () -> one.fates.merge(fate, settled, Long::sum));
    }

    @Override
    public void filteredOut(EventSourceMapping mapping, FilteredOut filteredOut) {
        One one = one(mapping);
        changed(one, () -> one.filtered += filteredOut.records());
    }

    @Override
    public void committed(EventSourceMapping mapping, long records) {
        changed(one(mapping), () -> {
            // How far it is committed, brokers and pollers know.
        });
    }

    /** Forgets a mapping that is no more. @param before null of one that is new @param after null of one that is deleted */
    public void changed(@Nullable EventSourceMapping before, @Nullable EventSourceMapping after) {
        if (before != null && after == null) {
            One gone = mappings.remove(before.id());
            if (gone != null) {
                changed(gone, () -> {
                    // Nothing more will.
                });
            }
        }
    }

    private One one(EventSourceMapping mapping) {
        return mappings.computeIfAbsent(mapping.id(), id -> new One());
    }

    private static void changed(One one, Runnable change) {
        List<CompletableFuture<Counts>> told;
        Counts counts;
        synchronized (one) {
            change.run();
            one.change++;
            if (one.waiting.isEmpty()) {
                return;
            }
            told = one.waiting;
            one.waiting = new ArrayList<>();
            counts = one.counts();
        }
        told.forEach(answer -> answer.complete(counts));
    }
}
