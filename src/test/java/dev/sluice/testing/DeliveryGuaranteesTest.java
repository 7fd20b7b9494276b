package dev.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.HandlerEndpoint.Received;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class DeliveryGuaranteesTest {

    private static final TopicPartition P0 = new TopicPartition("orders", 0);
    private static final TopicPartition P1 = new TopicPartition("orders", 1);

    private final DeliveryGuarantees guarantees = new DeliveryGuarantees();

    @Test
    void aRunWithRetriesAndARedeliveryKeepsThem() {
        produce(P0, 4);
        produce(P1, 1);
        guarantees.attemptStarted(1, Map.of(P0, List.of(0L, 1L)));
        guarantees.attemptStarted(2, Map.of(P1, List.of(0L)));
        guarantees.attemptEnded(1, false);
        guarantees.attemptEnded(2, true);
        guarantees.committed(P1, 1);
        guarantees.attemptStarted(3, Map.of(P0, List.of(0L, 1L)));
        guarantees.serverEnded();
        guarantees.attemptStarted(4, Map.of(P0, List.of(0L, 1L, 2L)));
        guarantees.attemptEnded(3, true);
        guarantees.attemptEnded(4, true);
        guarantees.committed(P0, 3);
        guarantees.finished(P0, 3);
        guarantees.committed(P0, 4);

        guarantees.assertKeptAndAllDelivered();
    }

    @Test
    void aRecordThatNobodyGotIsUndelivered() {
        produce(P0, 3);
        guarantees.attemptStarted(1, Map.of(P0, List.of(0L, 1L)));
        guarantees.attemptEnded(1, Map.of(P0, List.of(0L)));

        guarantees.assertKept();
        assertThat(guarantees.undelivered())
                .containsExactly("orders-0 offset 1 was never delivered", "orders-0 offset 2 was never delivered");
    }

    @Test
    void aRecordBeforeAnEarlierOneWasAttemptedIsOutOfOrder() {
        produce(P0, 3);
        guarantees.attemptStarted(1, Map.of(P0, List.of(0L)));
        guarantees.attemptEnded(1, true);
        guarantees.attemptStarted(2, Map.of(P0, List.of(2L)));

        assertThat(guarantees.violations()).containsExactly("attempt 2 has orders-0 offset 2 before offset 1 was attempted");
    }

    @Test
    void anEarlierRecordThatFailedIsNoReasonToWait() {
        produce(P0, 2);
        guarantees.attemptStarted(1, Map.of(P0, List.of(0L)));
        guarantees.attemptEnded(1, false);
        guarantees.attemptStarted(2, Map.of(P0, List.of(1L)));

        guarantees.assertKept();
    }

    @Test
    void twoCallsWithOnePartitionAtOnceAreOneTooMany() {
        produce(P0, 1);
        guarantees.attemptStarted(1, Map.of(P0, List.of(0L)));
        guarantees.attemptStarted(2, Map.of(P0, List.of(0L), P1, List.of()));

        assertThat(guarantees.violations())
                .singleElement().asString().startsWith("attempt 2 with ").endsWith("began while attempt 1 had [orders-0]");
    }

    @Test
    void aCommitPastARecordThatFailedIsSeen() {
        produce(P0, 2);
        guarantees.attemptStarted(1, Map.of(P0, List.of(0L)));
        guarantees.attemptEnded(1, false);
        guarantees.committed(P0, 0);
        guarantees.assertKept();
        guarantees.committed(P0, 1);
        guarantees.committed(P0, 1);

        assertThat(guarantees.violations()).containsExactly("orders-0 is committed at 1 although offset 0 is unfinished");
        assertThatThrownBy(guarantees::assertKept).isInstanceOf(AssertionError.class);
    }

    @Test
    void theOrderOfWhatArrivedIsCheckedInTheSameWay() {
        Received first = new Received("orders", 0, 1, "a");
        Received second = new Received("orders", 0, 2, "b");
        DeliveryGuarantees.assertInOrderPerPartition(List.of(first, second, first));

        assertThatThrownBy(() -> DeliveryGuarantees.assertInOrderPerPartition(List.of(second, first))).isInstanceOf(AssertionError.class);
    }

    private void produce(TopicPartition partition, int count) {
        for (int i = 0; i < count; i++) {
            guarantees.produced(partition, i);
        }
    }
}
