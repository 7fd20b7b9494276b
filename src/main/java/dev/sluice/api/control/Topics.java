package dev.sluice.api.control;

import dev.sluice.cluster.OutgoingRecord;
import dev.sluice.cluster.RecordNotSentException;
import dev.sluice.cluster.RecordPosition;
import dev.sluice.cluster.TopicList;
import dev.sluice.cluster.TopicNotReadException;
import dev.sluice.cluster.TopicQuestion;
import dev.sluice.cluster.TopicReader;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the control API asks of the topics of the default cluster. Thread-safe. */
public interface Topics {

    /** The listeners of the server's own broker that records can be written through, by their security protocol. */
    Set<String> listeners();

    /**
     * Writes all, in order, and returns when all are stored.
     *
     * @param listener one of {@link #listeners}; null for the way in that the server uses itself
     * @throws RecordNotSentException for the first one that was not stored
     */
    List<RecordPosition> send(String topic, List<OutgoingRecord> records, String listener) throws InterruptedException;

    /** @throws TopicNotReadException when they can't be read */
    TopicReader.Page read(TopicQuestion question) throws InterruptedException;

    /** All but Kafka's own. @throws TopicNotReadException when they can't be listed */
    List<TopicList.Topic> list() throws InterruptedException;

    /** Deletes the records of a topic; the offset of each partition that the next one gets. @throws TopicNotReadException when it fails */
    Map<Integer, Long> empty(String topic) throws InterruptedException;

    /** Whether it was made; false when there was one already. @throws TopicNotReadException when it can't be made */
    boolean create(String topic, int partitions) throws InterruptedException;
}
