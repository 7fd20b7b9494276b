package dev.sluice.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.Offsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartitionOffsetsTest {

    @Test
    void recordsWithoutAGapAreOneRun() {
        PartitionOffsets offsets = PartitionOffsets.of(Offsets.range("orders", 2, 5, 9));

        assertThat(offsets.runsText()).isEqualTo("5-9");
        assertThat(offsets.count()).isEqualTo(5);
        assertThat(offsets.first()).isEqualTo(5);
        assertThat(offsets.last()).isEqualTo(9);
    }

    @Test
    void gapsDivideRuns() {
        PartitionOffsets offsets = PartitionOffsets.of(Offsets.of("orders", 2, 5, 6, 8, 10, 11, 12, 20));

        assertThat(offsets.runsText()).isEqualTo("5-6,8,10-12,20");
        assertThat(offsets.count()).isEqualTo(7);
        assertThat(PartitionOffsets.parse("orders", 2, offsets.runsText())).isEqualTo(offsets);
    }

    @Test
    void countsThoseWithinARange() {
        PartitionOffsets offsets = PartitionOffsets.parse("orders", 0, "5-6,8,10-12,20");

        assertThat(offsets.countWithin(0, 4)).isZero();
        assertThat(offsets.countWithin(0, -1)).isZero();
        assertThat(offsets.countWithin(6, 11)).isEqualTo(4);
        assertThat(offsets.countWithin(9, 9)).isZero();
        assertThat(offsets.countWithin(11, Long.MAX_VALUE)).isEqualTo(3);
        assertThat(offsets.countWithin(21, Long.MAX_VALUE)).isZero();
    }

    @Test
    void partitionsWithoutRecordsAreLeftOut() {
        assertThat(PartitionOffsets.of(List.of(Offsets.of("a", 0), Offsets.of("a", 1, 7)))).extracting(PartitionOffsets::partition)
                .containsExactly(1);
    }

    @Test
    void runsMustAscend() {
        assertThatThrownBy(() -> PartitionOffsets.parse("a", 0, "5-9,9")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PartitionOffsets.parse("a", 0, "9-5")).isInstanceOf(IllegalArgumentException.class);
    }
}
