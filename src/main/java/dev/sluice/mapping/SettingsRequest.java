package dev.sluice.mapping;

import dev.sluice.mapping.Monitoring.MetricGroup;
import dev.sluice.mapping.Monitoring.SystemLogLevel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a request to create or update a mapping says about its settings. Immutable; nothing is checked but the form.
 *
 * <p>Absent members are null and leave a setting as it is. Empty ones, an empty list, text or structure, take it back to AWS's
 * default: those are AWS's forms for clearing a setting by an update.
 *
 * @param filterPatterns FilterCriteria.Filters[].Pattern
 * @param logging LoggingConfig
 * @param metrics MetricsConfig.Metrics
 * @param kafka the two blocks about Kafka
 * @param inapplicable what the request has that no Kafka source takes
 */
public record SettingsRequest(@Nullable Integer batchSize, @Nullable Duration maximumBatchingWindow,
        @Nullable List<SourceAccessConfiguration> sourceAccessConfigurations, @Nullable List<String> filterPatterns,
        Failures failures, @Nullable Pollers provisionedPollers, @Nullable Logging logging, @Nullable List<MetricGroup> metrics,
        @Nullable String kmsKeyArn, KafkaConfig.Blocks kafka, Inapplicable inapplicable) {

    /** Says nothing about any setting. */
    public static final SettingsRequest NONE = new SettingsRequest(null, null, null, null, Failures.NONE, null, null, null,
            null, KafkaConfig.Blocks.NONE, Inapplicable.NONE);

    public SettingsRequest {
        Objects.requireNonNull(failures, "failures");
        Objects.requireNonNull(kafka, "kafka");
        Objects.requireNonNull(inapplicable, "inapplicable");
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
    public record Failures(@Nullable Integer maximumRetryAttempts, @Nullable Integer maximumRecordAgeInSeconds,
            @Nullable Boolean bisectBatchOnFunctionError,
            @Nullable Boolean reportBatchItemFailures, @Nullable String onFailureDestination) {

        public static final Failures NONE = new Failures(null, null, null, null, null);

        private FailureHandling appliedTo(FailureHandling old) {
            return new FailureHandling(either(maximumRetryAttempts, old.maximumRetryAttempts()),
                    either(maximumRecordAgeInSeconds, old.maximumRecordAgeInSeconds()),
                    either(bisectBatchOnFunctionError, old.bisectBatchOnFunctionError()),
                    orElse(reportBatchItemFailures, old.reportBatchItemFailures()),
                    textOrElse(onFailureDestination, old.onFailureDestination()));
        }
    }

    /** ProvisionedPollerConfig, whose members replace the former ones together; without any member it means on-demand mode. */
    public record Pollers(@Nullable Integer minimumPollers, @Nullable Integer maximumPollers, @Nullable String pollerGroupName) {

        public static final Pollers ON_DEMAND = new Pollers(null, null, null);

        private @Nullable ProvisionedPollers setting() {
            return equals(ON_DEMAND) ? null : new ProvisionedPollers(minimumPollers, maximumPollers, pollerGroupName);
        }
    }

    /** LoggingConfig. @param systemLogLevel null for no system log */
    public record Logging(@Nullable SystemLogLevel systemLogLevel) {
    }

    /**
     * Members that AWS has for other event sources.
     *
     * @param onSuccess whether there is a destination for successes
     * @param members all the others, as AWS's refusal spells them
     */
    public record Inapplicable(boolean onSuccess, List<String> members) {

        public static final Inapplicable NONE = new Inapplicable(false, List.of());

        public Inapplicable {
            members = List.copyOf(members);
        }
    }

    /** The settings after this request. */
    MappingSettings appliedTo(MappingSettings old) {
        return new MappingSettings(old.functionArn(), orElse(batchSize, old.batchSize()),
                either(maximumBatchingWindow, old.maximumBatchingWindow()),
                orElse(sourceAccessConfigurations, old.sourceAccessConfigurations()),
                orElse(filterPatterns, old.filterPatterns()), failures.appliedTo(old.failureHandling()),
                provisionedPollers == null ? old.provisionedPollers() : provisionedPollers.setting(),
                new Monitoring(logging == null ? old.monitoring().systemLogLevel() : logging.systemLogLevel(),
                        either(metrics, old.monitoring().metrics())),
                textOrElse(kmsKeyArn, old.kmsKeyArn()),
                kafka.registry() == null ? old.schemaRegistry() : kafka.registry().setting(), old.joinForeignGroups());
    }

    /** Empty means none. */
    private static @Nullable String textOrElse(@Nullable String value, @Nullable String absent) {
        return value == null ? absent : value.isEmpty() ? null : value;
    }

    private static <T> T orElse(@Nullable T value, T absent) {
        return value == null ? absent : value;
    }

    /** The first that is there. */
    private static <T> @Nullable T either(@Nullable T value, @Nullable T absent) {
        return value == null ? absent : value;
    }
}
