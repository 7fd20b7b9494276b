package dev.sluice.chaos;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Somebody else's consumer in a mapping's group: takes partitions, consumes and commits, and goes. Confined to one thread. */
final class ForeignMember {

    /** Also the server's session in a run: the shortest that brokers allow. */
    static final int SESSION_MILLIS = 6_000;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration UNCOMMITTED = Duration.ofMillis(700);
    private static final Duration JOIN = Duration.ofSeconds(20);

    private final String bootstrapServers;
    private final Journal journal;

    ForeignMember(String bootstrapServers, Journal journal) {
        this.bootstrapServers = bootstrapServers;
        this.journal = journal;
    }

    /**
     * Joins the group, stays for a while after it has partitions, and leaves, or dies without a word.
     *
     * @param joined called when it has partitions
     * @return whether it got any
     */
    boolean visit(TrackedMapping mapping, Duration stay, boolean die, Runnable joined) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                ConsumerConfig.GROUP_ID_CONFIG, mapping.group(),
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName(),
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MILLIS,
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_000,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            consumer.subscribe(mapping.topics());
            long until = System.nanoTime() + JOIN.toNanos();
            boolean member = false;
            while (System.nanoTime() < until) {
                // What one that is killed has read last, it has not committed: that is the mapping's again.
                consume(consumer, mapping, !die || !member || until - System.nanoTime() > UNCOMMITTED.toNanos());
                if (!member && !consumer.assignment().isEmpty()) {
                    member = true;
                    joined.run();
                    until = System.nanoTime() + stay.toNanos();
                }
            }
            return member;
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(5)).withGroupMembershipOperation(
                    die ? CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP : CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        }
    }

    private void consume(KafkaConsumer<byte[], byte[]> consumer, TrackedMapping mapping, boolean commit) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        if (records.isEmpty() || !commit) {
            return;
        }
        for (TopicPartition partition : records.partitions()) {
            journal.taken(mapping.function(), partition, records.records(partition).stream().map(ConsumerRecord::offset).toList());
        }
        try {
            consumer.commitSync(Duration.ofSeconds(3));
        } catch (KafkaException rebalancing) {
            // What it has consumed comes again to whoever owns the partition next.
        }
    }
}
