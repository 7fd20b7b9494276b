package dev.sluice.telemetry;

import dev.sluice.dispatch.Fate;
import dev.sluice.dispatch.PartitionOffsets;
import dev.sluice.dispatch.PartitionRecords;
import java.util.Objects;

/** What became of some records of one partition of a delivery. Immutable; {@code first} and {@code last} are offsets. */
public record SettledRecords(Fate fate, String topic, int partition, long first, long last, int count) {

    public SettledRecords {
        Objects.requireNonNull(fate, "fate");
        Objects.requireNonNull(topic, "topic");
    }

    static SettledRecords of(Fate fate, PartitionRecords records) {
        int size = records.size();
        return new SettledRecords(fate, records.topic(), records.partition(), records.offset(0), records.offset(size - 1), size);
    }

    /** Those of {@code records} that are in {@code run}. */
    static SettledRecords of(Fate fate, PartitionRecords records, PartitionOffsets.Run run) {
        return new SettledRecords(fate, records.topic(), records.partition(), run.first(), run.last(),
                Math.toIntExact(run.last() - run.first() + 1));
    }

    boolean sameKindAs(SettledRecords other) {
        return fate == other.fate && partition == other.partition && topic.equals(other.topic);
    }

    /** Both together; the offsets in between need not be among them. */
    SettledRecords with(SettledRecords other) {
        return new SettledRecords(fate, topic, partition, Math.min(first, other.first), Math.max(last, other.last), count + other.count);
    }
}
