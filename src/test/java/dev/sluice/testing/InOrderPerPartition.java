package dev.sluice.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * In order: no record is first delivered before an earlier one of its partition was attempted. A record may come again, and a batch
 * may be given up for the ones after it where the mapping says so.
 */
public final class InOrderPerPartition implements DeliveryGuarantee {

    private final OffsetSets unattempted = new OffsetSets();
    private final List<String> violations = new ArrayList<>();

    @Override
    public void produced(TopicPartition partition, long offset) {
        unattempted.add(partition, offset);
    }

    @Override
    public void attemptStarted(long attempt, Map<TopicPartition, List<Long>> records) {
        records.forEach((partition, offsets) -> {
            for (long offset : offsets) {
                unattempted.remove(partition, offset);
                long earlier = unattempted.lowest(partition);
                if (earlier < offset) {
                    violations.add("attempt " + attempt + " has " + partition + " offset " + offset + " before offset " + earlier
                            + " was attempted");
                    unattempted.removeBelow(partition, offset); // said once
                }
            }
        });
    }

    @Override
    public void finished(TopicPartition partition, long offset) {
        unattempted.remove(partition, offset);
    }

    @Override
    public List<String> violations() {
        return List.copyOf(violations);
    }
}
