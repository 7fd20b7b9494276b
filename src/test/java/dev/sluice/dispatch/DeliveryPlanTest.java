package dev.sluice.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dispatch.DeliveryPlan.Step;
import dev.sluice.fixture.Mappings;
import dev.sluice.fixture.TestRecords;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.mapping.EventSource;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FailureHandling;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeliveryPlanTest {

    private static final InvocationResult SUCCESS = new InvocationResult.Success(new byte[0]);
    private static final InvocationResult ERROR =
            new InvocationResult.FunctionError("E", "{\"errorMessage\":\"no\"}".getBytes(StandardCharsets.UTF_8));

    private final EventSourceMapping mapping = Mappings.aMapping()
            .failureHandling(new FailureHandling(null, 60, true, false, "arn:aws:sqs:us-east-1:000000000000:failed")).build();
    private final DeliveryPlan plan = new DeliveryPlan(new Batch(mapping, new EventWriter(new EventSource.SelfManagedKafka(List.of("k:1")),
            "k:1"), List.of(new TestRecords("t", 0).add(0, 1_000, null, null, List.of()).add(1, 1_000, null, null, List.of())), 1_000));

    @Test
    void aHalfThatGrowsTooOldIsToldOfItsOwnInvocationNotOfTheOtherHalfs() {
        ended(1_000, ERROR, "both");
        ended(1_000, SUCCESS, "the first half");
        Step.GiveUp step = (Step.GiveUp) plan.next(age -> 62_000 - age);

        assertThat(step.condition()).isEqualTo(FailureCondition.RECORD_AGE_EXCEEDED);
        assertThat(step.part().invoked())
                .isEqualTo(new Part.Invoked(1, "both", new FailedBatch.LastResponse(200, "$LATEST", "Unhandled")));
    }

    @Test
    void whatDidNotReachTheFunctionChangesNothingOfWhatIsTold() {
        ended(1_000, ERROR, "both");
        ended(1_000, ERROR, "the first half");
        ended(1_000, new InvocationResult.Throttled("busy"), "none");
        Step.GiveUp step = (Step.GiveUp) plan.next(age -> 62_000 - age);

        assertThat(step.condition()).isEqualTo(FailureCondition.RECORD_AGE_EXCEEDED);
        assertThat(step.part().invoked().requestId()).isEqualTo("the first half");
        assertThat(step.part().invoked().times()).isEqualTo(2);
    }

    @Test
    void whatMovedMeanwhileIsTriedAgainAtOnceAsIfItHadNotBeen() {
        Step.Invoke first = (Step.Invoke) plan.next(age -> 1_000 - age);
        AttemptResult moved =
                AttemptResult.of(new InvocationResult.Moved("it called a.B.c"), first.part(), mapping.settings().failureHandling(),
                        new AttemptResult.Ran("moved", "$LATEST"));
        DeliveryPlan.Change change = plan.ended(moved, false);

        assertThat(change).isEqualTo(new DeliveryPlan.Change(null, null, false));
        Step.Invoke again = (Step.Invoke) plan.next(age -> 1_000 - age);
        assertThat(again).isEqualTo(first); // neither split nor counted
        assertThat(again.part().invoked().times()).isZero();
        assertThat(moved.report().kind()).isEqualTo(AttemptReport.Kind.MOVED);
    }

    private void ended(long now, InvocationResult result, String requestId) {
        Step.Invoke step = (Step.Invoke) plan.next(age -> now - age);
        plan.ended(AttemptResult.of(result, step.part(), mapping.settings().failureHandling(),
                new AttemptResult.Ran(requestId, "$LATEST")), false);
    }
}
