package dev.sluice.poller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LeaseTableTest {

    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final LeaseTable leases = new LeaseTable();
    private final List<String> heard = new ArrayList<>();

    @Test
    void neverGivesTwoLeasesOfOnePartition() {
        leases.acquire(PARTITION, 0);

        assertThatThrownBy(() -> leases.acquire(PARTITION, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aFreePartitionNeedsNoWait() {
        leases.acquire(PARTITION, 0).release(1);

        assertThat(leases.awaitIfHeld(PARTITION, waiter("a"))).isFalse();
        assertThat(heard).isEmpty();
    }

    @Test
    void tellsTheNextOwnerWhatWasDelivered() {
        LeaseTable.Lease lease = leases.acquire(PARTITION, 7);
        lease.orphan();
        assertThat(leases.awaitIfHeld(PARTITION, waiter("a"))).isTrue();
        lease.release(12);

        assertThat(heard).containsExactly("a");
        assertThat(leases.takeDelivered(PARTITION)).isEqualTo(new LeaseTable.DeliveredPart(7, 12));
        leases.acquire(PARTITION, 12);
    }

    @Test
    void onlyTheNewestWaiterHears() {
        LeaseTable.Lease lease = leases.acquire(PARTITION, 7);
        leases.awaitIfHeld(PARTITION, waiter("a"));
        leases.awaitIfHeld(PARTITION, waiter("b"));
        lease.release(-1);

        assertThat(heard).containsExactly("b");
    }

    @Test
    void keepsWhatWasDeliveredBetweenTwoOwnersForTheNext() {
        LeaseTable.Lease lease = leases.acquire(PARTITION, 7);
        lease.orphan();
        lease.release(12);

        LeaseTable.DeliveredPart outcome = leases.takeDelivered(PARTITION);
        assertThat(outcome.after(7)).isEqualTo(12);
        assertThat(outcome.after(9)).isEqualTo(12);
        assertThat(outcome.after(3)).as("records before it were not delivered").isEqualTo(3);
        assertThat(outcome.after(12)).isEqualTo(12);
        assertThat(leases.takeDelivered(PARTITION)).as("said once").isNull();
    }

    @Test
    void keepsAlsoWhatEndedAMomentBeforeTheOwnerGaveThePartitionUpWithoutHearingOfIt() {
        LeaseTable.Lease lease = leases.acquire(PARTITION, 7);
        lease.release(12);
        lease.orphan();

        assertThat(leases.takeDelivered(PARTITION)).isEqualTo(new LeaseTable.DeliveredPart(7, 12));
    }

    @Test
    void keepsNothingOfADeliveryFromATopicThatWasMadeAnewMeanwhile() {
        LeaseTable.Lease lease = leases.acquire(PARTITION, 7);
        lease.orphan();
        leases.forget(PARTITION);
        lease.release(12);

        assertThat(leases.takeDelivered(PARTITION)).isNull();
    }

    @Test
    void keepsNothingOfADeliveryThatFailedOrHadItsOwner() {
        leases.acquire(PARTITION, 7).release(12);
        LeaseTable.Lease failed = leases.acquire(PARTITION, 12);
        failed.orphan();
        failed.release(-1);

        assertThat(leases.takeDelivered(PARTITION)).isNull();
    }

    private LeaseTable.Waiter waiter(String name) {
        return () -> heard.add(name);
    }
}
