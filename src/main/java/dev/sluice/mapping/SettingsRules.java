package dev.sluice.mapping;

import dev.sluice.mapping.MappingException.InvalidParameter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Which settings does AWS refuse for a Kafka source although their form is right? Thread-safe.
 *
 * <p>In the order of the checks, each with its text; what is recorded or reported of AWS says where, the others follow AWS's form:
 * <ul>
 * <li>a self-managed source without SourceAccessConfigurations (recorded; lifted by {@code --relaxed})
 * <li>MaximumRecordAgeInSeconds of 0 to 59 (own text)
 * <li>MaximumPollers below MinimumPollers (own text)
 * <li>a destination that is neither SQS, SNS nor S3 nor {@code kafka://}, a FIFO queue or topic, or a topic that the mapping
 *     reads itself (reported for the destinations of asynchronous invocations)
 * <li>more than 5 filters (own text), a pattern that isn't one (recorded)
 * <li>what needs provisioned mode without it: {@link ProvisionedOnly} (reported for Kafka; lifted by {@code --relaxed})
 * </ul>
 */
public final class SettingsRules {

    private static final String KAFKA = "kafka://";
    private static final Pattern TAKEN_DESTINATION = Pattern.compile("kafka://[a-zA-Z0-9._-]+|arn:aws[a-zA-Z0-9-]*:(?:sqs|sns|s3):.*");
    private static final Pattern FIFO = Pattern.compile("arn:aws[a-zA-Z0-9-]*:(?:sqs|sns):.*\\.fifo");

    /** The quota of an account that hasn't asked for more. */
    private static final int MOST_FILTERS = 5;

    /** What AWS accepts too, for brokers that ask for no credentials: named wherever its absence is refused. */
    private static final String SOURCE_ACCESS_HINT = "AWS refuses a self-managed source without SourceAccessConfigurations. Either add"
            + " --source-access-configurations Type=VPC_SUBNET,URI=subnet:subnet-local (accepted by AWS, no effect here)"
            + " or start the server with --relaxed.";

    /**
     * The settings that need ProvisionedPollerConfig, as AWS spells them in its refusal. A value that asks for what happens anyway,
     * -1 or false, needs nothing.
     */
    private enum ProvisionedOnly {
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
        KAFKA_DESTINATION("destinationConfig", "A kafka:// destination", settings ->
                kafkaTopic(settings.failureHandling().onFailureDestination()).orElse(null)),
        LOGGING("loggingConfig", "LoggingConfig", settings -> settings.monitoring().systemLogLevel());

        private final String awsSpelling;
        private final String name;
        private final Function<MappingSettings, Object> asked;

        /** @param asked what is set; null when it is AWS's default */
        ProvisionedOnly(String awsSpelling, String name, Function<MappingSettings, Object> asked) {
            this.awsSpelling = awsSpelling;
            this.name = name;
            this.asked = asked;
        }
    }

    private final boolean relaxed;
    private final FilterSyntax filters;

    /** @param relaxed whether the refusals are lifted that {@code --relaxed} lifts */
    public SettingsRules(boolean relaxed, FilterSyntax filters) {
        this.relaxed = relaxed;
        this.filters = Objects.requireNonNull(filters, "filters");
    }

    /** Refuses a self-managed source without SourceAccessConfigurations. */
    void requireSourceAccess(EventSource source, SettingsRequest request) {
        List<SourceAccessConfiguration> access = request.sourceAccessConfigurations();
        if (source instanceof EventSource.SelfManagedKafka && !relaxed && (access == null || access.isEmpty())) {
            throw new InvalidParameter("Required 'sourceAccessConfigurations' parameter is missing.", SOURCE_ACCESS_HINT);
        }
    }

    /**
     * The settings after a request that no rule is against.
     *
     * @param old the settings before; AWS's defaults for a new mapping
     * @param topics what the mapping reads
     * @throws InvalidParameter in AWS's words
     */
    MappingSettings after(SettingsRequest request, MappingSettings old, List<String> topics) {
        requireRecordAge(request.failures().maximumRecordAgeInSeconds());
        requirePollers(request.provisionedPollers());
        requireDestination(request.failures().onFailureDestination(), topics);
        requireFilters(request.filterPatterns());
        MappingSettings settings = request.appliedTo(old);
        if (!relaxed && settings.provisionedPollers() == null) {
            requireNothingProvisioned(old, settings);
        }
        return settings;
    }

    private static void requireRecordAge(Integer seconds) {
        if (seconds != null && seconds >= 0 && seconds < 60) {
            throw violation(String.valueOf(seconds), "maximumRecordAgeInSeconds", "be -1 or have value greater than or equal to 60");
        }
    }

    private static void requirePollers(SettingsRequest.Pollers pollers) {
        // Either alone can't contradict the other's default, which is 1 to 200.
        if (pollers != null && pollers.minimumPollers() != null && pollers.maximumPollers() != null
                && pollers.maximumPollers() < pollers.minimumPollers()) {
            throw violation(String.valueOf(pollers.maximumPollers()), "provisionedPollerConfig.maximumPollers",
                    "have value greater than or equal to minimumPollers, " + pollers.minimumPollers());
        }
    }

    private static void requireDestination(String destination, List<String> topics) {
        if (destination == null || destination.isEmpty()) {
            return;
        }
        destinationProblem(destination, topics).ifPresent(problem -> {
            throw new InvalidParameter("The provided destination config DestinationConfig(onSuccess=null,"
                    + " onFailure=OnFailure(destination=" + destination + ")) is invalid.", problem);
        });
    }

    private static Optional<String> destinationProblem(String destination, List<String> topics) {
        if (!TAKEN_DESTINATION.matcher(destination).matches()) {
            return Optional.of("Records that failed can go to an SQS queue, an SNS topic, an S3 bucket, or kafka://TOPIC of the same"
                    + " cluster.");
        }
        if (FIFO.matcher(destination).matches()) {
            return Optional.of("FIFO queues and FIFO topics can't be a destination; use a standard one.");
        }
        return kafkaTopic(destination).filter(topics::contains)
                .map(topic -> "The mapping reads this topic itself; records that failed must go to another one.");
    }

    private void requireFilters(List<String> patterns) {
        if (patterns == null) {
            return;
        }
        if (patterns.size() > MOST_FILTERS) {
            throw violation(patterns.size() + " filters", "filterCriteria.filters",
                    "have length less than or equal to " + MOST_FILTERS);
        }
        for (int i = 0; i < patterns.size(); i++) {
            Optional<String> problem = filters.problem(patterns.get(i));
            if (problem.isPresent()) {
                throw new InvalidParameter("Invalid filter pattern definition.", "Filters[" + i + "]: " + problem.get());
            }
        }
    }

    /** A setting that the mapping has already, from a time with {@code --relaxed}, is no reason to refuse a request about others. */
    private static void requireNothingProvisioned(MappingSettings old, MappingSettings settings) {
        for (ProvisionedOnly each : ProvisionedOnly.values()) {
            Object asked = each.asked.apply(settings);
            boolean before = old.provisionedPollers() == null && Objects.equals(asked, each.asked.apply(old));
            if (asked != null && !before) {
                throw new InvalidParameter("Unsupported '" + each.awsSpelling + "' parameter for given event source mapping type.",
                        each.name + " needs provisioned mode. Either set ProvisionedPollerConfig"
                                + " (--provisioned-poller-config MinimumPollers=1; in sluice.yaml provisionedPollerConfig: {minimumPollers: 1})"
                                + " or start the server with --relaxed.");
            }
        }
    }

    /** As AWS words service checks that look like those of the model: with a period at the end. */
    private static InvalidParameter violation(String value, String path, String constraint) {
        return new InvalidParameter("1 validation error detected: Value '" + value + "' at '" + path
                + "' failed to satisfy constraint: Member must " + constraint + ".");
    }

    private static Object unlessForEver(Integer limit) {
        return limit == null || limit == -1 ? null : limit;
    }

    private static Optional<String> kafkaTopic(String destination) {
        return Optional.ofNullable(destination).filter(to -> to.startsWith(KAFKA)).map(to -> to.substring(KAFKA.length()));
    }
}
