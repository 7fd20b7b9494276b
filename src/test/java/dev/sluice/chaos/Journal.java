package dev.sluice.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/** What happened, in the order in which it happened; each mapping is named by its function, which is its alone. Thread-safe. */
final class Journal {

    /** Something that happened; {@code at} in nanoseconds of the harness's clock. */
    sealed interface Entry permits Started, Ended, Taken, Committed, ServerStarted {
        long at();
    }

    /** A call with these records. */
    record Started(long at, String function, long attempt, List<ReceivedRecord> records) implements Entry {
    }

    /**
     * The end of a call.
     *
     * @param abandoned whether it had no answer: the caller or the function's process was gone
     */
    record Ended(long at, long attempt, Map<TopicPartition, List<Long>> delivered, boolean abandoned) implements Entry {
    }

    /** A foreign member of the mapping's group has consumed these. */
    record Taken(long at, String function, TopicPartition partition, List<Long> offsets) implements Entry {
    }

    /** The offsets of the mapping's group. */
    record Committed(long at, String function, Map<TopicPartition, Long> offsets) implements Entry {
    }

    /** The server's process was started: calls from now on are the new one's. */
    record ServerStarted(long at) implements Entry {
    }

    private final LongSupplier nanos;
    private final List<Entry> entries = new ArrayList<>(); // guarded by this
    private long attempts; // guarded by this

    Journal(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** The attempt's number. */
    synchronized long started(String function, List<ReceivedRecord> records) {
        entries.add(new Started(nanos.getAsLong(), function, ++attempts, records));
        return attempts;
    }

    synchronized void ended(long attempt, Map<TopicPartition, List<Long>> delivered) {
        entries.add(new Ended(nanos.getAsLong(), attempt, delivered, false));
    }

    synchronized void abandoned(long attempt) {
        entries.add(new Ended(nanos.getAsLong(), attempt, Map.of(), true));
    }

    synchronized void taken(String function, TopicPartition partition, List<Long> offsets) {
        entries.add(new Taken(nanos.getAsLong(), function, partition, offsets));
    }

    synchronized void committed(String function, Map<TopicPartition, Long> offsets) {
        entries.add(new Committed(nanos.getAsLong(), function, offsets));
    }

    synchronized void serverStarted() {
        entries.add(new ServerStarted(nanos.getAsLong()));
    }

    synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }
}
