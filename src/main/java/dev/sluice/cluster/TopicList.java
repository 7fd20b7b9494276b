package dev.sluice.cluster;

import dev.sluice.cluster.TopicNotReadException.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Which topics are there in the default cluster, and how much is in them? Asks with an Admin of its own each time. Thread-safe. */
public final class TopicList {

    private static final int PATIENCE_MILLIS = 8_000;

    private final BrokerAccess access;

    public TopicList(BrokerAccess access) {
        this.access = access;
    }

    /** @param records from the oldest that is kept to the newest; some of them may be compacted, or of aborted transactions */
    public record Topic(String name, int partitions, long records) {
    }

    /** Without Kafka's own topics, by name. @throws TopicNotReadException when they can't be listed */
    public List<Topic> topics() throws InterruptedException {
        SourceBrokers source = access.ofDefaultCluster();
        Brokers brokers = source.found().orElseThrow(() -> new TopicNotReadException(Reason.BROKER_UNREACHABLE,
                source.obstacle().orElseThrow(), null));
        Map<String, Object> settings = new HashMap<>(brokers.toClientSettings());
        settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "sluice-topics");
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        settings.put(AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        try (Admin admin = Admin.create(settings)) {
            return topics(admin);
        } catch (ExecutionException | KafkaException refused) {
            Throwable cause = refused instanceof ExecutionException ? refused.getCause() : refused;
            access.failed(brokers, cause);
            throw new TopicNotReadException(cause instanceof TimeoutException ? Reason.BROKER_UNREACHABLE : Reason.REFUSED,
                    "The topics of " + brokers.bootstrapServers() + " can't be listed: " + cause.getMessage(), cause);
        }
    }

    private static List<Topic> topics(Admin admin) throws InterruptedException, ExecutionException {
        Map<String, TopicDescription> described =
                new TreeMap<>(admin.describeTopics(admin.listTopics().names().get()).allTopicNames().get());
        List<TopicPartition> partitions = new ArrayList<>();
        described.forEach((name, topic) -> topic.partitions().forEach(each -> partitions.add(new TopicPartition(name, each.partition()))));
        Map<TopicPartition, ListOffsetsResultInfo> begins = offsets(admin, partitions, OffsetSpec::earliest).get();
        Map<TopicPartition, ListOffsetsResultInfo> ends = offsets(admin, partitions, OffsetSpec::latest).get();
        Map<String, Long> records = new HashMap<>();
        partitions.forEach(each -> records.merge(each.topic(), ends.get(each).offset() - begins.get(each).offset(), Long::sum));
        return described.values().stream()
                .map(topic -> new Topic(topic.name(), topic.partitions().size(), records.getOrDefault(topic.name(), 0L))).toList();
    }

    private static KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> offsets(Admin admin, List<TopicPartition> partitions,
            Supplier<OffsetSpec> which) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(each -> asked.put(each, which.get()));
        return admin.listOffsets(asked).all();
    }
}
