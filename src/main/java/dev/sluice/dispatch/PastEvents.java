package dev.sluice.dispatch;

import dev.sluice.mapping.EventSourceMapping;
import java.util.List;
import java.util.Objects;

/** Which event did records make that were delivered before? Reads them from the brokers once more. Thread-safe. */
public interface PastEvents {

    /** Reads and writes the event of these records; takes a bounded time, commits nothing and joins no group. */
    Found find(EventSourceMapping mapping, List<PartitionOffsets> records);

    /** What came of the search. */
    sealed interface Found {
    }

    /** All records are there still; {@code event} is what the function was invoked with. */
    record Event(byte[] event) implements Found {
        public Event {
            Objects.requireNonNull(event, "event");
        }
    }

    /** Retention or compaction has removed some of them, or their topic was deleted. */
    record Gone(String reason) implements Found {
    }

    /** The brokers didn't answer, or refused; later it may work. */
    public record Unreadable(String reason) implements Found {
    }
}
