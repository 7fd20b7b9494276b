package dev.sluice.poller;

import dev.sluice.mapping.FleetView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What one consumer of a mapping's source does from its making to its close, in whichever way it consumes. {@link #interrupt} and the questions
 * that answer with a future are thread-safe, the rest is confined to the thread that owns the consumer. What a consumer throws comes through.
 */
public interface Session {

    /** Why the consumer may not begin; empty when it may. */
    Optional<SourceProblem> refusal();

    /** Begins. @param fresh whether nobody has consumed for this mapping yet */
    void open(boolean fresh);

    /** One round: what was posted, what is due, one poll. */
    void runOnce();

    /** Whether a new consumer should take over; true once. */
    boolean over();

    /**
     * Takes nothing new and lets what runs end; then it is over. A batch that fails and waits for its next attempt begins anew with the next
     * session.
     */
    void drain();

    /** Whether the brokers let this consumer in, with or without partitions, and what it has to commit at once is committed. */
    boolean joined();

    /** How long brokers that answer may take until it has joined. @param within what they get else */
    default Duration joinsWithin(Duration within) {
        return within;
    }

    boolean hasPartitions();

    /** A topic of the mapping that the brokers don't have; null when all are there. */
    MissingTopic missingTopic();

    /** @param near the topic that may have been meant; null when none is called alike, or the brokers don't tell */
    record MissingTopic(String name, String near) {
    }

    /** Connections to brokers that are open now. */
    double connections();

    /** How many partitions the mapping's topics have; known once the consumer has joined. */
    int topicPartitions();

    /** Ends whatever the owner waits for at the consumer, also while it starts. */
    void interrupt();

    /** Ends every backoff now; whether one was running. */
    CompletableFuture<Boolean> retryNow();

    /** Goes on without the records that fail; how many they are. */
    CompletableFuture<Integer> skip();

    /** Where every partition stands. */
    CompletableFuture<List<FleetView.PartitionDetail>> partitions();

    /**
     * No further attempts; running invocations get {@code patience}, what is finished is settled at the brokers. Whatever still runs keeps
     * its right to its records.
     */
    void close(Duration patience);

    /** Closes at once, and leaves its place in the group to the session that follows. */
    void handOver();
}
