package dev.sluice.mapping;

import org.jspecify.annotations.Nullable;

/**
 * How many pollers a mapping in provisioned mode has. Immutable; what the request left out is null, and stays out of answers.
 *
 * <p>AWS: {@code ProvisionedPollerConfig}, and "Apache Kafka event poller scaling modes" in the AWS Lambda developer guide.
 *
 * @param minimumPollers 1 to 200; null for the default, 1
 * @param maximumPollers 1 to 2000 and not below the minimum; null for the default, 200
 * @param pollerGroupName null for none; has no effect here
 */
public record ProvisionedPollers(@Nullable Integer minimumPollers, @Nullable Integer maximumPollers, @Nullable String pollerGroupName) {

    private static final int DEFAULT_MINIMUM = 1;
    private static final int DEFAULT_MAXIMUM = 200;

    public ProvisionedPollers {
        int minimum = minimumPollers == null ? DEFAULT_MINIMUM : minimumPollers;
        int maximum = maximumPollers == null ? DEFAULT_MAXIMUM : maximumPollers;
        if (minimum < 1 || minimum > 200) {
            throw new IllegalArgumentException("minimumPollers is " + minimum + "; allowed are 1 to 200");
        }
        if (maximum < 1 || maximum > 2_000) {
            throw new IllegalArgumentException("maximumPollers is " + maximum + "; allowed are 1 to 2000");
        }
        if (maximum < minimum) {
            throw new IllegalArgumentException("maximumPollers is " + maximum + "; it must be at least minimumPollers, " + minimum);
        }
    }

    /** How many pollers run at most. */
    public int maximum() {
        return maximumPollers == null ? DEFAULT_MAXIMUM : maximumPollers;
    }

    /** How many pollers run, if the topics have as many partitions. */
    public int minimum() {
        return minimumPollers == null ? DEFAULT_MINIMUM : minimumPollers;
    }
}
