package dev.sluice.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** A commit never passes an unfinished record: a crash right after it loses nothing. */
public final class NeverPastUnfinished implements DeliveryGuarantee {

    private final OffsetSets unfinished = new OffsetSets();
    private final List<String> violations = new ArrayList<>();

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
    public void committed(TopicPartition partition, long offset) {
        long lowest = unfinished.lowest(partition);
        if (lowest < offset) {
            violations.add(partition + " is committed at " + offset + " although offset " + lowest + " is unfinished");
            unfinished.removeBelow(partition, offset); // said once
        }
    }

    @Override
    public List<String> violations() {
        return List.copyOf(violations);
    }
}
