package dev.sluice.api;

import dev.sluice.cluster.OutgoingRecord;
import dev.sluice.cluster.RecordNotSentException;
import dev.sluice.cluster.RecordPosition;
import java.util.List;

/** What the control API asks of the cluster that is meant when nobody names another. Thread-safe. */
public interface DefaultCluster {

    /** The addresses clients are told, {@code host:port,host:port}; empty when there is no default cluster or none yet. */
    String bootstrapServers();

    /** Whether a broker answered when last asked; doesn't wait for one. */
    boolean up();

    /**
     * Writes all, in order, and returns when all are stored.
     *
     * @throws RecordNotSentException for the first one that was not stored
     */
    List<RecordPosition> send(String topic, List<OutgoingRecord> records) throws InterruptedException;
}
