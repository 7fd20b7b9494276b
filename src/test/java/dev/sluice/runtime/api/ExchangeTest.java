package dev.sluice.runtime.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.process.RuntimeProcess.Event;
import dev.sluice.runtime.process.RuntimeProcess.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExchangeTest {

    private final Exchange exchange = new Exchange();

    /** A request that keeps its event until it is dropped or told that it is written. */
    private static final class Parked implements Asking {
        private final List<String> given = new ArrayList<>();
        private Runnable written;
        private boolean dropped;

        @Override
        public void give(Event event, Runnable whenWritten) {
            given.add(event.requestId());
            written = whenWritten;
        }

        @Override
        public void drop() {
            dropped = true;
            if (written != null) {
                written.run();
            }
        }
    }

    private static final Result.Exited KILLED = new Result.Exited("signal: killed");

    @Test
    void whoeverComesSecondWritesTheEvent() throws Exception {
        Parked first = new Parked();
        exchange.next(first);
        assertThat(exchange.awaitReady()).isEmpty();
        exchange.offer(Children.event("1", "{}"));
        assertThat(first.given).containsExactly("1");
        assertThat(exchange.answering("1", RuntimeState.Phase.INVOCATION_RESPONSE)).isEmpty();
        Result answer = new Result.Answered(new byte[0]);
        exchange.answered(answer);
        assertThat(exchange.awaitResult()).isSameAs(answer);

        exchange.offer(Children.event("2", "{}"));
        Parked second = new Parked();
        exchange.next(second);
        assertThat(second.given).containsExactly("2");
    }

    @Test
    void whoAsksAgainBeforeAnsweringIsGivenTheSameEvent() {
        exchange.next(new Parked());
        exchange.offer(Children.event("1", "{}"));
        Parked again = new Parked();
        assertThat(exchange.next(again)).isEmpty();
        assertThat(again.given).containsExactly("1");
        assertThat(exchange.answering("1", RuntimeState.Phase.INVOCATION_RESPONSE)).isEmpty();
    }

    @Test
    void theLatestRequestGetsTheEvent() {
        Parked older = new Parked();
        Parked newer = new Parked();
        exchange.next(older);
        exchange.next(newer);
        assertThat(older.dropped).isTrue();
        exchange.offer(Children.event("1", "{}"));
        assertThat(older.given).isEmpty();
        assertThat(newer.given).containsExactly("1");
    }

    @Test
    void anAnswerBeforeTheEndCountsMoreThanTheEnd() throws Exception {
        exchange.next(new Parked());
        exchange.offer(Children.event("1", "{}"));
        Result answer = new Result.Answered(new byte[0]);
        exchange.answered(answer);
        exchange.ended(KILLED);
        assertThat(exchange.awaitResult()).isSameAs(answer);
        exchange.offer(Children.event("2", "{}"));
        assertThat(exchange.awaitResult()).isEqualTo(new Result.NotTaken("signal: killed"));
    }

    @Test
    void theEndBeforeAnEventWasTakenIsToldFromTheEndAfterThat() throws Exception {
        exchange.next(new Parked());
        exchange.offer(Children.event("1", "{}"));
        exchange.answering("1", RuntimeState.Phase.INVOCATION_RESPONSE);
        exchange.answered(new Result.Answered(new byte[0]));
        exchange.offer(Children.event("2", "{}"));
        exchange.ended(KILLED);
        assertThat(exchange.awaitResult()).isEqualTo(new Result.NotTaken("signal: killed"));

        Exchange other = new Exchange();
        other.next(new Parked());
        other.offer(Children.event("1", "{}"));
        other.ended(KILLED);
        assertThat(other.awaitResult()).isEqualTo(KILLED);
    }

    @Test
    void nothingIsWrittenToAProcessThatIsGone() throws Exception {
        Parked gone = new Parked();
        exchange.next(gone);
        exchange.ending(KILLED);
        exchange.offer(Children.event("1", "{}"));
        assertThat(gone.given).isEmpty();
        assertThat(exchange.awaitResult()).isEqualTo(new Result.NotTaken("signal: killed"));
    }

    @Test
    void anAnswerThatBrokeOffCountsLessThanTheEnd() throws Exception {
        exchange.next(new Parked());
        exchange.offer(Children.event("1", "{}"));
        exchange.answering("1", RuntimeState.Phase.INVOCATION_RESPONSE);
        exchange.answerLost();
        exchange.ended(KILLED);
        exchange.answered(new Result.Failed("Runtime.TruncatedResponse", new byte[0]));
        assertThat(exchange.awaitResult()).isEqualTo(KILLED);
    }

    @Test
    void thePayloadIsNotReadAnyMoreWhenTheWritesHaveEnded() {
        Parked slow = new Parked();
        exchange.next(slow);
        exchange.offer(Children.event("1", "{}"));
        exchange.answered(new Result.Answered(new byte[0]));
        exchange.endWrites(Duration.ofMillis(1));
        assertThat(slow.dropped).isTrue();
    }

    @Test
    void theEndDropsWhoStillWaits() throws Exception {
        Parked parked = new Parked();
        exchange.next(parked);
        exchange.ended(KILLED);
        assertThat(parked.dropped).isTrue();
        assertThat(exchange.awaitReady()).contains(KILLED);
    }

    @Test
    void anInterruptStaysSetForWhoWaitsNext() {
        Thread.currentThread().interrupt();
        assertThat(exchange.awaitEnd(Duration.ofMillis(1))).isEmpty();
        assertThat(Thread.interrupted()).isTrue();
    }
}
