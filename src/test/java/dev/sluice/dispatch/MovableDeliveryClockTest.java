package dev.sluice.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.dispatch.DeliveryClock.Scheduled;
import dev.sluice.dispatch.DeliveryClock.Waiter;
import dev.sluice.dispatch.MovableDeliveryClock.Move;
import dev.sluice.dispatch.MovableDeliveryClock.Patience;
import dev.sluice.fixture.OwnThread;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MovableDeliveryClockTest {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    /** Whose machine stands still. */
    private final MovableDeliveryClock clock =
            new MovableDeliveryClock(Clock.fixed(START, ZoneOffset.UTC), () -> 0, new Patience(LONG, LONG));

    @AfterEach
    void end() {
        executor.shutdownNow();
    }

    @Test
    void eachOfTenBackoffsBeginsWhereTheOneBeforeHasEnded() throws Exception {
        backOff(1);
        Move move = clock.advance(Duration.ofHours(1));

        assertThat(events).containsExactly("1 at PT1M", "2 at PT3M", "3 at PT6M", "4 at PT10M", "5 at PT15M", "6 at PT21M", "7 at PT28M",
                "8 at PT36M", "9 at PT45M", "10 at PT55M");
        assertThat(move).isEqualTo(new Move(START.plus(Duration.ofHours(1)), Duration.ofHours(1), Duration.ofHours(1), 10, 0));
    }

    private void backOff(int times) {
        clock.schedule(executor, Duration.ofMinutes(times), () -> {
            note(String.valueOf(times));
            if (times < 10) {
                backOff(times + 1);
            }
        });
    }

    @Test
    void whatFallsDueRunsInTheOrderOfItsMomentsAndOfOneMomentAsItCame() throws Exception {
        for (String name : List.of("b", "c")) {
            clock.schedule(executor, Duration.ofSeconds(2), () -> note(name));
        }
        clock.schedule(executor, Duration.ofSeconds(1), () -> note("a"));
        clock.schedule(executor, Duration.ofSeconds(4), () -> note("too far"));

        assertThat(clock.advance(Duration.ofSeconds(3)).fellDue()).isEqualTo(3);
        assertThat(events).containsExactly("a at PT1S", "b at PT2S", "c at PT2S");
        assertThat(clock.advance(Duration.ofSeconds(1)).total()).isEqualTo(Duration.ofSeconds(4));
        assertThat(events).last().isEqualTo("too far at PT4S");
    }

    @Test
    void aCancelledStepNeverRunsAndOneThatRanCanNotBeCancelled() throws Exception {
        Scheduled cancelled = clock.schedule(executor, Duration.ofSeconds(1), () -> note("cancelled"));
        Scheduled ran = clock.schedule(executor, Duration.ofSeconds(2), () -> note("ran"));
        assertThat(cancelled.cancel()).isTrue();

        clock.advance(Duration.ofSeconds(5));
        assertThat(events).containsExactly("ran at PT2S");
        assertThat(List.of(cancelled.cancel(), ran.cancel())).containsOnly(false);
    }

    @Test
    void whoWaitsForAWindowIsWokenAtItsEndAndTimeStandsUntilHeRestsAgain() throws Exception {
        CountDownLatch woken = new CountDownLatch(2); // of moving at all, and of the end of the window
        Waiter waiter = clock.waiter(woken::countDown);
        waiter.waitsUntil(Duration.ofMinutes(5).toNanos());
        clock.schedule(executor, Duration.ofMinutes(10), () -> note("after it"));
        CompletableFuture<Move> moving = moving(Duration.ofHours(1));

        woken.await();
        assertThat(clock.now()).isEqualTo(START.plus(Duration.ofMinutes(5)));
        note("handed over");
        waiter.waitsUntil(Duration.ofMinutes(20).toNanos());
        await().atMost(LONG).until(() -> clock.now().equals(START.plus(Duration.ofMinutes(20))));
        note("handed over");
        waiter.close();
        assertThat(moving.get().fellDue()).isEqualTo(3);
        assertThat(events).containsExactly("handed over at PT5M", "after it at PT10M", "handed over at PT20M");
    }

    @Test
    void whoeverWorksIsWaitedForBeforeTimeIsMoved() throws Exception {
        Waiter waiter = clock.waiter(() -> note("told"));
        CompletableFuture<Move> moving = moving(Duration.ofHours(1));
        await().atMost(LONG).until(() -> !events.isEmpty());
        assertThat(clock.now()).isEqualTo(START);
        waiter.waitsUntil(Long.MAX_VALUE);
        assertThat(moving.get().now()).isEqualTo(START.plus(Duration.ofHours(1)));
        assertThat(clock.timestamp()).as("the wall's").isEqualTo(START);
    }

    @Test
    void whoWorksLongerThanThePatienceIsLeftAtWorkAndCounted() throws Exception {
        MovableDeliveryClock impatient = impatient(Duration.ofMillis(30), LONG);
        impatient.waiter(() -> {});
        impatient.schedule(executor, Duration.ofHours(1), () -> note("another's"));

        Move move = impatient.advance(Duration.ofHours(2));
        assertThat(move.moved()).isEqualTo(Duration.ofHours(2));
        assertThat(List.of(move.fellDue(), move.underWay())).containsExactly(1, 1);
        assertThat(events).hasSize(1);
    }

    @Test
    void timeIsMovedLessFarWhenMoreFallsDueThanThereIsTimeFor() throws Exception {
        MovableDeliveryClock impatient = impatient(LONG, Duration.ofMillis(50));
        repeat(impatient);
        Move move = impatient.advance(Duration.ofDays(365));
        assertThat(move.moved()).isPositive().isLessThan(Duration.ofDays(365));
        assertThat(move.fellDue()).isPositive();
    }

    private void repeat(MovableDeliveryClock on) {
        try {
            on.schedule(executor, Duration.ofSeconds(1), () -> repeat(on));
        } catch (RejectedExecutionException over) {
            note("over");
        }
    }

    @Test
    void whatFallsDueByItselfMeanwhileHoldsNobodyUp() throws Exception {
        MovableDeliveryClock running = impatient(LONG, LONG);
        CountDownLatch never = new CountDownLatch(1);
        running.schedule(executor, Duration.ofHours(1), () -> {
            try {
                never.await(50, TimeUnit.MILLISECONDS);
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            }
        });
        running.schedule(executor, Duration.ofHours(1).plusMillis(20), () -> note("ran"));
        assertThat(running.advance(Duration.ofHours(2)).moved()).isEqualTo(Duration.ofHours(2));
        assertThat(events).hasSize(1);
    }

    @Test
    void whatWasMovedNeedNotPassByItself() throws Exception {
        MovableDeliveryClock running = impatient(LONG, LONG);
        running.schedule(executor, Duration.ofHours(1), () -> note("ran"));
        assertThat(running.advance(Duration.ofHours(1).minusMillis(50)).fellDue()).isZero();
        await().atMost(LONG).until(() -> !events.isEmpty());
    }

    @Test
    void theEndOfTheServerLetsGoWhoMovesTime() throws Exception {
        clock.waiter(() -> note("told"));
        CompletableFuture<Move> moving = moving(Duration.ofHours(1));
        await().atMost(LONG).until(() -> !events.isEmpty());
        clock.release();
        assertThat(moving.get().moved()).isZero();
    }

    @Test
    void aClosedExecutorHoldsNobodyUp() throws Exception {
        clock.schedule(executor, Duration.ofSeconds(1), () -> note("never"));
        executor.shutdownNow();
        assertThat(clock.advance(Duration.ofSeconds(2)).underWay()).isZero();
        assertThatThrownBy(() -> clock.schedule(executor, Duration.ZERO, () -> note("never")))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(events).isEmpty();
    }

    @Test
    void whatTheWallStampedAgesByWhatWasMovedSinceAndNotByWhatWasMovedBefore() throws Exception {
        Instant[] wall = {START};
        MovableDeliveryClock walled = new MovableDeliveryClock(new Clock() {
            @Override
            public Instant instant() {
                return wall[0];
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException();
            }
        }, () -> 0, new Patience(LONG, LONG));
        walled.advance(Duration.ofHours(1));
        wall[0] = START.plusSeconds(10);
        walled.advance(Duration.ofMinutes(1));
        wall[0] = START.plusSeconds(30);

        assertThat(Instant.ofEpochMilli(walled.ago(5_000))).isEqualTo(START.plusSeconds(25));
        assertThat(Instant.ofEpochMilli(walled.ago(20_000))).as("just after the jump").isEqualTo(START.plusSeconds(10));
        assertThat(Instant.ofEpochMilli(walled.ago(50_000))).as("within the minute").isEqualTo(START.plusSeconds(10));
        assertThat(Instant.ofEpochMilli(walled.ago(85_000))).as("before it").isEqualTo(START.plusSeconds(5));
        assertThat(Instant.ofEpochMilli(walled.ago(1_800_000))).as("within the hour").isEqualTo(START);
        assertThat(Instant.ofEpochMilli(walled.ago(3_700_000))).as("before all").isEqualTo(START.minusSeconds(10));
        assertThat(walled.real(walled.now().plusSeconds(7))).isEqualTo(wall[0].plusSeconds(7));
    }

    @Test
    void timeGoesForwardOnlyAndNotForEver() throws Exception {
        for (Duration bad : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(366))) {
            assertThatThrownBy(() -> clock.advance(bad)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("PT8760H");
        }
        while (!clock.farthest().isZero()) {
            clock.advance(clock.farthest());
        }
        assertThat(clock.now()).isEqualTo(START.plus(Duration.ofDays(36_500)));
    }

    private CompletableFuture<Move> moving(Duration by) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return clock.advance(by);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }, OwnThread.EXECUTOR);
    }

    private static MovableDeliveryClock impatient(Duration rest, Duration move) {
        return new MovableDeliveryClock(Clock.systemUTC(), System::nanoTime, new Patience(rest, move));
    }

    private void note(String event) {
        events.add(event + " at " + Duration.between(START, clock.now()));
    }
}
