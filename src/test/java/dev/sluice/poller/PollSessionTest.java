package dev.sluice.poller;

import static dev.sluice.poller.PollingFixture.ERROR;
import static dev.sluice.poller.PollingFixture.P0;
import static dev.sluice.poller.PollingFixture.P1;
import static dev.sluice.poller.PollingFixture.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.Mappings;
import dev.sluice.mapping.StartingPosition;
import dev.sluice.poller.PollingFixture.TestConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class PollSessionTest {

    /** Rounds until the first batch is under way: the assignment (its wake-up ends that poll), the records, the batch. */
    private static final int START = 3;

    private final PollingFixture fixture = new PollingFixture();

    @Test
    void deliversAndCommits() {
        TestConsumer consumer = new TestConsumer().assigned(10, P0);
        PollSession session = fixture.session(fixture.mapping, consumer);
        fixture.function.answer = SUCCESS;
        session.open(true);
        rounds(session, 4);
        session.close(Duration.ZERO);

        assertThat(consumer.commits).containsEntry(P0, 10L);
    }

    @Test
    void keepsWhatItHasReadWhenTheBrokerDeletesWhatComesNext() {
        TestConsumer consumer = new TestConsumer().assigned(30, P0);
        PollSession session = fixture.session(fixture.mapping, consumer);
        session.open(true);
        rounds(session, START); // 0 to 9 are under way, 10 to 29 wait
        consumer.updateBeginningOffsets(Map.of(P0, 50L));
        consumer.setPollException(new OffsetOutOfRangeException(Map.of(P0, 30L)));
        rounds(session, 1);
        fixture.function.answer = SUCCESS;
        fixture.function.end(fixture.function.submitted.get(0), SUCCESS);
        rounds(session, 4);

        assertThat(fixture.function.submitted.size()).as("batches 0 to 9, 10 to 19, 20 to 29").isEqualTo(3);
        session.close(Duration.ZERO);
    }

    @Test
    void stopsADeliveryWhosePositionWentOutOfRangeMeanwhile() {
        TestConsumer consumer = new TestConsumer().assigned(10, P0);
        PollSession session = fixture.session(fixture.mapping, consumer);
        fixture.function.answer = ERROR;
        session.open(true);
        rounds(session, START);
        consumer.setPollException(new OffsetOutOfRangeException(Map.of(P0, 10L)));
        rounds(session, 1);
        session.close(Duration.ZERO);
        int atTheEnd = fixture.function.submitted.size();

        await().during(Duration.ofMillis(300)).atMost(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(fixture.function.submitted.size()).as("attempts, none after the mapping has stopped")
                        .isLessThanOrEqualTo(atTheEnd + 1));
    }

    @Test
    void holdsNoLeaseForABatchThatCouldNotEvenBeSubmitted() {
        TestConsumer consumer = new TestConsumer().assigned(10, P0);
        PollSession session = fixture.session(fixture.mapping, consumer);
        fixture.function.refusal = new OutOfMemoryError("unable to create native thread");
        session.open(true);
        catchThrowable(() -> rounds(session, START));
        session.close(Duration.ZERO);

        assertThat(fixture.leases.awaitIfHeld(P0, () -> {})).isFalse();
    }

    @Test
    void doesNotDeliverAgainWhatEndedBetweenTwoOwners() {
        PollSession first = fixture.session(fixture.mapping, new TestConsumer().assigned(10, P0));
        first.open(true);
        rounds(first, START);
        first.close(Duration.ZERO);
        fixture.function.end(fixture.function.submitted.get(0), SUCCESS);

        PollSession next = fixture.session(fixture.mapping, new TestConsumer().assignedAgain(10, P0));
        next.open(true);
        rounds(next, START + 1);
        next.close(Duration.ZERO);

        assertThat(fixture.function.submitted.size()).as("the ten records once").isEqualTo(1);
    }

    @Test
    void deliversTheRecordsOfATopicThatWasMadeAnewWhileTheLastInvocationOfTheOldOneEnded() {
        PollSession first = fixture.session(fixture.mapping, new TestConsumer().assigned(10, P0));
        first.open(true);
        rounds(first, START);
        first.close(Duration.ZERO);
        fixture.function.end(fixture.function.submitted.get(0), SUCCESS);

        // With the topic its commits are gone.
        PollSession next = fixture.session(fixture.mapping, new TestConsumer().assigned(10, P0));
        next.open(true);
        rounds(next, START);

        assertThat(fixture.function.submitted.size()).as("batches 0 to 9 of both topics").isEqualTo(2);
        next.close(Duration.ZERO);
    }

    @Test
    void holdsNoLeaseWhenAnotherPollerHasOneOfItsPartitionsAlready() {
        for (TopicPartition taken : List.of(P0, P1)) { // whichever comes first
            TestConsumer consumer = new TestConsumer().assigned(5, P0, P1);
            PollSession session = fixture.session(fixture.mapping, consumer);
            session.open(true);
            rounds(session, START - 1);
            LeaseTable.Lease ofTheOther = fixture.leases.acquire(taken, 0);
            assertThat(catchThrowable(() -> rounds(session, 1))).isInstanceOf(IllegalStateException.class);
            session.close(Duration.ZERO);
            ofTheOther.release(-1);

            assertThat(fixture.leases.awaitIfHeld(P0, () -> {})).isFalse();
            assertThat(fixture.leases.awaitIfHeld(P1, () -> {})).isFalse();
            assertThat(fixture.function.submitted).isEmpty();
        }
    }

    @Test
    void fillsABatchThatLacksAFewRecordsAlthoughThePartitionWasPausedMeanwhile() {
        TestConsumer consumer = new TestConsumer().assigned(2_900, P0);
        PollSession session = fixture.session(Mappings.like(fixture.mapping).batchSize(1_000)
                .maximumBatchingWindow(Duration.ofSeconds(300)).build(), consumer);
        session.open(true);
        rounds(session, START);
        fixture.function.end(fixture.function.submitted.get(0), SUCCESS);
        rounds(session, 1); // the second batch is under way, 900 records wait, more than half of what may
        assertThat(consumer.paused()).containsExactly(P0);
        fixture.function.end(fixture.function.submitted.get(1), SUCCESS);
        consumer.produce(P0, 2_900, 100);
        rounds(session, 3);

        assertThat(fixture.function.submitted.size()).as("the third batch is full").isEqualTo(3);
        session.close(Duration.ZERO);
    }

    @Test
    void leavesTheGroupAndStopsItsDeliveriesAlsoWhenNoCommitCanEvenBeSent() {
        boolean[] failing = {false};
        TestConsumer consumer = new TestConsumer() {
            private int failures;

            @Override
            public synchronized void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
                if (!failing[0] || callback == null) {
                    super.commitAsync(offsets, callback);
                } else if (failures++ == 0) {
                    callback.onComplete(offsets, new TimeoutException("the coordinator did not answer"));
                } else {
                    throw new FencedInstanceIdException("another member has this name");
                }
            }
        };
        consumer.assigned(10, P0, P1);
        fixture.backoff = Duration.ofSeconds(30);
        PollSession session = fixture.session(fixture.mapping, consumer);
        session.open(true);
        rounds(session, START); // 0 to 9 of each partition are under way
        failing[0] = true;
        fixture.function.end(fixture.function.submitted.get(0), SUCCESS);
        fixture.function.end(fixture.function.submitted.get(1), ERROR);
        rounds(session, 1);
        session.close(Duration.ZERO);

        assertThat(consumer.closed()).isTrue();
        assertThat(fixture.leases.awaitIfHeld(P0, () -> {})).isFalse();
        assertThat(fixture.leases.awaitIfHeld(P1, () -> {})).isFalse();
    }

    @Test
    void commitsTheLowerOffsetsOfATopicThatWasMadeAnewAlsoWhenACommitOfTheOldOneComesThroughLate() {
        List<Runnable> late = new ArrayList<>();
        List<Long> committed = new ArrayList<>();
        TestConsumer consumer = new TestConsumer() {
            @Override
            public synchronized void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
                if (callback == null) {
                    super.commitAsync(offsets, null); // Kafka's mock commits the position itself this way
                } else {
                    committed.add(offsets.get(P0).offset());
                    late.add(() -> callback.onComplete(offsets, null));
                }
            }
        };
        consumer.assigned(10, P0);
        PollSession session = fixture.session(fixture.mapping, consumer);
        fixture.function.answer = SUCCESS;
        session.open(true);
        rounds(session, START + 1);
        assertThat(committed).containsExactly(10L);
        consumer.setPollException(new OffsetOutOfRangeException(Map.of(P0, 10L)));
        rounds(session, 1);
        late.remove(0).run();
        consumer.produce(P0, 0, 5);
        for (int i = 0; i < 5; i++) {
            rounds(session, 1);
            List.copyOf(late).forEach(Runnable::run);
            late.clear();
        }

        assertThat(committed).endsWith(10L, 0L, 5L);
        session.close(Duration.ZERO);
    }

    @Test
    void doesNotCallAPositionAppliedThatTheGroupHasNotTaken() {
        TestConsumer consumer = new TestConsumer() {
            @Override
            public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
                throw new CommitFailedException("the group has members");
            }
        };
        Node node = new Node(0, "k", 1);
        consumer.updatePartitions("t", List.of(new PartitionInfo("t", 0, node, new Node[] {node}, new Node[] {node})));
        consumer.updateEndOffsets(Map.of(P0, 1_000L));
        PollSession session = fixture.session(Mappings.aMapping().topics("t").startingPosition(StartingPosition.LATEST)
                .startingPositionApplied(false).build(), consumer);
        session.open(true);

        assertThat(fixture.told.reports).doesNotContain("startingPositionApplied");
        session.close(Duration.ZERO);
    }

    @Test
    void givesUpOnePartitionOfASharedBatchWithoutLosingTheOther() {
        fixture.backoff = Duration.ofSeconds(30);
        TestConsumer consumer = new TestConsumer().assigned(5, P0, P1);
        PollSession session = fixture.session(fixture.mapping, consumer);
        session.open(true);
        rounds(session, START);
        assertThat(fixture.function.submitted).hasSize(1);
        fixture.function.end(fixture.function.submitted.get(0), ERROR);
        consumer.schedulePollTask(() -> consumer.rebalance(List.of(P1)));
        rounds(session, 1);
        fixture.function.answer = SUCCESS;
        consumer.produce(P1, 0, 5); // the mock forgets what it returned
        rounds(session, 4);
        session.close(Duration.ZERO);

        assertThat(consumer.commits).containsEntry(P1, 5L).doesNotContainEntry(P0, 5L);
    }

    private static void rounds(PollSession session, int count) {
        for (int i = 0; i < count; i++) {
            session.runOnce();
        }
    }
}
