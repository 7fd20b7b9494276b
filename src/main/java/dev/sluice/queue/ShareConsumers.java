package dev.sluice.queue;

import dev.sluice.cluster.Brokers;
import dev.sluice.dispatch.EventWriter;
import dev.sluice.mapping.EventSourceMapping;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** How is a lane's consumer made? Thread-safe. */
interface ShareConsumers {

    /** A new consumer; the caller's thread owns it. @param number of the lane @param slots how many batches it may bring in one poll */
    ShareConsumer<byte[], byte[]> create(EventSourceMapping mapping, Brokers brokers, int number, int slots);

    /** Consumers that talk to Kafka. */
    static ShareConsumers kafka() {
        return (mapping, brokers, number, slots) -> new KafkaShareConsumer<>(config(mapping, brokers, number, slots),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** The client properties of the cluster, under what delivery depends on. */
    static Map<String, Object> config(EventSourceMapping mapping, Brokers brokers, int number, int slots) {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, -1);
        config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 10_000);
        config.put(ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        config.putAll(brokers.toClientSettings());
        // A share consumer refuses what belongs to consumer groups.
        for (String ofConsumerGroups : new String[] {ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                ConsumerConfig.GROUP_PROTOCOL_CONFIG, ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG}) {
            config.remove(ofConsumerGroups);
        }
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers.bootstrapServers());
        config.put(ConsumerConfig.GROUP_ID_CONFIG, mapping.source().consumerGroupId());
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId(mapping, number));
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        // Else max.poll.records is a hint, and what could not start at once would be acquired (KIP-1206).
        config.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, slots * mapping.settings().batchSize());
        // What a fetch brings that is under way when its consumer closes is locked for nobody; the shorter it waits, the rarer that is.
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, slots * EventWriter.MAX_EVENT_BYTES);
        return config;
    }

    /** How brokers know a lane of a mapping. */
    static String clientId(EventSourceMapping mapping, int number) {
        return "sluice-" + mapping.id() + (number == 0 ? "" : "-" + number);
    }

    /** Whether brokers know a lane of this mapping so. */
    static boolean isOf(EventSourceMapping mapping, String clientId) {
        return clientId.startsWith(clientId(mapping, 0));
    }
}
