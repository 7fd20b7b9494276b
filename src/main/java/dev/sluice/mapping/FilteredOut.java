package dev.sluice.mapping;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What did a mapping's filters keep from its function? Immutable.
 *
 * @param records how many; at least one
 * @param ofOtherFormat those of them that only the format of their values kept from matching
 * @param last the last of them
 */
public record FilteredOut(long records, long ofOtherFormat, @Nullable Last last) {

    /**
     * One record.
     *
     * @param reason why, in words that say nothing of what it holds
     */
    public record Last(String topic, int partition, long offset, String reason) {
        public Last {
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(reason, "reason");
        }
    }

    public FilteredOut {
        if (records < 1 || ofOtherFormat < 0 || ofOtherFormat > records) {
            throw new IllegalArgumentException(records + " records, " + ofOtherFormat + " of another format");
        }
        Objects.requireNonNull(last, "last");
    }

    /** This and what came after it. */
    public FilteredOut and(FilteredOut later) {
        return new FilteredOut(records + later.records, ofOtherFormat + later.ofOtherFormat, later.last);
    }
}
