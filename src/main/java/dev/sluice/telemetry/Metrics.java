package dev.sluice.telemetry;

import dev.sluice.dispatch.AttemptResult;
import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.DeliveryObserver;
import dev.sluice.dispatch.Fate;
import dev.sluice.dispatch.PartitionRecords;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.PollerObserver;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * How much passes through each mapping, and how far is it behind? Counts under AWS's names, spelled as Prometheus wants them:
 * {@code PolledEventCount} is {@code sluice_polled_event_count_total}. A mapping has series from its first poll on until its last
 * poller has stopped. Thread-safe, and cheap where records pass.
 */
public final class Metrics implements DeliveryObserver, PollerObserver, AutoCloseable {

    /** The content type of {@link #scrape}. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Supplier<Journal.Losses> losses;
    private final Map<MappingId, MappingMeters> mappings = new ConcurrentHashMap<>();

    // Guarded by this; made when first needed, since it takes a moment that a start should not wait for.
    private PrometheusMeterRegistry registry;
    private JvmGcMetrics collections;

    /** @param losses what the journal has lost */
    public Metrics(Supplier<Journal.Losses> losses) {
        this.losses = losses;
    }

    /** Everything in Prometheus's text format. */
    public String scrape() {
        PrometheusMeterRegistry all = registry();
        measureProcess(all);
        return all.scrape();
    }

    @Override
    public void polled(EventSourceMapping mapping, int records, int filteredOut) {
        MappingMeters meters = meters(mapping);
        meters.polled.increment(records);
        meters.filteredOut.increment(filteredOut);
    }

    @Override
    public void committed(EventSourceMapping mapping, long records) {
        // Further ahead only: a group whose offsets somebody set back has not uncommitted records.
        meters(mapping).committed.increment(Math.max(0, records));
    }

    @Override
    public void pollingFailed(EventSourceMapping mapping, String errorCode, String message) {
        meters(mapping).pollingErrors.increment();
    }

    @Override
    public void commitFailed(EventSourceMapping mapping, String errorCode, String message) {
        meters(mapping).commitErrors.increment();
    }

    @Override
    public void assigned(EventSourceMapping mapping, PollerAssignment assignment) {
        meters(mapping).began(assignment.poller());
    }

    @Override
    public void positions(EventSourceMapping mapping, int poller, List<PartitionPosition> positions) {
        meters(mapping).positions(poller, positions);
    }

    @Override
    public void stopped(EventSourceMapping mapping, int poller) {
        mappings.computeIfPresent(mapping.id(), (id, meters) -> {
            if (!meters.stopped(poller)) {
                return meters;
            }
            meters.remove();
            return null;
        });
    }

    @Override
    public void attempted(Delivery delivery, Attempt attempt) {
        MappingMeters meters = ofRunning(delivery);
        if (meters == null) {
            return;
        }
        int records = size(attempt.records());
        if (attempt.requestId() != null) {
            meters.invoked.increment(records);
            meters.invocations.record(attempt.took());
        }
        if (attempt.result().kind() != AttemptResult.Kind.SUCCEEDED) {
            meters.failedInvoke.increment(records);
            meters.invokeErrors.increment();
        }
    }

    @Override
    public void settled(Delivery delivery, Fate fate, List<? extends PartitionRecords> records) {
        MappingMeters meters = ofRunning(delivery);
        if (meters != null) {
            meters.settled(fate, size(records));
        }
    }

    @Override
    public void destinationFailed(Delivery delivery, int records, String reason) {
        MappingMeters meters = ofRunning(delivery);
        if (meters != null) {
            meters.destinationErrors.increment();
        }
    }

    @Override
    public void ended(Delivery delivery) {
        // Everything was counted when it happened.
    }

    @Override
    public synchronized void close() {
        if (collections != null) {
            collections.close();
            collections = null;
        }
        if (registry != null) {
            registry.close();
        }
    }

    private MappingMeters meters(EventSourceMapping mapping) {
        MappingMeters known = mappings.get(mapping.id());
        return known != null ? known : mappings.computeIfAbsent(mapping.id(), id -> new MappingMeters(registry(), mapping));
    }

    /** Null when its mapping has stopped: what an abandoned call still brings belongs to no series. */
    private MappingMeters ofRunning(Delivery delivery) {
        return mappings.get(delivery.batch().mapping().id());
    }

    private static int size(List<? extends PartitionRecords> records) {
        int size = 0;
        for (PartitionRecords partition : records) {
            size += partition.size();
        }
        return size;
    }

    private synchronized PrometheusMeterRegistry registry() {
        if (registry == null) {
            registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            FunctionCounter.builder("sluice.journal.lost.entries", losses, all -> all.get().entries())
                    .description("What the journal of deliveries could not note").register(registry);
            FunctionCounter.builder("sluice.journal.lost.bodies", losses, all -> all.get().bodies())
                    .description("Failed attempts noted without event and answer").register(registry);
        }
        return registry;
    }

    private synchronized void measureProcess(PrometheusMeterRegistry all) {
        if (collections == null) {
            new JvmMemoryMetrics().bindTo(all);
            new JvmThreadMetrics().bindTo(all);
            new ProcessorMetrics().bindTo(all);
            new FileDescriptorMetrics().bindTo(all);
            new UptimeMetrics().bindTo(all);
            collections = new JvmGcMetrics();
            collections.bindTo(all);
        }
    }
}
