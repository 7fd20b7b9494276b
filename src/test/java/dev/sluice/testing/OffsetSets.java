package dev.sluice.testing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.apache.kafka.common.TopicPartition;

/** Sets of offsets, one for each partition. Not thread-safe. */
final class OffsetSets {

    private final Map<TopicPartition, TreeSet<Long>> sets = new HashMap<>();

    void add(TopicPartition partition, long offset) {
        sets.computeIfAbsent(partition, name -> new TreeSet<>()).add(offset);
    }

    void remove(TopicPartition partition, long offset) {
        TreeSet<Long> set = sets.get(partition);
        if (set != null) {
            set.remove(offset);
        }
    }

    void removeAll(Map<TopicPartition, List<Long>> records) {
        records.forEach((partition, offsets) -> offsets.forEach(offset -> remove(partition, offset)));
    }

    /** The lowest offset; {@link Long#MAX_VALUE} when there is none. */
    long lowest(TopicPartition partition) {
        TreeSet<Long> set = sets.get(partition);
        return set == null || set.isEmpty() ? Long.MAX_VALUE : set.first();
    }

    void removeBelow(TopicPartition partition, long offset) {
        TreeSet<Long> set = sets.get(partition);
        if (set != null) {
            set.headSet(offset).clear();
        }
    }

    /** All of them, partitions by name. */
    void forEach(BiConsumer<TopicPartition, Long> each) {
        Map<String, TopicPartition> names = new TreeMap<>();
        sets.keySet().forEach(partition -> names.put(partition.toString(), partition));
        names.values().forEach(partition -> sets.get(partition).forEach(offset -> each.accept(partition, offset)));
    }
}
