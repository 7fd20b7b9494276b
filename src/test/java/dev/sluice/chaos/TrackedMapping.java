package dev.sluice.chaos;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** One mapping as the harness knows it. Thread-safe. */
final class TrackedMapping {

    private final String function;
    private final Variant variant;
    private final List<String> topics;
    private final boolean latest;
    private final boolean steady;
    private final String group;
    private volatile String uuid;
    private volatile boolean deleting;
    private volatile Map<TopicPartition, Long> owedFrom;

    /**
     * @param function the name of its function, which is its alone
     * @param latest whether it starts at LATEST, else at TRIM_HORIZON
     * @param steady whether it is there and enabled all the time
     * @param group its own, or that of a mapping that is gone, at whose commits it begins then
     */
    TrackedMapping(String function, Variant variant, List<String> topics, boolean latest, boolean steady, String group) {
        this.function = function;
        this.variant = variant;
        this.topics = List.copyOf(topics);
        this.latest = latest;
        this.steady = steady;
        this.group = group;
        this.owedFrom = latest ? null : Map.of();
    }

    String function() {
        return function;
    }

    Variant variant() {
        return variant;
    }

    List<String> topics() {
        return topics;
    }

    String group() {
        return group;
    }

    boolean latest() {
        return latest;
    }

    boolean steady() {
        return steady;
    }

    /** Null until the create was answered. */
    String uuid() {
        return uuid;
    }

    void created(String newUuid) {
        uuid = newUuid;
    }

    /** Whether a delete was sent: from then on no record is owed. */
    boolean deleting() {
        return deleting;
    }

    void delete() {
        deleting = true;
    }

    /** From which offsets on records are owed, partitions that are missing from the first; null when that is not known yet. */
    Map<TopicPartition, Long> owedFrom() {
        return owedFrom;
    }

    void owedFrom(Map<TopicPartition, Long> offsets) {
        owedFrom = Map.copyOf(offsets);
    }

    /** What it is, for the report. */
    String kind() {
        return variant.name() + (latest ? ", LATEST" : "") + (deleting ? ", deleted" : "");
    }

    @Override
    public String toString() {
        return function + " (" + variant.name() + ", " + uuid + ")";
    }
}
