package dev.sluice.telemetry;

import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.PollerObserver.PartitionPosition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** What is counted of one mapping. Thread-safe. */
final class MappingNumbers {

    /** What only goes up; under AWS's names where AWS has one. */
    enum Count {
        POLLED("polled_event", "Records that polls brought (AWS: PolledEventCount)"),
        FILTERED_OUT("filtered_out_event", "Records that passed no filter (AWS: FilteredOutEventCount)"),
        INVOKED("invoked_event", "Records that the function was invoked with, again at each retry (AWS: InvokedEventCount)"),
        FAILED_INVOKE("failed_invoke_event", "Records of invocations that failed (AWS: FailedInvokeEventCount)"),
        DELIVERED("delivered_event", "Records that the function took (AWS has no such metric)"),
        DROPPED("dropped_event", "Records that were given up (AWS: DroppedEventCount)"),
        SKIPPED("skipped_event", "Records that somebody skipped (AWS has no such metric)"),
        SENT_TO_DESTINATION("on_failure_destination_delivered_event",
                "Records that the on-failure destination took (AWS: OnFailureDestinationDeliveredEventCount)"),
        COMMITTED("committed_event", "Offsets that commits went ahead (AWS: CommittedEventCount)"),
        POLLING_ERRORS("polling_error", "Polls that failed (AWS: PollingErrorCount)"),
        INVOKE_ERRORS("invoke_error", "Invocations that failed (AWS: InvokeErrorCount)"),
        DESTINATION_ERRORS("on_failure_destination_delivery_error",
                "Times that the on-failure destination did not take records (AWS: OnFailureDestinationDeliveryErrorCount)"),
        COMMIT_ERRORS("commit_error", "Commits that failed (AWS: CommitErrorCount)");

        private final String name;
        private final String help;

        Count(String name, String help) {
            this.name = name;
            this.help = help;
        }

        /** Prometheus's name without {@code _total}. */
        String metric() {
            return "sluice_" + name + "_count";
        }

        String help() {
            return help;
        }
    }

    private final EventSourceMapping mapping;
    private final LongAdder[] counts = new LongAdder[Count.values().length];
    private final DurationHistogram invocations = new DurationHistogram();
    private final Map<Integer, List<PartitionPosition>> positions = new ConcurrentHashMap<>();
    private final Set<Integer> pollers = ConcurrentHashMap.newKeySet();

    MappingNumbers(EventSourceMapping mapping) {
        this.mapping = mapping;
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    EventSourceMapping mapping() {
        return mapping;
    }

    void add(Count count, long more) {
        counts[count.ordinal()].add(more);
    }

    long sum(Count count) {
        return counts[count.ordinal()].sum();
    }

    DurationHistogram invocations() {
        return invocations;
    }

    int pollers() {
        return pollers.size();
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

    /** What is to be committed in the partition with the most; NaN while unknown. */
    double maxOffsetLag() {
        return lag(all(), PartitionPosition::committed, true);
    }

    /** What is to be committed in all partitions; NaN while one is unknown. */
    double sumOffsetLag() {
        return lag(all(), PartitionPosition::committed, false);
    }

    /** What is to be processed of one topic; NaN while one partition is unknown. */
    double offsetLag(String topic) {
        return lag(all().filter(position -> position.topic().equals(topic)), PartitionPosition::processed, false);
    }

    private Stream<PartitionPosition> all() {
        return positions.values().stream().flatMap(List::stream);
    }

    private static double lag(Stream<PartitionPosition> positions, ToLongFunction<PartitionPosition> upTo, boolean highest) {
        double lag = Double.NaN;
        for (PartitionPosition position : positions.toList()) {
            if (position.end() < 0 || upTo.applyAsLong(position) < 0) {
                return Double.NaN;
            }
            double own = Math.max(0, position.end() - upTo.applyAsLong(position));
            lag = Double.isNaN(lag) ? own : highest ? Math.max(lag, own) : lag + own;
        }
        return lag;
    }
}
