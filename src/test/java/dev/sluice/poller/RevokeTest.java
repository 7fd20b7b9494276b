package dev.sluice.poller;

import static dev.sluice.poller.PollingFixture.ERROR;
import static dev.sluice.poller.PollingFixture.P0;
import static dev.sluice.poller.PollingFixture.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.Mappings;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.ProvisionedPollers;
import dev.sluice.poller.PollingFixture.TestConsumer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of an invocation whose partition is taken away from its poller. */
class RevokeTest {

    /** Rounds until the first batch is under way. */
    private static final int START = 3;
    private static final Groups.Member FOREIGN = new Groups.Member("app", null, "/10.0.0.5");

    private final PollingFixture fixture = new PollingFixture();
    private final EventSourceMapping mapping =
            Mappings.like(fixture.mapping).provisionedPollers(new ProvisionedPollers(2, null, null)).build();

    @Test
    void goesOnAndIsTakenOverByTheNextPollerOfThisServer() {
        TestConsumer consumer = new TestConsumer().assigned(10, P0);
        PollSession first = started(consumer);
        long begun = System.nanoTime();
        revoke(first, consumer);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).as("nobody waited for it").isLessThan(Duration.ofSeconds(3));
        TestConsumer nextConsumer = new TestConsumer().assignedAgain(10, P0);
        PollSession next = started(nextConsumer);
        assertThat(fixture.function.submitted).as("one at a time").hasSize(1);
        fixture.function.end(fixture.function.submitted.get(0), SUCCESS);
        rounds(next, 3);

        assertThat(fixture.function.submitted).as("delivered once").hasSize(1);
        assertThat(nextConsumer.commits).containsEntry(P0, 10L);
        first.close(Duration.ZERO);
        next.close(Duration.ZERO);
    }

    @Test
    void whatEndsBetweenTheTwoPollersIsNotDeliveredAgainEither() {
        TestConsumer consumer = new TestConsumer().assigned(10, P0);
        PollSession first = started(consumer);
        revoke(first, consumer);
        fixture.function.end(fixture.function.submitted.get(0), SUCCESS);
        PollSession next = started(new TestConsumer().assignedAgain(10, P0));
        rounds(next, 2);

        assertThat(fixture.function.submitted).hasSize(1);
        first.close(Duration.ZERO);
        next.close(Duration.ZERO);
    }

    @Test
    void isNotTriedAgainByThePollerThatLostThePartition() {
        TestConsumer consumer = new TestConsumer().assigned(10, P0);
        PollSession first = started(consumer);
        revoke(first, consumer);
        fixture.function.end(fixture.function.submitted.get(0), ERROR);
        PollSession next = started(new TestConsumer().assignedAgain(10, P0));

        assertThat(fixture.function.submitted).as("by the next one").hasSize(2);
        fixture.function.end(fixture.function.submitted.get(1), SUCCESS);
        first.close(Duration.ZERO);
        next.close(Duration.ZERO);
    }

    @Test
    void isWaitedForWhenThePartitionMayGoToAMemberElsewhere() throws Exception {
        fixture.groups.members = List.of(FOREIGN);
        TestConsumer consumer = new TestConsumer().assigned(10, P0);
        PollSession session = started(consumer);
        Thread revoked = new Thread(() -> revoke(session, consumer), "revoke-under-test");
        revoked.start();
        await().during(Duration.ofMillis(300)).atMost(Duration.ofSeconds(4)).until(revoked::isAlive);
        fixture.function.end(fixture.function.submitted.get(0), SUCCESS);
        revoked.join(3_000);

        assertThat(revoked.isAlive()).isFalse();
        assertThat(consumer.commits).as("the next owner begins after it").containsEntry(P0, 10L);
        session.close(Duration.ZERO);
    }

    private PollSession started(TestConsumer consumer) {
        PollSession session = fixture.session(mapping, consumer);
        session.open(true);
        rounds(session, START);
        return session;
    }

    private static void revoke(PollSession session, TestConsumer consumer) {
        consumer.schedulePollTask(() -> consumer.rebalance(List.of()));
        rounds(session, 1);
    }

    private static void rounds(PollSession session, int count) {
        for (int i = 0; i < count; i++) {
            session.runOnce();
        }
    }
}
