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
        assertThat(leases.awaitIfHeld(PARTITION, waiter("a"))).isTrue();
        lease.release(12);

        assertThat(heard).containsExactly("a t-0 7 12");
        leases.acquire(PARTITION, 12);
    }

    @Test
    void onlyTheNewestWaiterHears() {
        LeaseTable.Lease lease = leases.acquire(PARTITION, 7);
        leases.awaitIfHeld(PARTITION, waiter("a"));
        leases.awaitIfHeld(PARTITION, waiter("b"));
        lease.release(-1);

        assertThat(heard).containsExactly("b t-0 7 -1");
    }

    private LeaseTable.Waiter waiter(String name) {
        return (partition, first, to) -> heard.add(name + " " + partition + " " + first + " " + to);
    }
}
