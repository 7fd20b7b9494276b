package dev.sluice.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** One at a time: within one run of a server, no two calls hold records of one partition of the mapping at once. */
public final class OneDeliveryPerPartition implements DeliveryGuarantee {

    private final Map<Long, Set<TopicPartition>> running = new HashMap<>();
    private final List<String> violations = new ArrayList<>();

    @Override
    public void attemptStarted(long attempt, Map<TopicPartition, List<Long>> records) {
        running.forEach((other, partitions) -> {
            Set<TopicPartition> both = new HashSet<>(partitions);
            both.retainAll(records.keySet());
            if (!both.isEmpty()) {
                violations.add("attempt " + attempt + " with " + records + " began while attempt " + other + " had " + both);
            }
        });
        running.put(attempt, Set.copyOf(records.keySet()));
    }

    @Override
    public void attemptEnded(long attempt, Map<TopicPartition, List<Long>> delivered) {
        running.remove(attempt);
    }

    @Override
    public void serverEnded() {
        running.clear();
    }

    @Override
    public List<String> violations() {
        return List.copyOf(violations);
    }
}
