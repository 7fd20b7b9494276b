package dev.sluice.mapping;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a mapping tells about itself. Immutable.
 *
 * <p>AWS: {@code LoggingConfig} and {@code MetricsConfig} of a mapping.
 *
 * @param systemLogLevel the least level of system-log events that are written; null for none at all
 * @param metrics the groups of metrics that AWS would emit; null, also for an empty list, when there are none
 */
public record Monitoring(@Nullable SystemLogLevel systemLogLevel, @Nullable List<MetricGroup> metrics) {

    public static final Monitoring DEFAULT = new Monitoring(null, null);

    /** AWS's levels for a mapping's system log, the most talkative first. */
    public enum SystemLogLevel { DEBUG, INFO, WARN }

    /** AWS's groups of metrics that a Kafka mapping can emit, spelled as in requests. */
    public enum MetricGroup {
        EVENT_COUNT("EventCount"), ERROR_COUNT("ErrorCount"), KAFKA_METRICS("KafkaMetrics");

        private final String awsName;

        MetricGroup(String awsName) {
            this.awsName = awsName;
        }

        public String awsName() {
            return awsName;
        }

        /** The group that requests spell this way; empty when there is none. */
        public static Optional<MetricGroup> named(String awsName) {
            return Arrays.stream(values()).filter(group -> group.awsName.equals(awsName)).findFirst();
        }
    }

    public Monitoring {
        metrics = metrics == null || metrics.isEmpty() ? null : List.copyOf(metrics);
    }

    /** Whether an event of {@code level} belongs into the system log. */
    public boolean logs(SystemLogLevel level) {
        return systemLogLevel != null && level.compareTo(systemLogLevel) >= 0;
    }
}
