package dev.sluice.telemetry;

import dev.sluice.telemetry.MappingNumbers.Count;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Collection;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * How the numbers become Prometheus's series when it asks for them. Registering a meter for each number instead would load some 200
 * classes at the first poll, while the first record waits. Thread-safe.
 */
final class Snapshots implements MultiCollector {

    private static final double[] BUCKETS = DurationHistogram.upperSeconds();

    private final Supplier<Collection<MappingNumbers>> mappings;
    private final Supplier<Journal.Losses> losses;

    Snapshots(Supplier<Collection<MappingNumbers>> mappings, Supplier<Journal.Losses> losses) {
        this.mappings = mappings;
        this.losses = losses;
    }

    @Override
    public MetricSnapshots collect() {
        Collection<MappingNumbers> all = mappings.get();
        MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
        snapshots.metricSnapshot(
                total("sluice_journal_lost_entries", "What the journal of deliveries could not note", losses.get().entries()));
        snapshots.metricSnapshot(
                total("sluice_journal_lost_bodies", "Failed attempts noted without event and answer", losses.get().bodies()));
        if (all.isEmpty()) {
            return snapshots.build();
        }
        for (Count count : Count.values()) {
            CounterSnapshot.Builder counter = CounterSnapshot.builder().name(count.metric()).help(count.help());
            all.forEach(numbers -> counter.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder().labels(labels(numbers))
                    .value(numbers.sum(count)).build()));
            snapshots.metricSnapshot(counter.build());
        }
        snapshots.metricSnapshot(gauge("sluice_max_offset_lag",
                "Records to be committed in the partition with the most (AWS: MaxOffsetLag)", all, MappingNumbers::maxOffsetLag));
        snapshots.metricSnapshot(gauge("sluice_sum_offset_lag", "Records to be committed in all partitions (AWS: SumOffsetLag)", all,
                MappingNumbers::sumOffsetLag));
        snapshots.metricSnapshot(offsetLag(all));
        Collection<MappingNumbers> provisioned =
                all.stream().filter(numbers -> numbers.mapping().settings().provisionedPollers() != null).toList();
        if (!provisioned.isEmpty()) {
            snapshots.metricSnapshot(gauge("sluice_provisioned_pollers", "Pollers at work (AWS: ProvisionedPollers)", provisioned,
                    MappingNumbers::pollers));
        }
        snapshots.metricSnapshot(durations(all));
        return snapshots.build();
    }

    private static CounterSnapshot total(String name, String help, long value) {
        return CounterSnapshot.builder().name(name).help(help)
                .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder().value(value).build()).build();
    }

    private static GaugeSnapshot gauge(String name, String help, Collection<MappingNumbers> all, ToDoubleFunction<MappingNumbers> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        all.forEach(numbers -> gauge.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder().labels(labels(numbers))
                .value(value.applyAsDouble(numbers)).build()));
        return gauge.build();
    }

    private static GaugeSnapshot offsetLag(Collection<MappingNumbers> all) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name("sluice_offset_lag").help("Records to be processed (AWS: OffsetLag)");
        for (MappingNumbers numbers : all) {
            numbers.mapping().source().topics().stream().distinct().forEach(topic -> gauge.dataPoint(
                    GaugeSnapshot.GaugeDataPointSnapshot.builder().labels(labels(numbers).add("topic", topic))
                            .value(numbers.offsetLag(topic)).build()));
        }
        return gauge.build();
    }

    private static HistogramSnapshot durations(Collection<MappingNumbers> all) {
        HistogramSnapshot.Builder histogram =
                HistogramSnapshot.builder().name("sluice_invocation_duration_seconds").help("How long invocations took");
        all.forEach(numbers -> histogram.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder().labels(labels(numbers))
                .classicHistogramBuckets(ClassicHistogramBuckets.of(BUCKETS, boxed(numbers.invocations().counts())))
                .sum(numbers.invocations().sumSeconds()).build()));
        return histogram.build();
    }

    private static Long[] boxed(long[] counts) {
        Long[] boxed = new Long[counts.length];
        for (int i = 0; i < counts.length; i++) {
            boxed[i] = counts[i];
        }
        return boxed;
    }

    private static Labels labels(MappingNumbers numbers) {
        return Labels.of("function", numbers.mapping().settings().functionArn().name(), "mapping", numbers.mapping().id().toString());
    }
}
