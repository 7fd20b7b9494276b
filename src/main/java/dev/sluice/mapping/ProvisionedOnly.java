package dev.sluice.mapping;

import dev.sluice.mapping.MappingException.InvalidParameter;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which settings need ProvisionedPollerConfig, as AWS spells them in its refusal? A value that asks for what happens anyway, -1 or
 * false, needs nothing.
 */
enum ProvisionedOnly {
    // Reported for Kafka with this very member (aws-cdk 17934).
    MAXIMUM_RETRY_ATTEMPTS("maximumRetryAttempts", "MaximumRetryAttempts",
            settings -> unlessForEver(settings.failureHandling().maximumRetryAttempts())),
    MAXIMUM_RECORD_AGE("maximumRecordAgeInSeconds", "MaximumRecordAgeInSeconds",
            settings -> unlessForEver(settings.failureHandling().maximumRecordAgeInSeconds())),
    BISECT("bisectBatchOnFunctionError", "BisectBatchOnFunctionError",
            settings -> settings.failureHandling().bisects() ? true : null),
    FUNCTION_RESPONSE_TYPES("functionResponseTypes", "FunctionResponseTypes",
            settings -> settings.failureHandling().reportBatchItemFailures() ? true : null),
    // Reported for an OnFailure of Kafka when it had none yet (aws-cdk 19917).
    KAFKA_DESTINATION("destinationConfig", "A kafka:// destination",
            settings -> DestinationRule.kafkaTopic(settings.failureHandling().onFailureDestination()).orElse(null)),
    LOGGING("loggingConfig", "LoggingConfig", settings -> settings.monitoring().systemLogLevel()),
    // Measured on AWS that it needs the mode (cdkd, September 2026); the text is not quoted there.
    SCHEMA_REGISTRY(null, "SchemaRegistryConfig", MappingSettings::schemaRegistry);

    private final @Nullable String awsSpelling;
    private final String name;
    private final Function<MappingSettings, @Nullable Object> asked;

    /**
     * @param awsSpelling null for a member of the block about Kafka, which is called after the kind of source
     * @param asked what is set; null when it is AWS's default
     */
    ProvisionedOnly(@Nullable String awsSpelling, String name, Function<MappingSettings, @Nullable Object> asked) {
        this.awsSpelling = awsSpelling;
        this.name = name;
        this.asked = asked;
    }

    /**
     * Refuses settings without provisioned mode that have one of these. What the mapping has already, from a time with
     * {@code --relaxed}, is no reason to refuse a request about others.
     */
    static void requireNone(EventSource source, MappingSettings old, MappingSettings settings) {
        for (ProvisionedOnly each : values()) {
            Object asked = each.asked.apply(settings);
            boolean before = old.provisionedPollers() == null && Objects.equals(asked, each.asked.apply(old));
            if (asked != null && !before) {
                throw InvalidParameter.unsupported(
                        each.awsSpelling == null ? KafkaConfig.name(source) + ".schemaRegistryConfig" : each.awsSpelling,
                        each.name + " needs provisioned mode. Either set ProvisionedPollerConfig"
                                + " (--provisioned-poller-config MinimumPollers=1; in sluice.yaml provisionedPollerConfig:"
                                + " {minimumPollers: 1})"
                                + " or start the server with --relaxed.");
            }
        }
    }

    private static @Nullable Object unlessForEver(@Nullable Integer limit) {
        return limit == null || limit == -1 ? null : limit;
    }
}
