package dev.sluice.telemetry;

import static dev.sluice.fixture.Mappings.aMapping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.diagnosis.MappingProgress;
import dev.sluice.diagnosis.MappingProgress.Trend;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.PollerObserver.PartitionPosition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MappingHistoryTest {

    private final EventSourceMapping mapping = aMapping().build();
    private long seconds;
    private final MappingHistory history = new MappingHistory(() -> TimeUnit.SECONDS.toNanos(seconds));

    @Test
    void nothingIsSaidOfWhatWasNotSeenLongEnough() {
        assertThat(history.of(mapping.id())).isEqualTo(MappingProgress.NOTHING);
        at(0, 100, 100);
        at(19, 200, 100);
        assertThat(history.of(mapping.id()).trend()).isNull();
    }

    @Test
    void aLagGrowsSinceItWasSmallest() {
        at(0, 100, 0);
        at(60, 100, 95);
        at(70, 110, 105);
        at(100, 400, 130);
        assertThat(history.of(mapping.id()).trend()).isEqualTo(new Trend(Duration.ofSeconds(30), 5, 270, 290, 25));
    }

    @Test
    void aLagThatShrinksIsComparedWithTheOldestThatIsKnown() {
        at(0, 1_000, 0);
        at(60, 1_000, 900);
        Trend trend = history.of(mapping.id()).trend();
        assertThat(trend).isEqualTo(new Trend(Duration.ofSeconds(60), 1_000, 100, 0, 900));
    }

    @Test
    void onlyAQuarterOfAnHourIsKept() {
        for (int i = 0; i <= 3_000; i += 5) {
            at(i, i + 10, i - i / 10);
        }
        Trend trend = history.of(mapping.id()).trend();
        assertThat(trend.over()).isEqualTo(Duration.ofSeconds(179 * 5));
        assertThat(trend.lagNow()).isEqualTo(310);
    }

    @Test
    void samplesThatComeSoonerAreLeftOut() {
        at(0, 10, 10);
        at(3, 900, 10);
        at(21, 20, 10);
        assertThat(history.of(mapping.id()).trend()).isEqualTo(new Trend(Duration.ofSeconds(21), 0, 10, 10, 0));
    }

    @Test
    void pollersAreAddedUpAndOtherPartitionsAreAnotherStory() {
        history.positions(mapping, 0, List.of(position(0, 100, 50)));
        seconds = 30;
        history.positions(mapping, 1, List.of(position(1, 100, 90)));
        assertThat(history.of(mapping.id()).trend()).as("a partition more is no growth").isNull();
        seconds = 55;
        history.positions(mapping, 0, List.of(position(0, 200, 50)));
        assertThat(history.of(mapping.id()).trend()).isEqualTo(new Trend(Duration.ofSeconds(25), 60, 160, 100, 0));
        history.stopped(mapping, 1);
        seconds = 90;
        history.positions(mapping, 0, List.of(position(0, 200, 60)));
        assertThat(history.of(mapping.id()).trend()).isNull();
    }

    @Test
    void anUnknownEndIsLeftOut() {
        at(0, 10, 10);
        seconds = 30;
        history.positions(mapping, 0, List.of(position(0, -1, 10)));
        assertThat(history.of(mapping.id()).trend()).isNull();
    }

    @Test
    void countsWhatPollsBroughtAndForgetsWhatIsDeleted() {
        history.polled(mapping, 5, 2);
        history.polled(mapping, 4, 4);
        assertThat(history.of(mapping.id())).isEqualTo(new MappingProgress(9, 6, null, null));
        history.changed(mapping, mapping);
        assertThat(history.of(mapping.id()).polled()).isEqualTo(9);
        history.changed(mapping, null);
        assertThat(history.of(mapping.id())).isEqualTo(MappingProgress.NOTHING);
    }

    private void at(long second, long end, long committed) {
        seconds = second;
        history.positions(mapping, 0, List.of(position(0, end, committed)));
    }

    private static PartitionPosition position(int partition, long end, long committed) {
        return new PartitionPosition("orders", partition, end, committed, committed, committed);
    }
}
