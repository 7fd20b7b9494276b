package dev.sluice.poller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.mapping.StateTransitionReason;
import dev.sluice.poller.PollingFixture.Told;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergedReportsTest {

    private static final String FUNCTION_ERROR = "PROBLEM: Function call failed";

    private final Told told = new Told();
    private final List<Integer> partitions = new ArrayList<>();
    private final MergedReports merged = new MergedReports(told, partitions::add);
    private final LoopReports first = merged.of(0);
    private final LoopReports second = merged.of(1);

    @Test
    void aMappingStartsAndFailsOnce() {
        first.startingPositionApplied();
        first.started();
        second.started();
        first.failed(StateTransitionReason.FUNCTION_CONFIG_NOT_VALID);
        second.failed(StateTransitionReason.FUNCTION_CONFIG_NOT_VALID);

        assertThat(told.reports).containsExactly("startingPositionApplied", "started", "failed FUNCTION_CONFIG_NOT_VALID");
    }

    @Test
    void anotherPollersSuccessDoesNotHideAProblemThatStands() {
        first.problem(SourceProblem.connection("gone"));
        second.processed("OK", "");

        assertThat(told.reports).doesNotContain("processed OK").last().isEqualTo("problem gone");
        first.sourceWorks();
        assertThat(told.reports).endsWith("sourceWorks", "processed OK");
    }

    @Test
    void whatCantBeReadStaysAProblemWhileEverythingElseWorks() {
        first.unreadable(SourceProblem.connection("damaged"));
        first.sourceWorks();
        first.processed("OK", "");

        assertThat(told.reports).doesNotContain("processed OK", "sourceWorks").last().isEqualTo("problem damaged");
        first.readable();
        assertThat(told.reports).endsWith("sourceWorks", "processed OK");
    }

    @Test
    void aProblemIsOverWhenThePollerThatHadItWorksAndNotBefore() {
        first.problem(SourceProblem.connection("one"));
        second.problem(SourceProblem.connection("two"));
        second.sourceWorks();
        assertThat(told.reports).doesNotContain("sourceWorks").last().isEqualTo("problem one");
        first.sourceWorks();

        assertThat(told.reports).last().isEqualTo("sourceWorks");
    }

    @Test
    void aPollerThatJoinsLaterSaysNothingNewOfTheSource() {
        first.sourceWorks();
        first.processed(FUNCTION_ERROR, "told to fail");
        second.sourceWorks();

        assertThat(told.reports).containsExactly("sourceWorks", "processed " + FUNCTION_ERROR);
    }

    @Test
    void whatAFunctionRefusesIsSaidAlsoWhileAnotherPollerHasAProblem() {
        first.problem(SourceProblem.connection("gone"));
        second.processed(FUNCTION_ERROR, "told to fail");
        assertThat(told.reports).last().isEqualTo("processed " + FUNCTION_ERROR);
        second.processed("OK", "");

        assertThat(told.reports).last().isEqualTo("problem gone");
    }

    @Test
    void aPollersOwnSuccessIsSaid() {
        first.problem(SourceProblem.connection("gone"));
        first.processed("OK", "");

        assertThat(told.reports).last().isEqualTo("processed OK");
    }

    @Test
    void howManyPartitionsThereAreIsPassedOn() {
        second.topicPartitions(4);

        assertThat(partitions).containsExactly(4);
    }
}
