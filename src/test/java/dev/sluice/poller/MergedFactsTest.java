package dev.sluice.poller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.mapping.Fact;
import dev.sluice.mapping.StateTransitionReason;
import dev.sluice.mapping.Trouble;
import dev.sluice.poller.PollingFixture.Told;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergedFactsTest {

    private static final String FUNCTION_ERROR = "PROBLEM: Function call failed";

    private final Told told = new Told();
    private final List<Integer> partitions = new ArrayList<>();
    private final MergedFacts merged = new MergedFacts(told, partitions::add);
    private final Fact.Listener first = merged.of(0);
    private final Fact.Listener second = merged.of(1);

    @Test
    void aMappingStartsAndFailsOnce() {
        first.tell(new Fact.StartingPositionApplied());
        first.tell(new Fact.Started());
        second.tell(new Fact.Started());
        first.tell(new Fact.Failed(StateTransitionReason.FUNCTION_CONFIG_NOT_VALID, "cause"));
        second.tell(new Fact.Failed(StateTransitionReason.FUNCTION_CONFIG_NOT_VALID, "cause"));

        assertThat(told.reports).containsExactly("startingPositionApplied", "started", "failed FUNCTION_CONFIG_NOT_VALID");
    }

    @Test
    void anotherPollersSuccessDoesNotHideAProblemThatStands() {
        first.tell(SourceProblem.connection("gone").fact());
        second.tell(new Fact.Processed(null, "OK", ""));

        assertThat(told.reports).doesNotContain("processed OK").last().isEqualTo("problem gone");
        first.tell(new Fact.SourceWorks());
        assertThat(told.reports).endsWith("sourceWorks", "processed OK");
    }

    @Test
    void whatCantBeReadStaysAProblemWhileEverythingElseWorks() {
        first.tell(new Fact.Unreadable(SourceProblem.connection("damaged").fact()));
        first.tell(new Fact.SourceWorks());
        first.tell(new Fact.Processed(null, "OK", ""));

        assertThat(told.reports).doesNotContain("processed OK", "sourceWorks").last().isEqualTo("problem damaged");
        first.tell(new Fact.Readable());
        assertThat(told.reports).endsWith("sourceWorks", "processed OK");
    }

    @Test
    void aProblemIsOverWhenThePollerThatHadItWorksAndNotBefore() {
        first.tell(SourceProblem.connection("one").fact());
        second.tell(SourceProblem.connection("two").fact());
        second.tell(new Fact.SourceWorks());
        assertThat(told.reports).doesNotContain("sourceWorks").last().isEqualTo("problem one");
        first.tell(new Fact.SourceWorks());

        assertThat(told.reports).last().isEqualTo("sourceWorks");
    }

    @Test
    void aPollerThatJoinsLaterSaysNothingNewOfTheSource() {
        first.tell(new Fact.SourceWorks());
        first.tell(new Fact.Processed(Trouble.FUNCTION_ERROR, FUNCTION_ERROR, "told to fail"));
        second.tell(new Fact.SourceWorks());

        assertThat(told.reports).containsExactly("sourceWorks", "processed " + FUNCTION_ERROR);
    }

    @Test
    void whatAFunctionRefusesIsSaidAlsoWhileAnotherPollerHasAProblem() {
        first.tell(SourceProblem.connection("gone").fact());
        second.tell(new Fact.Processed(Trouble.FUNCTION_ERROR, FUNCTION_ERROR, "told to fail"));
        assertThat(told.reports).last().isEqualTo("processed " + FUNCTION_ERROR);
        second.tell(new Fact.Processed(null, "OK", ""));

        assertThat(told.reports).last().isEqualTo("problem gone");
    }

    @Test
    void aPollersOwnSuccessIsSaid() {
        first.tell(SourceProblem.connection("gone").fact());
        first.tell(new Fact.Processed(null, "OK", ""));

        assertThat(told.reports).last().isEqualTo("processed OK");
    }

    @Test
    void howManyPartitionsThereAreIsPassedOn() {
        second.tell(new Fact.TopicPartitions(4));

        assertThat(partitions).containsExactly(4);
    }
}
