package dev.sluice.diagnosis;

import static dev.sluice.fixture.Mappings.aMapping;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.sluice.diagnosis.MappingProgress.GivenUp;
import dev.sluice.diagnosis.MappingProgress.Trend;
import dev.sluice.fixture.Mappings;
import dev.sluice.mapping.FilteredOut;
import dev.sluice.mapping.FleetView.Detail;
import dev.sluice.mapping.FleetView.Elsewhere;
import dev.sluice.mapping.FleetView.Last;
import dev.sluice.mapping.FleetView.PartitionDetail;
import dev.sluice.mapping.FleetView.Waiting;
import dev.sluice.mapping.MappingFailure;
import dev.sluice.mapping.MappingState;
import dev.sluice.mapping.MappingStatus;
import dev.sluice.mapping.StartingPosition;
import dev.sluice.mapping.StateTransitionReason;
import dev.sluice.mapping.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MappingDiagnosisTest {

    private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");
    private static final Observed.Function FUNCTION = known(null);
    private static final PartitionDetail AT_ITS_END = new PartitionDetail("orders", 0, 7, -1, 7, 0, 0, null);

    @Test
    void saysWhoHasDisabledAMappingAndWhatStartsItAgain() {
        Mappings disabled = enabled().state(MappingState.DISABLED);
        assertThat(of(new Observed(disabled.build(), null, null, null, FUNCTION))).singleElement().satisfies(finding -> {
            assertThat(finding.cause()).isEqualTo(Cause.DISABLED);
            assertThat(finding.sentence()).isEqualTo("Somebody has disabled the mapping (USER_INITIATED); nothing polls for it.");
            assertThat(finding.command()).isEqualTo("sluice mappings enable " + disabled.build().id());
        });
        MappingFailure failure = new MappingFailure(NOW, "Not authorized to access topics: [orders]");
        Mappings byProblem = disabled.reason(StateTransitionReason.EVENT_SOURCE_AUTHZ_ERROR);
        assertThat(of(new Observed(byProblem.build(), null, null, failure, FUNCTION))).singleElement().satisfies(finding -> {
            assertThat(finding.cause()).isEqualTo(Cause.DISABLED_BY_PROBLEM);
            assertThat(finding.sentence()).isEqualTo("Disabled, EVENT_SOURCE_AUTHZ_ERROR: Not authorized to access topics: [orders]");
            assertThat(finding.figures()).contains("since 2026-12-01T12:00:00Z");
        });
    }

    @ParameterizedTest
    @EnumSource(Trouble.class)
    void everyTroubleHasACauseASentenceAndACommand(Trouble trouble) {
        Detail pollers = new Detail("kafka:9092", "g", new Last(trouble, "what happened ".repeat(20), Duration.ofSeconds(9)),
                List.of(AT_ITS_END));
        Finding finding = of(observed(enabled(), pollers)).get(0);
        assertThat(finding.cause().blocking()).isTrue();
        assertThat(finding.sentence()).contains("what happened").endsWith("…");
        assertThat(finding.sentence().length()).isLessThanOrEqualTo(Finding.LONGEST);
        assertThat(finding.figures().get(0)).isEqualTo("what happened ".repeat(20));
        assertThat(finding.command()).startsWith("sluice ");
        assertThat(finding.age()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void aBackoffSaysWhichAttemptFailedAndWhenTheNextComes() {
        PartitionDetail failing = new PartitionDetail("orders", 2, 9, -1, 7, 2, 4, NOW.plusMillis(11_200));
        Detail pollers = new Detail("k", "g", new Last(Trouble.TIMED_OUT, "Task timed out after 3.00 seconds", Duration.ofSeconds(1)),
                List.of(AT_ITS_END, failing));
        assertThat(of(observed(enabled(), pollers)).get(0).figures()).contains("attempt 4 of orders-2 failed; the next in 12 s");
    }

    @Test
    void recordsThatWaitForTheWindowAreCountedWithWhatIsLeftOfIt() {
        Detail pollers = pollers(new PartitionDetail("orders", 0, 10, -1, 7, 0, 0, null, new Waiting(2, Duration.ofSeconds(280), false)),
                new PartitionDetail("orders", 1, 10, -1, 9, 0, 0, null, new Waiting(1, Duration.ofSeconds(279), false)));
        assertThat(of(observed(enabled().batchSize(100), pollers)).get(0)).satisfies(finding -> {
            assertThat(finding.cause().code()).isEqualTo("waiting-for-window");
            assertThat(finding.sentence()).isEqualTo("3 records wait for the batching window, which ends in 279 s, or for BatchSize 100.");
            assertThat(finding.command()).endsWith("--maximum-batching-window-in-seconds 0");
        });
    }

    @Test
    void aReservedConcurrencyOfZeroIsNoFaultOfTheFunction() {
        Detail throttled = new Detail("k", "g", new Last(Trouble.THROTTLED, "Throttled", Duration.ZERO), List.of(AT_ITS_END));
        assertThat(of(new Observed(enabled().function("f").build(), throttled, null, null, known(0))))
                .extracting(Finding::cause, Finding::command).startsWith(
                        tuple(Cause.CONCURRENCY_ZERO, "aws lambda delete-function-concurrency --function-name f"));
        assertThat(of(new Observed(enabled().build(), throttled, null, null, known(5))).get(0).cause())
                .isEqualTo(Cause.THROTTLED);
    }

    @Test
    void whatBlocksComesFirst() {
        Detail pollers = new Detail("k", "g", new Last(Trouble.FUNCTION_ERROR, "ValueError: broken order", Duration.ZERO),
                List.of(new PartitionDetail("orders", 0, 10, 8, 7, 1, 1, null, new Waiting(1, Duration.ofSeconds(3), false))));
        FilteredOut filtered = new FilteredOut(3, 1, new FilteredOut.Last("orders", 0, 5, "value.type is not order"));
        assertThat(of(new Observed(enabled().build(), pollers, filtered, null, new Observed.Function.Missing(null))))
                .extracting(Finding::cause)
                .containsExactly(Cause.FUNCTION_MISSING, Cause.FUNCTION_ERROR, Cause.OPEN_TRANSACTION, Cause.WAITING_FOR_WINDOW,
                        Cause.FILTERED_OUT);
    }

    @Test
    void aFilterThatDropsSaysHowManyAndWhyTheLast() {
        FilteredOut filtered = new FilteredOut(12, 12, new FilteredOut.Last("orders", 0, 5, "its value is no JSON"));
        assertThat(of(new Observed(enabled().build(), pollers(AT_ITS_END), filtered, null, FUNCTION)).get(0)).satisfies(finding -> {
            assertThat(finding.sentence()).isEqualTo("Its filters have dropped 12 records, the last as its value is no JSON");
            assertThat(finding.figures()).containsExactly("the last was orders-0 offset 5", "12 of them only for their format");
        });
    }

    @Test
    void latestLeavesOlderRecordsOutUntilTheFirstHasCome() {
        Mappings latest = enabled().startingPosition(StartingPosition.LATEST).lastProcessingResult(MappingStatus.NO_RECORDS_PROCESSED);
        assertThat(of(observed(latest, pollers(AT_ITS_END))).get(0)).satisfies(finding -> {
            assertThat(finding.cause()).isEqualTo(Cause.POSITION_LATEST);
            assertThat(finding.sentence())
                    .isEqualTo("Position LATEST: up to 7 older records were left out; nothing came since the mapping began.");
        });
        assertThat(of(observed(latest.lastProcessingResult("OK"), pollers(AT_ITS_END))).get(0).cause()).isEqualTo(Cause.NOTHING_NEW);
    }

    @Test
    void aMappingWithoutPartitionsSaysThatOthersMayHaveThem() {
        assertThat(of(observed(enabled().topics("orders"), pollers())).get(0).sentence())
                .isEqualTo("It has no partition of orders: other members of its group have them all, or it is joining.");
        Detail held = new Detail("kafka:9092", "g", null, List.of(), List.of(new Elsewhere("orders", 0, "billing-1", "/10.0.0.7")));
        assertThat(of(observed(enabled().topics("orders"), held)).get(0).sentence())
                .isEqualTo("orders-0 is read by another member of its group: billing-1 at /10.0.0.7.");
        assertThat(of(observed(enabled().state(MappingState.CREATING), pollers())).get(0).cause()).isEqualTo(Cause.IN_TRANSITION);
        assertThat(of(observed(enabled().state(MappingState.ENABLING), null)).get(0).cause()).isEqualTo(Cause.IN_TRANSITION);
    }

    @Test
    void anUnknownEndIsNoEnd() {
        assertThat(of(observed(enabled(), pollers(new PartitionDetail("orders", 0, -1, -1, -1, 0, 0, null)))).get(0).cause())
                .isEqualTo(Cause.UNKNOWN);
    }

    @Test
    void workIsNoProblem() {
        assertThat(of(observed(enabled(), pollers(new PartitionDetail("orders", 0, 9, -1, 7, 2, 1, null)))).get(0)).satisfies(finding -> {
            assertThat(finding.cause()).isEqualTo(Cause.IN_FLIGHT);
            assertThat(finding.sentence()).isEqualTo("2 records are with the function, in attempt 1.");
        });
        assertThat(of(observed(enabled(), pollers(new PartitionDetail("orders", 0, 9, -1, 7, 0, 0, null)))).get(0).cause())
                .isEqualTo(Cause.CATCHING_UP);
        assertThat(of(observed(enabled(), pollers(new PartitionDetail("orders", 0, 0, -1, 0, 0, 0, null)))).get(0).sentence())
                .isEqualTo("The topic has no records yet.");
    }

    @Test
    void aFilterThatLetNothingThroughSaysSo() {
        FilteredOut filtered = new FilteredOut(12, 0, new FilteredOut.Last("orders", 0, 5, "value.type is not order"));
        assertThat(of(observed(pollers(AT_ITS_END), filtered, new MappingProgress(5, 5, null, null))).get(0)).satisfies(finding -> {
            assertThat(finding.sentence()).isEqualTo("Its filters have dropped 5 of 5 records, the last as value.type is not order");
            assertThat(finding.figures()).contains("5 of 5 since the server was started");
        });
        assertThat(of(observed(pollers(AT_ITS_END), filtered, new MappingProgress(6, 5, null, null))).get(0).sentence())
                .startsWith("Its filters have dropped 12 records");
    }

    @Test
    void aLagThatGrowsIsOneOfAFunctionThatIsTooSlow() {
        Detail working = pollers(new PartitionDetail("orders", 0, 900, -1, 100, 2, 1, null));
        MappingProgress growing = new MappingProgress(500, 0, null, new Trend(Duration.ofSeconds(100), 50, 800, 1_000, 250));
        assertThat(of(observed(working, null, growing))).extracting(Finding::cause).containsExactly(Cause.TOO_SLOW, Cause.IN_FLIGHT);
        assertThat(of(observed(working, null, growing)).get(0)).satisfies(finding -> {
            assertThat(finding.sentence()).isEqualTo("Too slow: its lag has grown from 50 to 800 in 100 s.");
            assertThat(finding.figures()).containsExactly("10.0 records/s are written", "2.5 records/s are done");
        });
        MappingProgress shrinking = new MappingProgress(500, 0, null, new Trend(Duration.ofSeconds(100), 800, 50, 0, 750));
        assertThat(of(observed(working, null, shrinking))).extracting(Finding::cause).containsExactly(Cause.IN_FLIGHT);
    }

    @Test
    void aLittleMoreLagOrALagThatWaitsIsNoSlowness() {
        Detail working = pollers(new PartitionDetail("orders", 0, 900, -1, 100, 2, 1, null));
        assertThat(of(observed(working, null, new MappingProgress(5, 0, null, new Trend(Duration.ofSeconds(31), 1, 2, 1, 0)))))
                .extracting(Finding::cause).containsExactly(Cause.IN_FLIGHT);
        assertThat(of(observed(working, null, new MappingProgress(5, 0, null, new Trend(Duration.ofSeconds(31), 10, 60, 1_000, 950)))))
                .extracting(Finding::cause).containsExactly(Cause.IN_FLIGHT);
        MappingProgress growing = new MappingProgress(500, 0, null, new Trend(Duration.ofSeconds(100), 50, 800, 1_000, 250));
        Detail collecting =
                pollers(new PartitionDetail("orders", 0, 900, -1, 100, 0, 0, null, new Waiting(800, Duration.ofSeconds(200), false)));
        assertThat(of(observed(collecting, null, growing))).extracting(Finding::cause).containsExactly(Cause.WAITING_FOR_WINDOW);
        Detail idle = pollers(new PartitionDetail("orders", 0, 900, -1, 100, 0, 0, null));
        assertThat(of(observed(idle, null, growing))).extracting(Finding::cause).containsExactly(Cause.CATCHING_UP);
    }

    @Test
    void whatFailsIsNotCalledSlow() {
        Detail failing = new Detail("k", "g", new Last(Trouble.FUNCTION_ERROR, "ValueError", Duration.ZERO), List.of(AT_ITS_END));
        MappingProgress growing = new MappingProgress(500, 0, null, new Trend(Duration.ofSeconds(100), 50, 800, 1_000, 250));
        assertThat(of(observed(failing, null, growing))).extracting(Finding::cause).containsExactly(Cause.FUNCTION_ERROR);
    }

    @Test
    void recordsThatWereGivenUpAreNotForgotten() {
        assertThat(of(observed(pollers(AT_ITS_END), null,
                new MappingProgress(9, 0, new GivenUp(3, "RetryAttemptsExhausted", "orders", 0, 6), null))).get(0).sentence())
                .isEqualTo("3 records were given up since the start, the last for RetryAttemptsExhausted.");
        assertThat(of(observed(pollers(AT_ITS_END), null,
                new MappingProgress(9, 0, new GivenUp(1, "MaximumPayloadSizeExceeded", "orders", 0, 6), null))).get(0))
                .satisfies(finding -> {
                    assertThat(finding.cause()).isEqualTo(Cause.RECORD_TOO_LARGE);
                    assertThat(finding.sentence())
                            .isEqualTo("orders-0 offset 6 is too large for an event of Lambda (6 MB) and was given up.");
                });
    }

    @Test
    void saysWhereTheFunctionIsAndWhyItWaitsOrRunsElsewhere() {
        assertThat(of(new Observed(enabled().function("f").build(), pollers(AT_ITS_END), null, null,
                new Observed.Function.Missing("in account 111111111111, region us-west-2"))).get(0).sentence())
                .isEqualTo("There is no function f here, but one in account 111111111111, region us-west-2.");
        Detail busy = pollers(new PartitionDetail("orders", 0, 9, -1, 7, 2, 0, null));
        assertThat(of(new Observed(enabled().function("f").build(), busy, null, null, new Observed.Function.Known(1, 2, 128, null))).get(0)
                .sentence()).isEqualTo("As many invocations of f run as may; 2 more wait for one to end.");
        assertThat(of(new Observed(enabled().function("f").build(), pollers(AT_ITS_END), null, null,
                new Observed.Function.Known(null, 0, 128, "it sets the default locale")))).extracting(Finding::cause)
                .containsExactly(Cause.MOVED_TO_PROCESS, Cause.NOTHING_NEW);
    }

    @Test
    void memoryThatWasTooLittleIsNamed() {
        Detail dead = new Detail("k", "g", new Last(Trouble.OUT_OF_MEMORY, "java.lang.OutOfMemoryError: Java heap space", Duration.ZERO),
                List.of(AT_ITS_END));
        assertThat(of(observed(enabled(), dead)).get(0).sentence())
                .isEqualTo("The function ran out of its memory (128 MB): java.lang.OutOfMemoryError: Java heap space");
    }

    @Test
    void codesAreTheirNames() {
        assertThat(Stream.of(Cause.values()).map(Cause::code)).doesNotHaveDuplicates().allMatch(code -> code.matches("[a-z-]+"));
    }

    private static Mappings enabled() {
        return aMapping().state(MappingState.ENABLED).startingPosition(StartingPosition.TRIM_HORIZON).lastProcessingResult("OK");
    }

    private static Detail pollers(PartitionDetail... partitions) {
        return new Detail("kafka:9092", "g", null, List.of(partitions));
    }

    private static Observed observed(Mappings mapping, Detail pollers) {
        return new Observed(mapping.build(), pollers, null, null, FUNCTION);
    }

    private static Observed observed(Detail pollers, FilteredOut filtered, MappingProgress progress) {
        return new Observed(enabled().build(), pollers, filtered, null, FUNCTION, progress);
    }

    private static Observed.Function known(Integer reservedConcurrency) {
        return new Observed.Function.Known(reservedConcurrency, 0, 128, null);
    }

    private static List<Finding> of(Observed observed) {
        return MappingDiagnosis.of(observed, NOW);
    }
}
