package dev.sluice.runtime.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.OwnThread;
import dev.sluice.runtime.process.RuntimeProcess.Event;
import dev.sluice.runtime.process.RuntimeProcess.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SharedExchangeTest {

    private static final AttachPatience PATIENCE =
            new AttachPatience(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(60));

    private final List<Long> delays = new CopyOnWriteArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    private final AtomicLong now = new AtomicLong();
    private final SharedExchange exchange = new SharedExchange("orders", (millis, action) -> {
        if (millis != 1_000) { // what only the log says
            delays.add(millis);
            later.add(action);
        }
    }, now::get, PATIENCE);

    /** A request that is written as soon as it is given an event, unless it is told otherwise. */
    private static final class Request implements Parked {
        private final Object connection;
        private final boolean reused;
        private final boolean single;
        private final List<String> given = new CopyOnWriteArrayList<>();
        private boolean gone;
        private boolean lost;
        private boolean dropped;

        private Request(Object connection, boolean reused, boolean single) {
            this.connection = connection;
            this.reused = reused;
            this.single = single;
        }

        @Override
        public void give(Event event, Runnable written) {
            given.add(event.requestId());
            written.run();
        }

        @Override
        public void drop() {
            dropped = true;
        }

        @Override
        public Object connection() {
            return connection;
        }

        @Override
        public boolean reused() {
            return reused;
        }

        @Override
        public boolean single() {
            return single;
        }

        @Override
        public boolean gone() {
            return gone;
        }

        @Override
        public boolean lost() {
            return lost;
        }
    }

    private CompletableFuture<Result> invoke(String id) {
        return CompletableFuture.supplyAsync(() -> exchange.invoke(Children.event(id, "{}")), OwnThread.EXECUTOR);
    }

    private CompletableFuture<Result> given(Request request) {
        exchange.next(request);
        CompletableFuture<Result> running = invoke("1");
        await().until(() -> request.given.equals(List.of("1")));
        return running;
    }

    private void answer(String id) {
        assertThat(exchange.answering(id, RuntimeState.Phase.INVOCATION_RESPONSE)).isEmpty();
        exchange.answered(id, new Result.Answered(new byte[0]));
    }

    private static Result result(CompletableFuture<Result> running) throws Exception {
        return running.get(10, TimeUnit.SECONDS);
    }

    /** What the end of its connection is followed by: the delays that were asked for since. */
    private List<Long> afterTheEndOf(Request request, Duration afterItsEvent) {
        delays.clear();
        now.addAndGet(afterItsEvent.toNanos());
        exchange.closed(request.connection());
        return List.copyOf(delays);
    }

    @Test
    void theEndOfAKeptConnectionEndsItsEventAfterAWhile() throws Exception {
        Request request = new Request("a", true, false);
        CompletableFuture<Result> running = given(request);
        assertThat(afterTheEndOf(request, Duration.ZERO)).containsExactly(5_000L);
        assertThat(running).isNotDone();
        later.get(later.size() - 1).run();
        assertThat(result(running)).isInstanceOf(Result.Exited.class);
    }

    @Test
    void anAnswerInThatWhileCounts() throws Exception {
        Request request = new Request("a", true, false);
        CompletableFuture<Result> running = given(request);
        afterTheEndOf(request, Duration.ZERO);
        assertThat(exchange.answering("1", RuntimeState.Phase.INVOCATION_RESPONSE)).isEmpty();
        later.get(later.size() - 1).run();
        exchange.answered("1", new Result.Answered(new byte[0]));
        assertThat(result(running)).isInstanceOf(Result.Answered.class);
    }

    @Test
    void aFirstConnectionThatIsClosedAtOnceSaysNothing() throws Exception {
        Request request = new Request("a", false, false);
        CompletableFuture<Result> running = given(request);
        assertThat(afterTheEndOf(request, Duration.ofMillis(999))).isEmpty();
        answer("1");
        assertThat(result(running)).isInstanceOf(Result.Answered.class);
    }

    @Test
    void aFirstConnectionThatIsClosedLaterEndsItsEvent() throws Exception {
        Request request = new Request("a", false, false);
        CompletableFuture<Result> running = given(request);
        assertThat(afterTheEndOf(request, Duration.ofMillis(1_000))).containsExactly(5_000L);
        answer("1");
        result(running);
    }

    @Test
    void whoWantsAConnectionForEachRequestIsNeverTakenForDead() throws Exception {
        Request request = new Request("a", false, true);
        CompletableFuture<Result> running = given(request);
        assertThat(afterTheEndOf(request, Duration.ofHours(1))).isEmpty();
        answer("1");
        result(running);
    }

    @Test
    void whatCouldNotBeWrittenGoesToTheNext() throws Exception {
        Request broken = new Request("a", true, false);
        broken.lost = true;
        CompletableFuture<Result> running = given(broken);
        Request other = new Request("b", false, false);
        exchange.next(other);
        assertThat(other.given).containsExactly("1");
        answer("1");
        assertThat(result(running)).isInstanceOf(Result.Answered.class);
    }

    @Test
    void whoIsGoneGetsNothing() throws Exception {
        Request gone = new Request("a", false, false);
        exchange.next(gone);
        gone.gone = true;
        Request other = new Request("b", false, false);
        CompletableFuture<Result> running = invoke("1");
        await().until(() -> gone.dropped);
        exchange.next(other);
        assertThat(other.given).containsExactly("1");
        assertThat(gone.given).isEmpty();
        answer("1");
        result(running);
    }

    @Test
    void connectionsOfTheDeadAreDroppedWithoutAnyEvent() {
        Request gone = new Request("a", false, false);
        exchange.next(gone);
        gone.gone = true;
        exchange.next(new Request("b", false, false));
        assertThat(gone.dropped).isTrue();
    }

    @Test
    void anIdThatIsAtWorkIsTakenOnce() throws Exception {
        CompletableFuture<Result> running = given(new Request("a", false, false));
        assertThat(result(invoke("1"))).isInstanceOf(Result.NotTaken.class);
        answer("1");
        result(running);
    }

    @Test
    void oneLookServesAllThatIsOut() throws Exception {
        CompletableFuture<Result> running = given(new Request("a", false, false));
        assertThat(delays).containsExactly(60_000L);
        now.addAndGet(PATIENCE.reminder().toNanos());
        later.get(0).run();
        assertThat(delays).containsExactly(60_000L, 60_000L);
        answer("1");
        result(running);
        later.get(1).run();
        assertThat(delays).hasSize(2);
    }
}
