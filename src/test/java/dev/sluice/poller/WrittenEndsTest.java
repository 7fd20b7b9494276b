package dev.sluice.poller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.Brokers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class WrittenEndsTest {

    private final Brokers brokers = new Brokers("localhost:1", Map.of());
    private long now;
    private final WrittenEnds ends = new WrittenEnds(null, () -> now);

    // Who lists twenty mappings of brokers that are down waits for them once.
    @Test
    void brokersThatGaveNoAnswerAreLeftAloneForAWhile() {
        assertThat(ends.silent(brokers)).isFalse();
        ends.gaveNoAnswer(brokers);
        assertThat(ends.silent(brokers)).isTrue();
        assertThat(ends.silent(new Brokers("localhost:2", Map.of()))).as("others are asked").isFalse();
        assertThat(ends.of(brokers, List.of(new TopicPartition("t", 0)))).as("and so are not asked").isEmpty();
        now = TimeUnit.MINUTES.toNanos(5);
        assertThat(ends.silent(brokers)).isFalse();
    }
}
