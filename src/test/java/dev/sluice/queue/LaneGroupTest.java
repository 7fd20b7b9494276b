package dev.sluice.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Who may fetch, and how many lanes there are. */
class LaneGroupTest {

    private static final TopicPartition P0 = new TopicPartition("t", 0);
    private static final TopicPartition P1 = new TopicPartition("t", 1);

    private boolean room = true;
    private final AtomicInteger asked = new AtomicInteger();
    private final LaneGroup group = new LaneGroup(1, 4, () -> room, asked::incrementAndGet);

    private static final class TestLane implements LaneGroup.Lane {

        private final int number;
        private boolean holds;
        private int woken;

        private TestLane(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }

        @Override
        public String clientId() {
            return "lane-" + number;
        }

        @Override
        public boolean holds() {
            return holds;
        }

        @Override
        public void wake() {
            woken++;
        }
    }

    @Test
    void ofOnePartitionOneLaneFetchesAtATime() {
        List<TestLane> lanes = joined(Set.of(P0), Set.of(P0), Set.of(P0));
        assertThat(group.takeTurn(lanes.get(0))).isTrue();
        assertThat(group.takeTurn(lanes.get(1))).isFalse();
        assertThat(group.takeTurn(lanes.get(2))).isFalse();
        assertThat(group.takeTurn(lanes.get(0))).as("a poll that brought nothing goes on fetching").isTrue();

        group.handOn(lanes.get(0), false);
        assertThat(lanes.get(1).woken).isPositive();
        assertThat(group.takeTurn(lanes.get(2))).isTrue();
        assertThat(group.takeTurn(lanes.get(1))).isFalse();
        assertThat(group.takeTurn(lanes.get(0))).isFalse();
        group.closed(lanes.get(2));
        assertThat(group.takeTurn(lanes.get(1))).isTrue();
    }

    // With fewer members than partitions no two have the same: one whose partitions are silent would keep the others from theirs.
    @Test
    void lanesOfOtherPartitionsFetchBesideEachOther() {
        List<TestLane> lanes = joined(Set.of(P0), Set.of(P1));
        assertThat(group.takeTurn(lanes.get(0))).isTrue();
        assertThat(group.takeTurn(lanes.get(1))).isTrue();
        // The brokers assign them anew.
        group.assigned(Map.of("lane-0", Set.of(P0, P1)), lanes.get(0));
        group.handOn(lanes.get(1), false);
        assertThat(group.takeTurn(lanes.get(1))).isFalse();
    }

    @Test
    void aFullPollDoublesTheLanesUpToTheMostAndThenAddsSlots() {
        TestLane first = joined(Set.of(P0)).get(0);
        group.takeTurn(first);
        group.handOn(first, true);
        assertThat(group.wanted()).isEqualTo(2);
        assertThat(asked).hasValue(1);

        group.takeTurn(first);
        group.handOn(first, true);
        assertThat(group.wanted()).as("the second is still to come").isEqualTo(2);
        open(1, Set.of(P1));
        group.takeTurn(first);
        group.handOn(first, true);
        assertThat(group.wanted()).isEqualTo(4);
        open(2, Set.of(P1));
        open(3, Set.of(P1));
        group.takeTurn(first);
        group.handOn(first, true);
        assertThat(group.wanted()).isEqualTo(4);
        assertThat(group.slots()).isEqualTo(2);
    }

    @Test
    void aFunctionWithoutRoomGetsNoMoreLanes() {
        TestLane first = joined(Set.of(P0)).get(0);
        room = false;
        group.takeTurn(first);
        group.handOn(first, true);
        group.isHeldUp(first);
        assertThat(group.wanted()).isEqualTo(1);
    }

    @Test
    void aLaneThatIsHeldUpGetsOneBesideItThatSeesWhatComes() {
        TestLane first = joined(Set.of(P0)).get(0);
        group.takeTurn(first);
        group.handOn(first, false);
        assertThat(group.wanted()).isEqualTo(1);
        group.isHeldUp(first);
        assertThat(group.wanted()).isEqualTo(2);

        TestLane second = open(1, Set.of(P0));
        group.takeTurn(second);
        group.isHeldUp(first);
        assertThat(group.wanted()).as("the second sees it").isEqualTo(2);
    }

    @Test
    void whoJoinedToNoPurposeEndsTheLastFirst() {
        TestLane first = joined(Set.of(P0)).get(0);
        group.takeTurn(first);
        group.handOn(first, true);
        TestLane second = new TestLane(1);
        group.opened(second);
        assertThat(group.takeTurn(second)).as("who joins fetches").isTrue();
        assertThat(group.takeTurn(first)).isTrue();
        assertThat(group.retire(second, false)).as("nobody knows its partitions yet").isFalse();
        group.assigned(Map.of("lane-0", Set.of(P0), "lane-1", Set.of(P0)), second);
        assertThat(group.retire(first, true)).as("the first one stays").isFalse();
        assertThat(group.retire(second, false)).isTrue();
        assertThat(group.wanted()).isEqualTo(1);
    }

    private List<TestLane> joined(Set<?>... partitions) {
        List<TestLane> lanes = new ArrayList<>();
        for (Set<?> each : partitions) {
            lanes.add(open(lanes.size(), each));
        }
        return lanes;
    }

    private TestLane open(int number, Set<?> partitions) {
        TestLane lane = new TestLane(number);
        group.opened(lane);
        group.assigned(Map.of(lane.clientId(), Set.copyOf(partitions.stream().map(TopicPartition.class::cast).toList())), lane);
        return lane;
    }
}
