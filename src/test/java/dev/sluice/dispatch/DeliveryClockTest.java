package dev.sluice.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DeliveryClockTest {

    private final Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private final DeliveryClock clock = DeliveryClock.real(Clock.fixed(now, ZoneOffset.UTC), () -> 7);

    @Test
    void theRealOneIsThatOfTheMachine() {
        assertThat(clock.now()).isEqualTo(now).isEqualTo(clock.timestamp());
        assertThat(clock.nanos()).isEqualTo(7);
        assertThat(clock.real(Instant.EPOCH)).isEqualTo(Instant.EPOCH);
    }

    @Test
    void theRealOneLeavesStepsToTheirExecutorAndKeepsNobodyInMind() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        try {
            DeliveryClock.Scheduled later = clock.schedule(executor, Duration.ofHours(1), () -> {});
            clock.schedule(executor, Duration.ofMillis(1), ran::countDown);
            assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(later.cancel()).isTrue();
            assertThat(later.cancel()).isFalse();
        } finally {
            executor.shutdownNow();
        }
        assertThat(clock.waiter(() -> {})).as("no object for each delivery").isSameAs(clock.waiter(() -> {}));
    }
}
