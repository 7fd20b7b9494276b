package dev.sluice.mapping;

import static dev.sluice.fixture.SettingsRequests.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.fixture.Mappings;
import dev.sluice.fixture.SettingsRequests;
import dev.sluice.mapping.MappingException.InvalidParameter;
import dev.sluice.mapping.Monitoring.MetricGroup;
import dev.sluice.mapping.Monitoring.SystemLogLevel;
import dev.sluice.mapping.SettingsRequest.Failures;
import dev.sluice.mapping.SettingsRequest.Logging;
import dev.sluice.mapping.SettingsRequest.Pollers;
import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsRulesTest {

    private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:dead";
    private static final KafkaSource SOURCE = new KafkaSource(new EventSource.MskCluster(Mappings.MSK_ARN), List.of("orders"),
            StartingPosition.LATEST, "g");
    private static final MappingSettings DEFAULTS =
            MappingSettings.defaults(new FunctionArn(new Scope("000000000000", "us-east-1"), "f", null), false);

    private final SettingsRules strict = rules(false);
    private final SettingsRules relaxed = rules(true);

    private static SettingsRules rules(boolean relaxed) {
        return new SettingsRules(relaxed, pattern -> Optional.of("no JSON").filter(problem -> pattern.startsWith("broken")));
    }

    /** Everything that AWS takes in provisioned mode only, with AWS's name for it. */
    static Stream<Arguments> provisionedOnly() {
        return Stream.of(
                Arguments.of("maximumRetryAttempts", settings().maximumRetryAttempts(0)),
                Arguments.of("maximumRetryAttempts", settings().maximumRetryAttempts(10_000)),
                Arguments.of("maximumRecordAgeInSeconds", settings().maximumRecordAgeInSeconds(60)),
                Arguments.of("bisectBatchOnFunctionError", settings().failures(new Failures(null, null, true, null, null))),
                Arguments.of("functionResponseTypes", settings().failures(new Failures(null, null, null, true, null))),
                Arguments.of("destinationConfig", settings().onFailureDestination("kafka://dead")),
                Arguments.of("loggingConfig", settings().logging(new Logging(SystemLogLevel.WARN))));
    }

    @ParameterizedTest
    @MethodSource("provisionedOnly")
    void whatNeedsProvisionedModeIsRefusedOnDemandAndTakenWithPollersOrRelaxed(String awsSpelling, SettingsRequests request) {
        InvalidParameter refused = refusal(strict, request.build(), DEFAULTS);
        assertThat(refused).hasMessage("Unsupported '" + awsSpelling + "' parameter for given event source mapping type.");
        assertThat(refused.hint()).hasValueSatisfying(hint -> assertThat(hint).contains("ProvisionedPollerConfig", "--relaxed"));

        assertThat(after(relaxed, request.build(), DEFAULTS).provisionedPollers()).isNull();
        SettingsRequest provisioned = request.provisionedPollers(1, null).build();
        assertThat(after(strict, provisioned, DEFAULTS).provisionedPollers()).isEqualTo(new ProvisionedPollers(1, null, null));
    }

    @ParameterizedTest
    @MethodSource("provisionedOnly")
    void provisionedModeCannotEndWhileSomethingNeedsIt(String awsSpelling, SettingsRequests request) {
        MappingSettings provisioned = after(strict, request.provisionedPollers(1, null).build(), DEFAULTS);
        SettingsRequest onDemand = settings().provisionedPollers(Pollers.ON_DEMAND).build();

        assertThat(refusal(strict, onDemand, provisioned)).hasMessageContaining("'" + awsSpelling + "'");
        assertThat(after(relaxed, onDemand, provisioned).provisionedPollers()).isNull();
    }

    @ParameterizedTest
    @MethodSource("provisionedOnly")
    void aMappingFromARelaxedServerCanStillBeChangedInOtherThings(String awsSpelling, SettingsRequests request) {
        MappingSettings old = after(relaxed, request.build(), DEFAULTS);

        assertThat(after(strict, settings().batchSize(7).build(), old).batchSize()).isEqualTo(7);
        assertThat(refusal(strict, settings().maximumRetryAttempts(77).build(), old)).hasMessageContaining("'maximumRetryAttempts'");
    }

    @Test
    void provisionedModeEndsTogetherWithWhatNeedsIt() {
        MappingSettings provisioned = after(strict, settings().failures(new Failures(3, 60, true, true, "kafka://dead"))
                .logging(new Logging(SystemLogLevel.INFO)).provisionedPollers(1, 2).build(), DEFAULTS);

        MappingSettings after = after(strict, settings().failures(new Failures(-1, -1, false, false, ""))
                .logging(new Logging(null)).provisionedPollers(Pollers.ON_DEMAND).build(), provisioned);

        assertThat(after.provisionedPollers()).isNull();
        assertThat(after.failureHandling()).isEqualTo(new FailureHandling(-1, -1, false, false, null));
        assertThat(after.monitoring()).isEqualTo(Monitoring.DEFAULT);
    }

    @Test
    void takesOnDemandWhatAsksForNothingSpecial() {
        SettingsRequest request = settings().failures(new Failures(-1, -1, false, false, QUEUE)).logging(new Logging(null))
                .filterPatterns("{}").metrics(MetricGroup.KAFKA_METRICS).build();

        MappingSettings after = after(strict, request, DEFAULTS);

        assertThat(after.failureHandling()).isEqualTo(new FailureHandling(-1, -1, false, false, QUEUE));
        assertThat(after.filterPatterns()).containsExactly("{}");
        assertThat(after.monitoring()).isEqualTo(new Monitoring(null, List.of(MetricGroup.KAFKA_METRICS)));
    }

    @Test
    void keepsWhatIsAbsentAndClearsWhatIsEmpty() {
        SettingsRequest everything = settings().filterPatterns("a", "b").failures(new Failures(3, 60, true, true, QUEUE))
                .logging(new Logging(SystemLogLevel.INFO)).metrics(MetricGroup.EVENT_COUNT).provisionedPollers(2, 4).build();
        MappingSettings old = after(strict, everything, DEFAULTS);

        assertThat(after(strict, SettingsRequest.NONE, old)).isEqualTo(old);
        assertThat(after(strict, settings().filterPatterns().build(), old).filterPatterns()).isEmpty();
        assertThat(after(strict, settings().onFailureDestination("").build(), old).failureHandling())
                .isEqualTo(new FailureHandling(3, 60, true, true, null));
        assertThat(after(strict, settings().failures(new Failures(null, null, null, false, null)).build(), old).failureHandling())
                .isEqualTo(new FailureHandling(3, 60, true, false, QUEUE));
        assertThat(after(strict, settings().logging(new Logging(null)).build(), old).monitoring())
                .isEqualTo(new Monitoring(null, List.of(MetricGroup.EVENT_COUNT)));
        assertThat(after(strict, settings().metrics().build(), old).monitoring())
                .isEqualTo(new Monitoring(SystemLogLevel.INFO, null));
        assertThat(after(strict, settings().provisionedPollers(3, null).build(), old).provisionedPollers())
                .as("replaced as a whole").isEqualTo(new ProvisionedPollers(3, null, null));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 59})
    void refusesARecordAgeBelowAMinute(int seconds) {
        assertThat(refusal(relaxed, settings().maximumRecordAgeInSeconds(seconds).build(), DEFAULTS)).hasMessage(
                "1 validation error detected: Value '" + seconds + "' at 'maximumRecordAgeInSeconds' failed to satisfy constraint:"
                        + " Member must be -1 or have value greater than or equal to 60.");
    }

    @Test
    void refusesFewerPollersAtMostThanAtLeast() {
        assertThat(refusal(relaxed, settings().provisionedPollers(5, 4).build(), DEFAULTS)).hasMessage(
                "1 validation error detected: Value '4' at 'provisionedPollerConfig.maximumPollers' failed to satisfy constraint:"
                        + " Member must have value greater than or equal to minimumPollers, 5.");
        assertThat(after(strict, settings().provisionedPollers(200, null).build(), DEFAULTS).pollers()).isEqualTo(200);
        assertThat(after(strict, settings().provisionedPollers(null, 1).build(), DEFAULTS).pollers()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"kafka://orders, reads this topic itself", QUEUE + ".fifo, FIFO", "arn:aws:sns:us-east-1:000000000000:t.fifo, FIFO",
            "arn:aws:lambda:us-east-1:000000000000:function:f, SQS queue", "somewhere, SQS queue", "kafka://a b, SQS queue"})
    void refusesADestinationThatCannotBeOne(String destination, String hint) {
        SettingsRequest request = settings().onFailureDestination(destination).provisionedPollers(1, null).build();

        InvalidParameter refused = refusal(strict, request, DEFAULTS);

        assertThat(refused).hasMessage("The provided destination config DestinationConfig(onSuccess=null,"
                + " onFailure=OnFailure(destination=" + destination + ")) is invalid.");
        assertThat(refused.hint()).hasValueSatisfying(text -> assertThat(text).contains(hint));
    }

    @ParameterizedTest
    @ValueSource(strings = {QUEUE, "arn:aws-cn:sns:cn-north-1:000000000000:t", "arn:aws:s3:::my-bucket", "arn:aws:s3:::my.fifo"})
    void takesAQueueATopicOrABucketOnDemand(String destination) {
        assertThat(after(strict, settings().onFailureDestination(destination).build(), DEFAULTS).failureHandling()
                .onFailureDestination()).isEqualTo(destination);
    }

    @Test
    void takesFiveFiltersAndNoSixth() {
        assertThat(after(strict, settings().filterPatterns("1", "2", "3", "4", "5").build(), DEFAULTS).filterPatterns()).hasSize(5);
        assertThat(refusal(relaxed, settings().filterPatterns("1", "2", "3", "4", "5", "6").build(), DEFAULTS)).hasMessage(
                "1 validation error detected: Value '6 filters' at 'filterCriteria.filters' failed to satisfy constraint:"
                        + " Member must have length less than or equal to 5.");
    }

    // The text was recorded on AWS for SQS and DynamoDB.
    @Test
    void refusesAPatternThatIsNoneAndSaysWhyInTheHint() {
        InvalidParameter refused = refusal(relaxed, settings().filterPatterns("{}", "broken").build(), DEFAULTS);

        assertThat(refused).hasMessage("Invalid filter pattern definition.");
        assertThat(refused.hint()).contains("Filters[1]: no JSON");
    }

    private static MappingSettings after(SettingsRules rules, SettingsRequest request, MappingSettings old) {
        return rules.after(new Asked(null, SOURCE, request, old, Instant.EPOCH, false));
    }

    private static InvalidParameter refusal(SettingsRules rules, SettingsRequest request, MappingSettings old) {
        InvalidParameter refused = catchThrowableOfType(InvalidParameter.class, () -> after(rules, request, old));
        assertThat(refused).as("a refusal of %s", request).isNotNull();
        return refused;
    }
}
