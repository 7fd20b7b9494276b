package dev.sluice.poller;

import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.Fact;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * In which partitions of a poller can't be read on, since what the brokers have there is corrupt, and when is it tried again? Such a
 * partition stays where it is, without being fetched, while what was read before, and all other partitions, are delivered: only the user
 * can decide to go on without its records. It is read again with a new consumer, which has forgotten what was fetched; when asked, or now
 * and then while nothing else waits. Lives as long as the poller; confined to its thread.
 */
final class UnreadablePartitions {

    private static final long FIRST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LONGEST_WAIT_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final EventSourceMapping mapping;
    private final Fact.Listener facts;
    private final LongSupplier nanos;
    /** At which offset each can't be read. */
    private final Map<TopicPartition, Long> offsets = new HashMap<>();
    private long waitNanos = FIRST_WAIT_NANOS;
    private long retryAt;
    private boolean retryNow;

    UnreadablePartitions(EventSourceMapping mapping, Fact.Listener facts, LongSupplier nanos) {
        this.mapping = mapping;
        this.facts = facts;
        this.nanos = nanos;
    }

    /** A poll failed: notes the partition in which it found what it can't read. Throws {@code failure} when it is no such failure. */
    void failed(KafkaException failure, Assignment assignment) {
        AssignedPartition partition = assignment.all().stream()
                .filter(one -> !one.unreadable() && failure.getClass() == KafkaException.class && names(failure, one.partition()))
                .findFirst().orElseThrow(() -> failure);
        partition.stopReading();
        if (offsets.isEmpty()) {
            waitAgain();
        }
        offsets.put(partition.partition(), partition.next());
        facts.tell(new Fact.Unreadable(
                SourceProblem.unreadable(partition.partition(), partition.next(), mapping.source().consumerGroupId(), failure).fact()));
    }

    /**
     * Whether the consumer's message, which has no other way to say it, is about this partition: {@code Received exception when fetching
     * the next record from t-0. If needed, …}, {@code Encountered corrupt message when fetching offset 5 for topic-partition t-0},
     * {@code Failed to make progress reading messages at t-0=5. …}.
     */
    private static boolean names(KafkaException failure, TopicPartition partition) {
        return Pattern.compile("(?:the next record from|for topic-partition|reading messages at) " + Pattern.quote(partition.toString())
                + "(?:\\. |=|\\.?$)").matcher(String.valueOf(failure.getMessage())).find();
    }

    /** After a poll of a member of the group: what was read on, or is another member's by now, is none of these any more. */
    void look(Assignment assignment, Consumer<byte[], byte[]> consumer) {
        if (offsets.isEmpty()) {
            return;
        }
        offsets.entrySet().removeIf(entry -> {
            AssignedPartition partition = assignment.get(entry.getKey());
            // One that was read to its end before that offset is a topic that was made anew.
            return partition == null || !partition.unreadable() && (partition.next() > entry.getValue()
                    || consumer.currentLag(entry.getKey()).orElse(-1) == 0);
        });
        if (offsets.isEmpty()) {
            allReadable();
        }
    }

    private void allReadable() {
        waitNanos = FIRST_WAIT_NANOS;
        retryNow = false;
        facts.tell(new Fact.Readable());
    }

    /** They are of a cluster that is polled no more. */
    void forget() {
        if (!offsets.isEmpty()) {
            offsets.clear();
            allReadable();
        }
    }

    /** Whether it is time to end this consumer and look with a new one whether they can be read; true once. */
    boolean retryDue(Assignment assignment) {
        boolean due = !offsets.isEmpty() && (retryNow || nanos.getAsLong() - retryAt >= 0 && idle(assignment));
        if (due) {
            retryNow = false;
            waitAgain();
        }
        return due;
    }

    /** A new consumer would begin to wait for the rest of a batch anew. */
    private static boolean idle(Assignment assignment) {
        return assignment.all().stream().allMatch(partition -> partition.free() && partition.buffer().size() == 0);
    }

    private void waitAgain() {
        retryAt = nanos.getAsLong() + waitNanos;
        waitNanos = Math.min(LONGEST_WAIT_NANOS, waitNanos * 2);
    }

    /** Tries them again now; whether there are any. */
    boolean retryNow() {
        retryNow = !offsets.isEmpty();
        return retryNow;
    }
}
