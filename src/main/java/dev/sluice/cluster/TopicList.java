package dev.sluice.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** Which topics are there in the default cluster, and how much is in them? Thread-safe. */
public final class TopicList {

    private final TopicAdmin admins;

    public TopicList(BrokerAccess access) {
        this.admins = new TopicAdmin(access);
    }

    /** @param records from the oldest that is kept to the newest; some of them may be compacted, or of aborted transactions */
    public record Topic(String name, int partitions, long records) {
    }

    /** Without Kafka's own topics, by name. @throws TopicNotReadException when they can't be listed */
    public List<Topic> topics() throws InterruptedException {
        return admins.ask("The topics can't be listed", TopicList::topics);
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
