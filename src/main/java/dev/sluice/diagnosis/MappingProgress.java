package dev.sluice.diagnosis;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How has a mapping got on since the server was started? Immutable.
 *
 * @param polled how many records polls brought
 * @param filteredOut how many of them its filters kept from the function
 * @param givenUp null when nothing was
 * @param trend of the last minutes; null while too little is known
 */
public record MappingProgress(long polled, long filteredOut, @Nullable GivenUp givenUp, @Nullable Trend trend) {

    /** Of a mapping that nothing was heard of. */
    public static final MappingProgress NOTHING = new MappingProgress(0, 0, null, null);

    /**
     * Records that no function is invoked with any more.
     *
     * @param condition AWS's word for why the last ones were
     * @param topic where the last one of them is
     */
    public record GivenUp(long records, String condition, String topic, int partition, long offset) {
        public GivenUp {
            Objects.requireNonNull(condition, "condition");
            Objects.requireNonNull(topic, "topic");
        }
    }

    /**
     * What has become of its lag.
     *
     * @param over since when the lag has grown, or the oldest that is known where it has not
     * @param written how many records were written in that time
     * @param committed how many were done with
     */
    public record Trend(Duration over, long lagThen, long lagNow, long written, long committed) {
    }
}
