package dev.sluice.poller;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class AssignedPartitionTest {

    private final AssignedPartition partition = new AssignedPartition(new TopicPartition("t", 0), 5, 5);

    @Test
    void isFreeOnceWhatItWaitsForIsOver() {
        AssignedPartition.Wait wait = partition.waitFor(AssignedPartition.WaitReason.EARLIER_OWNER);
        assertThat(partition.free()).isFalse();
        assertThat(partition.waits()).isTrue();

        assertThat(partition.over(wait)).isTrue();
        assertThat(partition.free()).isTrue();
        assertThat(partition.over(wait)).as("said twice").isFalse();
    }

    @Test
    void anAnswerToAQuestionFromBeforeItWasReadAnewDoesNotPass() {
        AssignedPartition.Wait early = partition.waitFor(AssignedPartition.WaitReason.EARLIER_OWNER);
        partition.beginAnew(3);
        assertThat(partition.free()).as("nothing of before is waited for").isTrue();
        assertThat(partition.next()).isEqualTo(3);
        assertThat(partition.committable()).isEqualTo(3);

        AssignedPartition.Wait late = partition.waitFor(AssignedPartition.WaitReason.EARLIER_OWNER);
        assertThat(partition.over(early)).isFalse();
        assertThat(partition.free()).isFalse();
        assertThat(partition.over(late)).isTrue();
    }
}
