package dev.sluice.mapping;

import dev.sluice.mapping.Monitoring.MetricGroup;
import dev.sluice.mapping.Monitoring.SystemLogLevel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a request to create or update a mapping says about its settings. Immutable; nothing is checked but the form.
 *
 * <p>Absent members are null and leave a setting as it is. Empty ones, an empty list, text or structure, take it back to AWS's
 * default: those are AWS's forms for clearing a setting by an update.
 *
 * @param filterPatterns FilterCriteria.Filters[].Pattern
 * @param logging LoggingConfig
 * @param metrics MetricsConfig.Metrics
 */
public record SettingsRequest(Integer batchSize, Duration maximumBatchingWindow,
                              List<SourceAccessConfiguration> sourceAccessConfigurations, List<String> filterPatterns,
                              Failures failures, Pollers provisionedPollers, Logging logging, List<MetricGroup> metrics) {

    /** Says nothing about any setting. */
    public static final SettingsRequest NONE = new SettingsRequest(null, null, null, null, Failures.NONE, null, null, null);

    public SettingsRequest {
        Objects.requireNonNull(failures, "failures");
        sourceAccessConfigurations = sourceAccessConfigurations == null ? null : List.copyOf(sourceAccessConfigurations);
        filterPatterns = filterPatterns == null ? null : List.copyOf(filterPatterns);
        metrics = metrics == null ? null : List.copyOf(metrics);
    }

    /**
     * What becomes of records that the function doesn't take; members as of {@link FailureHandling}.
     *
     * @param reportBatchItemFailures FunctionResponseTypes
     * @param onFailureDestination DestinationConfig.OnFailure.Destination; empty for none
     */
    public record Failures(Integer maximumRetryAttempts, Integer maximumRecordAgeInSeconds, Boolean bisectBatchOnFunctionError,
                           Boolean reportBatchItemFailures, String onFailureDestination) {

        public static final Failures NONE = new Failures(null, null, null, null, null);

        private FailureHandling appliedTo(FailureHandling old) {
            String destination = orElse(onFailureDestination, old.onFailureDestination());
            return new FailureHandling(orElse(maximumRetryAttempts, old.maximumRetryAttempts()),
                    orElse(maximumRecordAgeInSeconds, old.maximumRecordAgeInSeconds()),
                    orElse(bisectBatchOnFunctionError, old.bisectBatchOnFunctionError()),
                    orElse(reportBatchItemFailures, old.reportBatchItemFailures()),
                    destination == null || destination.isEmpty() ? null : destination);
        }
    }

    /** ProvisionedPollerConfig, whose members replace the former ones together; without any member it means on-demand mode. */
    public record Pollers(Integer minimumPollers, Integer maximumPollers, String pollerGroupName) {

        public static final Pollers ON_DEMAND = new Pollers(null, null, null);

        private ProvisionedPollers setting() {
            return equals(ON_DEMAND) ? null : new ProvisionedPollers(minimumPollers, maximumPollers, pollerGroupName);
        }
    }

    /** LoggingConfig. @param systemLogLevel null for no system log */
    public record Logging(SystemLogLevel systemLogLevel) {
    }

    /** The settings after this request. */
    MappingSettings appliedTo(MappingSettings old) {
        return new MappingSettings(old.functionArn(), orElse(batchSize, old.batchSize()),
                orElse(maximumBatchingWindow, old.maximumBatchingWindow()),
                orElse(sourceAccessConfigurations, old.sourceAccessConfigurations()),
                orElse(filterPatterns, old.filterPatterns()), failures.appliedTo(old.failureHandling()),
                provisionedPollers == null ? old.provisionedPollers() : provisionedPollers.setting(),
                new Monitoring(logging == null ? old.monitoring().systemLogLevel() : logging.systemLogLevel(),
                        orElse(metrics, old.monitoring().metrics())),
                old.joinForeignGroups());
    }

    private static <T> T orElse(T value, T absent) {
        return value == null ? absent : value;
    }
}
