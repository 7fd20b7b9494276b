package dev.sluice.cluster;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which records of a topic are asked for? Immutable.
 *
 * @param partition null for all
 * @param from where each partition begins that {@code positions} doesn't name
 * @param count with {@link From#OFFSET} the offset, with {@link From#LAST} how many records before the end; else without meaning
 * @param positions where partitions begin, by their numbers; how a reader goes on where it has stopped
 * @param limit records at most
 * @param patience how long to wait for the first record that isn't there yet; zero for not at all
 */
public record TopicQuestion(String topic, @Nullable Integer partition, From from, long count, Map<Integer, Long> positions, int limit,
        Duration patience) {

    public enum From {
        BEGINNING, END, OFFSET, LAST
    }

    public TopicQuestion {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(patience, "patience");
        positions = Map.copyOf(positions);
        if (limit < 1 || count < 0) {
            throw new IllegalArgumentException("limit " + limit + ", count " + count);
        }
    }
}
