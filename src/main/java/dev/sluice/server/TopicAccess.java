package dev.sluice.server;

import dev.sluice.api.control.Topics;
import dev.sluice.cluster.BrokerAccess;
import dev.sluice.cluster.Brokers;
import dev.sluice.cluster.OutgoingRecord;
import dev.sluice.cluster.RecordPosition;
import dev.sluice.cluster.RecordSender;
import dev.sluice.cluster.TopicChanges;
import dev.sluice.cluster.TopicList;
import dev.sluice.cluster.TopicQuestion;
import dev.sluice.cluster.TopicReader;
import dev.sluice.embedded.EmbeddedKafka;
import dev.sluice.fault.FatalFaults;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who writes to the topics of the default cluster and reads them: a sender for the server's own way in, and one for each listener of
 * its own broker.
 */
final class TopicAccess implements Topics, AutoCloseable {

    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(10);

    private final RecordSender own;
    private final TopicReader reader;
    private final TopicList list;
    private final TopicChanges changes;
    private final Map<String, RecordSender> byListener = new LinkedHashMap<>();

    /** @param embedded the server's own broker; null when it has none */
    TopicAccess(BrokerAccess access, EmbeddedKafka embedded, FatalFaults faults) {
        own = new RecordSender(access, SEND_TIMEOUT, faults);
        reader = new TopicReader(access);
        list = new TopicList(access);
        changes = new TopicChanges(access);
        if (embedded != null) {
            for (EmbeddedKafka.Listener listener : embedded.listeners()) {
                byListener.put(listener.protocol().name, new RecordSender(
                        new Brokers(listener.bootstrapServers(), embedded.clientSettings(listener)), SEND_TIMEOUT, faults));
            }
        }
    }

    @Override
    public Set<String> listeners() {
        return byListener.keySet();
    }

    @Override
    public List<RecordPosition> send(String topic, List<OutgoingRecord> records, String listener) throws InterruptedException {
        return (listener == null ? own : byListener.get(listener)).sendAll(topic, records);
    }

    @Override
    public TopicReader.Page read(TopicQuestion question) throws InterruptedException {
        return reader.read(question);
    }

    @Override
    public List<TopicList.Topic> list() throws InterruptedException {
        return list.topics();
    }

    @Override
    public Map<Integer, Long> empty(String topic) throws InterruptedException {
        return changes.empty(topic);
    }

    @Override
    public boolean create(String topic, int partitions) throws InterruptedException {
        return changes.create(topic, partitions);
    }

    /** Those who wait for records get what there is; before the API ends, which waits for them. */
    void release() {
        reader.close();
    }

    @Override
    public void close() {
        byListener.values().forEach(RecordSender::close);
        own.close();
    }
}
