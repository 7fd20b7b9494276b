package dev.sluice.telemetry;

import dev.sluice.dispatch.Fate;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.PollerObserver.PartitionPosition;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToDoubleFunction;

/** The series of one mapping, looked up once and counted on many times. Thread-safe. */
final class MappingMeters {

    private static final Duration[] BUCKETS = List.of(1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
            300_000, 900_000).stream().map(Duration::ofMillis).toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Tags tags;
    private final Queue<Meter> meters = new ConcurrentLinkedQueue<>();
    private final Map<Integer, List<PartitionPosition>> positions = new ConcurrentHashMap<>();
    private final Set<Integer> pollers = ConcurrentHashMap.newKeySet();

    final Counter polled;
    final Counter filteredOut;
    final Counter invoked;
    final Counter failedInvoke;
    final Counter committed;
    final Counter pollingErrors;
    final Counter invokeErrors;
    final Counter commitErrors;
    final Counter destinationErrors;
    final Timer invocations;
    private final Map<Fate, Counter> settled;

    MappingMeters(MeterRegistry registry, EventSourceMapping mapping) {
        this.registry = registry;
        this.tags = Tags.of("mapping", mapping.id().toString(), "function", mapping.settings().functionArn().name());
        polled = counter("sluice.polled.event.count", "Records that polls brought (AWS: PolledEventCount)");
        filteredOut = counter("sluice.filtered.out.event.count", "Records that passed no filter (AWS: FilteredOutEventCount)");
        invoked = counter("sluice.invoked.event.count",
                "Records that the function was invoked with, again at each retry (AWS: InvokedEventCount)");
        failedInvoke = counter("sluice.failed.invoke.event.count",
                "Records of invocations that failed (AWS: FailedInvokeEventCount)");
        committed = counter("sluice.committed.event.count", "Offsets that commits went ahead (AWS: CommittedEventCount)");
        pollingErrors = counter("sluice.polling.error.count", "Polls that failed (AWS: PollingErrorCount)");
        invokeErrors = counter("sluice.invoke.error.count", "Invocations that failed (AWS: InvokeErrorCount)");
        commitErrors = counter("sluice.commit.error.count", "Commits that failed (AWS: CommitErrorCount)");
        destinationErrors = counter("sluice.on.failure.destination.delivery.error.count",
                "Records or batches that the on-failure destination did not take (AWS: OnFailureDestinationDeliveryErrorCount)");
        settled = Map.of(
                Fate.DELIVERED, counter("sluice.delivered.event.count", "Records that the function took (AWS has no such metric)"),
                Fate.SENT_TO_DESTINATION, counter("sluice.on.failure.destination.delivered.event.count",
                        "Records that the on-failure destination took (AWS: OnFailureDestinationDeliveredEventCount)"),
                Fate.DROPPED, counter("sluice.dropped.event.count", "Records that were given up (AWS: DroppedEventCount)"),
                Fate.SKIPPED, counter("sluice.skipped.event.count", "Records that somebody skipped (AWS has no such metric)"));
        invocations = Timer.builder("sluice.invocation.duration").description("How long invocations took").tags(tags)
                .serviceLevelObjectives(BUCKETS).register(registry);
        meters.add(invocations);
        gauge("sluice.max.offset.lag", tags, "Records to be committed in the partition with the most (AWS: MaxOffsetLag)",
                meters -> meters.committedLag(true));
        gauge("sluice.sum.offset.lag", tags, "Records to be committed in all partitions (AWS: SumOffsetLag)",
                meters -> meters.committedLag(false));
        for (String topic : mapping.source().topics()) {
            gauge("sluice.offset.lag", tags.and("topic", topic), "Records to be processed (AWS: OffsetLag)",
                    meters -> meters.processedLag(topic));
        }
        if (mapping.settings().provisionedPollers() != null) {
            gauge("sluice.provisioned.pollers", tags, "Pollers at work (AWS: ProvisionedPollers)", meters -> meters.pollers.size());
        }
    }

    void settled(Fate fate, int records) {
        settled.get(fate).increment(records);
    }

    void began(int poller) {
        pollers.add(poller);
    }

    void positions(int poller, List<PartitionPosition> stand) {
        pollers.add(poller);
        positions.put(poller, List.copyOf(stand));
    }

    /** Forgets a poller; whether it was the last. */
    boolean stopped(int poller) {
        pollers.remove(poller);
        positions.remove(poller);
        return pollers.isEmpty();
    }

    /** Takes all series away. */
    void remove() {
        meters.forEach(registry::remove);
    }

    private double committedLag(boolean highest) {
        double lag = Double.NaN;
        for (List<PartitionPosition> ofPoller : positions.values()) {
            for (PartitionPosition position : ofPoller) {
                if (position.end() < 0 || position.committed() < 0) {
                    return Double.NaN;
                }
                double own = Math.max(0, position.end() - position.committed());
                lag = Double.isNaN(lag) ? own : highest ? Math.max(lag, own) : lag + own;
            }
        }
        return lag;
    }

    private double processedLag(String topic) {
        double lag = Double.NaN;
        Collection<List<PartitionPosition>> all = positions.values();
        for (List<PartitionPosition> ofPoller : all) {
            for (PartitionPosition position : ofPoller) {
                if (!position.topic().equals(topic)) {
                    continue;
                }
                if (position.end() < 0 || position.processed() < 0) {
                    return Double.NaN;
                }
                double own = Math.max(0, position.end() - position.processed());
                lag = Double.isNaN(lag) ? own : lag + own;
            }
        }
        return lag;
    }

    private Counter counter(String name, String description) {
        Counter counter = Counter.builder(name).description(description).tags(tags).register(registry);
        meters.add(counter);
        return counter;
    }

    private void gauge(String name, Tags labels, String description, ToDoubleFunction<MappingMeters> value) {
        meters.add(Gauge.builder(name, this, value).description(description).tags(labels).register(registry));
    }
}
