package dev.sluice.telemetry;

import dev.sluice.dispatch.AttemptReport;
import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.DeliveryObserver;
import dev.sluice.dispatch.Fate;
import dev.sluice.dispatch.PartitionRecords;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.PollerObserver;
import dev.sluice.telemetry.MappingNumbers.Count;
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

    private final Snapshots snapshots;
    private final Map<MappingId, MappingNumbers> mappings = new ConcurrentHashMap<>();

    // Guarded by this; made when first asked for, since it takes a moment that a start should not wait for.
    private PrometheusMeterRegistry registry;
    private JvmGcMetrics collections;

    /** @param losses what the journal has lost */
    public Metrics(Supplier<Journal.Losses> losses) {
        this.snapshots = new Snapshots(mappings::values, losses);
    }

    /** Everything in Prometheus's text format. */
    public String scrape() {
        return registry().scrape();
    }

    @Override
    public void polled(EventSourceMapping mapping, int records, int filteredOut) {
        MappingNumbers numbers = numbers(mapping);
        numbers.add(Count.POLLED, records);
        numbers.add(Count.FILTERED_OUT, filteredOut);
    }

    @Override
    public void committed(EventSourceMapping mapping, long records) {
        // Further ahead only: a group whose offsets somebody set back has not uncommitted records.
        numbers(mapping).add(Count.COMMITTED, Math.max(0, records));
    }

    @Override
    public void pollingFailed(EventSourceMapping mapping, String errorCode, String message) {
        numbers(mapping).add(Count.POLLING_ERRORS, 1);
    }

    @Override
    public void commitFailed(EventSourceMapping mapping, String errorCode, String message) {
        numbers(mapping).add(Count.COMMIT_ERRORS, 1);
    }

    @Override
    public void assigned(EventSourceMapping mapping, PollerAssignment assignment) {
        numbers(mapping).began(assignment.poller());
    }

    @Override
    public void positions(EventSourceMapping mapping, int poller, List<PartitionPosition> positions) {
        numbers(mapping).positions(poller, positions);
    }

    @Override
    public void stopped(EventSourceMapping mapping, int poller) {
        mappings.computeIfPresent(mapping.id(), (id, numbers) -> numbers.stopped(poller) ? null : numbers);
    }

    @Override
    public void attempted(Delivery delivery, Attempt attempt) {
        MappingNumbers numbers = ofRunning(delivery);
        if (numbers == null) {
            return;
        }
        if (attempt.report().kind() == AttemptReport.Kind.MOVED) {
            return; // as if it had not been
        }
        int records = size(attempt.records());
        if (attempt.requestId() != null) {
            numbers.add(Count.INVOKED, records);
            numbers.invocations().add(attempt.took());
        }
        if (attempt.report().kind() != AttemptReport.Kind.SUCCEEDED) {
            numbers.add(Count.FAILED_INVOKE, attempt.failedRecords());
            numbers.add(Count.INVOKE_ERRORS, 1);
        }
    }

    @Override
    public void settled(Delivery delivery, Fate fate, List<? extends PartitionRecords> records) {
        MappingNumbers numbers = ofRunning(delivery);
        if (numbers != null) {
            numbers.add(switch (fate) {
                case DELIVERED -> Count.DELIVERED;
                case SENT_TO_DESTINATION -> Count.SENT_TO_DESTINATION;
                case DROPPED -> Count.DROPPED;
                case SKIPPED -> Count.SKIPPED;
            }, size(records));
        }
    }

    @Override
    public void destinationFailed(Delivery delivery, int records, String reason) {
        MappingNumbers numbers = ofRunning(delivery);
        if (numbers != null) {
            numbers.add(Count.DESTINATION_ERRORS, 1);
        }
    }

    @Override
    public synchronized void close() {
        if (registry != null) {
            collections.close();
            registry.close();
        }
    }

    private MappingNumbers numbers(EventSourceMapping mapping) {
        MappingNumbers known = mappings.get(mapping.id());
        return known != null ? known : mappings.computeIfAbsent(mapping.id(), id -> new MappingNumbers(mapping));
    }

    /** Null when its mapping has stopped: what an abandoned call still brings belongs to no series. */
    private MappingNumbers ofRunning(Delivery delivery) {
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
            registry.getPrometheusRegistry().register(snapshots);
            new JvmMemoryMetrics().bindTo(registry);
            new JvmThreadMetrics().bindTo(registry);
            new ProcessorMetrics().bindTo(registry);
            new FileDescriptorMetrics().bindTo(registry);
            new UptimeMetrics().bindTo(registry);
            collections = new JvmGcMetrics();
            collections.bindTo(registry);
        }
        return registry;
    }
}
