package dev.sluice.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeletedRecords;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes topics of the default cluster, and empties them. Thread-safe. */
public final class TopicChanges {

    private final TopicAdmin admins;

    public TopicChanges(BrokerAccess access) {
        this.admins = new TopicAdmin(access);
    }

    /** Whether it was made; false when there was one already. @throws TopicNotReadException when it can't be made */
    public boolean create(String topic, int partitions) throws InterruptedException {
        return admins.ask("Topic " + topic + " can't be made", admin -> {
            try {
                admin.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty()))).all().get();
                return true;
            } catch (ExecutionException refused) {
                if (refused.getCause() instanceof TopicExistsException) {
                    return false;
                }
                throw refused;
            }
        });
    }

    /**
     * Deletes what is in it when asked; what comes later gets the offsets that it would have got.
     *
     * @return the offset of each partition that the next record will get, or has got meanwhile
     * @throws TopicNotReadException when it fails
     */
    public Map<Integer, Long> empty(String topic) throws InterruptedException {
        return admins.ask("Topic " + topic + " can't be emptied", admin -> empty(admin, topic));
    }

    private static Map<Integer, Long> empty(Admin admin, String topic) throws InterruptedException, ExecutionException {
        TopicDescription described = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        described.partitions().forEach(each -> asked.put(new TopicPartition(topic, each.partition()), OffsetSpec.latest()));
        Map<TopicPartition, RecordsToDelete> before = new HashMap<>();
        admin.listOffsets(asked).all().get()
                .forEach((partition, end) -> before.put(partition, RecordsToDelete.beforeOffset(end.offset())));
        Map<Integer, Long> begins = new TreeMap<>();
        for (Map.Entry<TopicPartition, KafkaFuture<DeletedRecords>> each : admin.deleteRecords(before).lowWatermarks().entrySet()) {
            begins.put(each.getKey().partition(), each.getValue().get().lowWatermark());
        }
        return begins;
    }
}
