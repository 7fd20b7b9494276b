package dev.sluice.poller;

import dev.sluice.cluster.Brokers;
import dev.sluice.cluster.LoopbackAddresses;
import dev.sluice.mapping.EventSourceMapping;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a mapping's consumer is made, and ended. */
interface Consumers {

    Logger LOG = LoggerFactory.getLogger(Consumers.class);
    Duration LEAVE_GROUP = Duration.ofMillis(1_000);
    // That it leaves is sent at once; what a consumer waits for then is the end of a fetch that the broker holds for half a second.
    Duration LEAVE_GROUP_NEARBY = Duration.ofMillis(100);

    /** A new consumer; the caller's thread owns it. @param instanceId null for a dynamic member of its group */
    Consumer<byte[], byte[]> create(EventSourceMapping mapping, Brokers brokers, String instanceId);

    /** Consumers that talk to Kafka. */
    static Consumers kafka() {
        return (mapping, brokers, instanceId) -> new KafkaConsumer<>(
                config(mapping, brokers, instanceId), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** The client properties of the cluster, under what delivery depends on. */
    static Map<String, Object> config(EventSourceMapping mapping, Brokers brokers, String instanceId) {
        Map<String, Object> config = new HashMap<>();
        // Settings that a cluster's properties may change. A transaction that was aborted is none of the function's business.
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // The system's own buffer size instead of Kafka's 64 KB: measured as 37 to 43 % more records per second.
        config.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, -1);
        // New partitions of a topic are found within this time.
        config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 10_000);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 * 1024 * 1024);
        config.put(ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        if (mapping.settings().pollers() > 1) {
            // How soon a member hears of a rebalance: two steps of Kafka's 3 s would leave a partition that moves unread for 3 s.
            config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 500);
        }
        config.putAll(brokers.toClientSettings());

        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers.bootstrapServers());
        config.put(ConsumerConfig.GROUP_ID_CONFIG, mapping.source().consumerGroupId());
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId(mapping));
        if (instanceId == null) {
            config.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        } else {
            // A static member that comes back after kill -9 gets its partitions at once, not after the 45 s of its old session.
            config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instanceId);
        }
        config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Assignment.bufferLimit(mapping.settings().batchSize()));
        return config;
    }

    /**
     * Closes the consumer, on the thread that owns it; what goes wrong then hurts nobody.
     *
     * @param stays as a static member: the next consumer of its name takes its place without a rebalance (KIP-345)
     */
    static void close(Consumer<byte[], byte[]> consumer, Brokers brokers, boolean stays) {
        Duration within = LoopbackAddresses.all(brokers) ? LEAVE_GROUP_NEARBY : LEAVE_GROUP;
        try {
            Mailbox.ignoringWakeups(() -> {
                // A static member stays in its group unless it says that it leaves (KIP-1092).
                consumer.close(CloseOptions.timeout(within).withGroupMembershipOperation(
                        stays ? CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP : CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
                return null;
            });
        } catch (KafkaException e) {
            LOG.debug("Closing a consumer", e);
        }
    }

    /** How brokers know the consumers of a mapping. */
    static String clientId(EventSourceMapping mapping) {
        return "sluice-" + mapping.id();
    }

    /** Connections to brokers that the consumer has open. */
    static double openConnections(Consumer<byte[], byte[]> consumer) {
        for (var entry : consumer.metrics().entrySet()) {
            if (entry.getKey().name().equals("connection-count") && entry.getKey().group().equals("consumer-metrics")) {
                return entry.getValue().metricValue() instanceof Number count ? count.doubleValue() : 0;
            }
        }
        return 0;
    }
}
