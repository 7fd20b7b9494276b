package dev.sluice.api.control;

import dev.sluice.cluster.OutgoingRecord;
import dev.sluice.cluster.RecordNotSentException;
import dev.sluice.cluster.RecordPosition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the control API asks of the cluster that is meant when nobody names another. Thread-safe. */
public interface DefaultCluster {

    /** The addresses clients are told, {@code host:port,host:port}; empty when there is no default cluster or none yet. */
    String bootstrapServers();

    /** Whether a broker answered when last asked, and that isn't long ago; doesn't wait for one. */
    boolean up();

    /** How long ago the last answer to that was had; empty when there was none yet. */
    default Optional<Duration> age() {
        return Optional.empty();
    }

    /**
     * Writes all, in order, and returns when all are stored.
     *
     * @throws RecordNotSentException for the first one that was not stored
     */
    List<RecordPosition> send(String topic, List<OutgoingRecord> records) throws InterruptedException;
}
