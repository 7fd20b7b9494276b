package dev.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.Mappings;
import dev.sluice.mapping.EventSourceMapping;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutcomesTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    private final EventSourceMapping mapping = Mappings.aMapping().build();
    private final Outcomes outcomes = new Outcomes();

    @AfterEach
    void release() {
        outcomes.release();
    }

    @Test
    void whoHasSeenAllWaitsForTheNextChange() {
        assertThat(read(0, Duration.ZERO).join().change()).isZero();
        CompletableFuture<Outcomes.Counts> next = read(0, LONG);
        assertThat(next).isNotDone();
        outcomes.committed(mapping, 3);
        assertThat(next).isDone();
        assertThat(next.join().change()).isOne();
        assertThat(read(0, LONG)).as("who hasn't seen it waits for nothing").isDone();
    }

    @Test
    void nobodyWaitsForAMappingThatIsGoneOrAServerThatEnds() {
        CompletableFuture<Outcomes.Counts> ofGone = read(0, LONG);
        outcomes.changed(mapping, null);
        assertThat(ofGone).isDone();
        CompletableFuture<Outcomes.Counts> ofEnding = read(0, LONG);
        outcomes.release();
        assertThat(ofEnding).isDone();
        assertThat(read(1, LONG)).isDone();
    }

    @Test
    void nobodyWaitsForLongerThanHeSaid() {
        assertThat(read(0, Duration.ofMillis(1)).join().change()).isZero();
    }

    private CompletableFuture<Outcomes.Counts> read(long after, Duration wait) {
        return outcomes.read(mapping.id(), after, wait).toCompletableFuture();
    }
}
