package dev.sluice.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.invocation.AsynchronousInvocations.Capacity;
import dev.sluice.resource.FunctionArn;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class AsynchronousInvocationsTest {

    private static final FunctionArn FUNCTION = FunctionsFixture.arn("f");
    private static final InvocationResult SUCCESS = new InvocationResult.Success(new byte[0]);
    private static final InvocationResult ERROR = ErrorDocument.of("E", "no");
    private static final InvocationResult THROTTLED = new InvocationResult.Throttled("busy");

    private final Deque<Invocation> submitted = new ArrayDeque<>();
    private final List<Duration> waits = new ArrayList<>();
    private final Deque<Runnable> planned = new ArrayDeque<>();
    private final Ticking clock = new Ticking();
    private boolean closing;
    private boolean noThread;
    private final AsynchronousInvocations events = new AsynchronousInvocations(new FunctionInvoker() {
        @Override
        public Pending submit(Invocation invocation) {
            if (noThread) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            submitted.add(invocation);
            return () -> false;
        }

        @Override
        public Optional<Duration> timeout(FunctionArn function) {
            return Optional.empty();
        }
    }, (step, after) -> {
        if (closing) {
            throw new RejectedExecutionException("closing");
        }
        waits.add(after);
        planned.add(step);
    }, clock, new Capacity(3, 100));

    private boolean accept(String id, String payload) {
        return events.accept(FUNCTION, id, payload.getBytes(StandardCharsets.UTF_8), null);
    }

    private void answer(InvocationResult result) {
        Invocation invocation = submitted.remove();
        invocation.listener().started("ignored");
        invocation.listener().completed(result);
        invocation.listener().ended();
    }

    private void goOn() {
        Duration wait = waits.get(waits.size() - 1);
        clock.now = clock.now.plus(wait);
        planned.remove().run();
    }

    @Test
    void invokesAtOnceAndForgetsWhatSucceeded() {
        assertThat(accept("id-1", "{}")).isTrue();

        assertThat(submitted.element().function()).isEqualTo(FUNCTION);
        assertThat(submitted.element().payload().get().length()).isEqualTo(2);
        answer(SUCCESS);
        assertThat(events.pending()).isZero();
        assertThat(planned).isEmpty();
    }

    @Test
    void triesTwiceMoreUnderTheSameIdAfterWhatTheFunctionFailed() {
        accept("id-1", "{}");
        answer(ERROR);
        goOn();
        assertThat(submitted.element().options().requestId()).isEqualTo("id-1");
        answer(new InvocationResult.TimedOut("id-1", Duration.ofSeconds(3)));
        goOn();
        assertThat(submitted.element().options().requestId()).isEqualTo("id-1");
        assertThat(events.pending()).isEqualTo(1);
        answer(ERROR);

        assertThat(waits).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(planned).isEmpty();
        assertThat(events.pending()).isZero();
    }

    @Test
    void whatDoesNotReachTheFunctionIsTriedOnWithoutCounting() {
        accept("id-1", "{}");
        for (int i = 0; i < 8; i++) {
            answer(i % 2 == 0 ? THROTTLED : new InvocationResult.CouldNotInvoke("down"));
            goOn();
        }
        answer(ERROR);
        goOn();
        answer(SUCCESS);

        assertThat(waits).containsExactly(seconds(1, 2, 4, 8, 10, 10, 10, 10, 1));
        assertThat(events.pending()).isZero();
    }

    @Test
    void anEventForWhichThereIsNoThreadIsTriedAgain() {
        noThread = true;
        assertThat(accept("id-1", "{}")).isTrue();
        noThread = false;
        goOn();

        answer(SUCCESS);
        assertThat(events.pending()).isZero();
    }

    @Test
    void whatIsTooOldIsGivenUp() {
        accept("id-1", "{}");
        clock.now = clock.now.plus(Duration.ofHours(6));
        answer(THROTTLED);

        assertThat(planned).isEmpty();
        assertThat(events.pending()).isZero();
    }

    @Test
    void takesNoMoreThanItsCapacity() {
        assertThat(accept("1", "x".repeat(60))).isTrue();
        assertThat(accept("2", "x".repeat(41))).as("101 bytes").isFalse();
        assertThat(accept("2", "x".repeat(40))).isTrue();
        answer(SUCCESS);
        assertThat(accept("3", "")).isTrue();
        assertThat(accept("4", "")).isTrue();
        assertThat(accept("5", "")).as("a fourth").isFalse();
    }

    @Test
    void aStoppedOneTakesAndTriesNothingAndDropsTheRestWhenItCloses() {
        accept("1", "{}");
        accept("2", "{}");
        accept("3", "{}");
        answer(ERROR);
        events.stop();
        planned.remove().run();
        closing = true;
        answer(ERROR);

        assertThat(submitted).as("what ran goes on").hasSize(1);
        assertThat(accept("4", "{}")).isFalse();
        assertThat(events.pending()).isEqualTo(3);
        answer(SUCCESS);
        assertThat(events.pending()).isEqualTo(2);
        events.close();
        assertThat(events.pending()).isZero();
    }

    private static Duration[] seconds(int... seconds) {
        return java.util.Arrays.stream(seconds).mapToObj(Duration::ofSeconds).toArray(Duration[]::new);
    }

    private static final class Ticking extends Clock {
        private Instant now = Instant.EPOCH;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
