package dev.sluice.queue;

import dev.sluice.cluster.Brokers;
import dev.sluice.mapping.FleetView.PartitionDetail;
import dev.sluice.poller.Admins;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where does a share group stand in each partition, and what of that is with the function? Stateless. */
final class ShareOffsets {

    private static final Logger LOG = LoggerFactory.getLogger(ShareOffsets.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private ShareOffsets() {
    }

    /**
     * The partitions with what the brokers say of the group; without it when they don't answer in time.
     *
     * @param held what each lane has, the same partition perhaps of several
     */
    static List<PartitionDetail> of(Admins admins, Brokers brokers, String group, List<PartitionDetail> held) {
        Map<String, PartitionDetail> partitions = new TreeMap<>();
        held.forEach(each -> partitions.merge(name(each.topic(), each.partition()), each, ShareOffsets::sum));
        try {
            Map<TopicPartition, SharePartitionOffsetInfo> offsets = admins.ask(brokers, LOOK, () -> false,
                    admin -> admin.listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec())).partitionsToOffsetInfo(group));
            offsets.forEach((partition, info) -> {
                PartitionDetail known = partitions.get(name(partition.topic(), partition.partition()));
                partitions.put(name(partition.topic(), partition.partition()), with(partition, info, known));
            });
        } catch (KafkaException | IllegalStateException unknown) { // the latter of an Admin that is being closed
            LOG.debug("{} doesn't tell where group {} stands", brokers.bootstrapServers(), group, unknown);
        }
        return new ArrayList<>(partitions.values());
    }

    /**
     * @param info null until something of the partition was acknowledged
     * @param known null when nothing of it is with the function
     */
    private static PartitionDetail with(TopicPartition partition, SharePartitionOffsetInfo info, PartitionDetail known) {
        long start = info == null ? -1 : info.startOffset();
        // What is done behind the start offset is no lag either, so that the end is told by the lag, not the other way round.
        long end = info == null || info.lag().isEmpty() ? -1 : start + info.lag().get();
        return new PartitionDetail(partition.topic(), partition.partition(), end, -1, start, known == null ? 0 : known.inFlight(),
                known == null ? 0 : known.attempt(), known == null ? null : known.nextAttempt());
    }

    static PartitionDetail sum(PartitionDetail one, PartitionDetail other) {
        return new PartitionDetail(one.topic(), one.partition(), -1, -1, -1, one.inFlight() + other.inFlight(),
                Math.max(one.attempt(), other.attempt()), one.nextAttempt() == null ? other.nextAttempt() : one.nextAttempt());
    }

    private static String name(String topic, int partition) {
        return topic + "-" + partition;
    }
}
