package dev.sluice.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Nothing is lost: every record was delivered or finished in another way. Its violations are what is still to come: asked at the end. */
public final class AtLeastOnce implements DeliveryGuarantee {

    private final OffsetSets unfinished = new OffsetSets();

    @Override
    public void produced(TopicPartition partition, long offset) {
        unfinished.add(partition, offset);
    }

    @Override
    public void attemptEnded(long attempt, Map<TopicPartition, List<Long>> delivered) {
        unfinished.removeAll(delivered);
    }

    @Override
    public void finished(TopicPartition partition, long offset) {
        unfinished.remove(partition, offset);
    }

    @Override
    public List<String> violations() {
        List<String> lost = new ArrayList<>();
        unfinished.forEach((partition, offset) -> lost.add(partition + " offset " + offset + " was never delivered"));
        return lost;
    }
}
