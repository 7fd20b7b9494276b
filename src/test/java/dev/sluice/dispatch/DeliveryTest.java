package dev.sluice.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.fixture.Mappings;
import dev.sluice.fixture.TestRecords;
import dev.sluice.invocation.FunctionInvoker;
import dev.sluice.invocation.Invocation;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.Payload;
import dev.sluice.mapping.EventSource;
import dev.sluice.resource.FunctionArn;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class DeliveryTest {

    private static final InvocationResult SUCCESS = new InvocationResult.Success(new byte[0]);
    private static final InvocationResult ERROR =
            new InvocationResult.FunctionError("E", "{\"errorMessage\":\"no\"}".getBytes(StandardCharsets.UTF_8));

    /** An invoker whose invocations wait for the test to play their part. */
    private static final class ScriptedInvoker implements FunctionInvoker {
        final List<Invocation> submitted = new ArrayList<>();
        boolean cancelled;
        Duration timeout = Duration.ofMinutes(14);
        Error refusal;

        @Override
        public Optional<Duration> timeout(FunctionArn function) {
            return Optional.of(timeout);
        }

        @Override
        public Pending submit(Invocation invocation) {
            if (refusal != null) {
                throw refusal;
            }
            submitted.add(invocation);
            return () -> cancelled = true;
        }

        Invocation last() {
            return submitted.get(submitted.size() - 1);
        }

        void play(InvocationResult result) {
            Invocation invocation = last();
            invocation.listener().started("id");
            invocation.payload().get();
            invocation.listener().completed(result);
            invocation.listener().ended();
        }
    }

    private final ScriptedInvoker invoker = new ScriptedInvoker();
    private final List<Integer> backoffs = new ArrayList<>();
    private FutureTask<Void> planned;
    private Error noThread;
    /** What became of the records: fates with their offsets, and "ended" at last. */
    private final List<String> outcomes = new ArrayList<>();
    private final List<AttemptReport.Kind> attempts = new ArrayList<>();

    private final Delivery delivery = new Delivery(
            new Batch(Mappings.aMapping().function("f").build(),
                    new EventWriter(new EventSource.SelfManagedKafka(List.of("k:1")), "k:1"),
                    List.of(new TestRecords("t", 0).add(5, 0, null, new byte[] {1}, List.of())), 1_000),
            new DeliveryListener() {
                @Override
                public void attempted(Delivery attempted, AttemptReport report) {
                    attempts.add(report.kind());
                }

                @Override
                public void settled(Delivery settled, Fate fate, List<? extends PartitionRecords> records) {
                    records.forEach(partition -> {
                        for (int i = 0; i < partition.size(); i++) {
                            outcomes.add(fate + " " + partition.offset(i));
                        }
                    });
                }

                @Override
                public void ended(Delivery over) {
                    outcomes.add("ended");
                }
            },
            new Surroundings(invoker, (count, next) -> {
                if (noThread != null) {
                    throw noThread;
                }
                backoffs.add(count);
                planned = new FutureTask<>(next, null);
                return new Delivery.Backoff(Instant.EPOCH.plus(Duration.ofSeconds(count)), () -> planned.cancel(false));
            }, new Dispatcher.OnFailure(failed -> CompletableFuture.completedFuture(null), false), DeliveryObserver.NONE,
                    DeliveryClock.real(), new EventBuffers()));

    @Test
    void isDeliveredWhenTheFunctionSucceeds() {
        delivery.start();
        invoker.play(SUCCESS);

        assertThat(outcomes).containsExactly("DELIVERED 5", "ended");
        assertThat(delivery.attempts()).isEqualTo(1);
        assertThat(backoffs).isEmpty();
    }

    @Test
    void triesTheSameBytesAgainAfterEachFailure() {
        delivery.start();
        invoker.play(ERROR);
        Payload first = invoker.submitted.get(0).payload().get();
        planned.run();
        invoker.play(new InvocationResult.CouldNotInvoke("refused"));
        planned.run();
        assertThat(invoker.last().payload().get()).isSameAs(first);
        invoker.play(SUCCESS);

        assertThat(backoffs).containsExactly(1, 2);
        assertThat(attempts).containsExactly(AttemptReport.Kind.FAILED, AttemptReport.Kind.FAILED, AttemptReport.Kind.SUCCEEDED);
        assertThat(outcomes).containsExactly("DELIVERED 5", "ended");
    }

    @Test
    void writesTheEventAnewAfterATimeoutSinceTheHandlerMayStillReadTheOldBytes() {
        delivery.start();
        Payload first = invoker.last().payload().get();
        invoker.play(new InvocationResult.TimedOut("id", Duration.ofSeconds(3)));
        planned.run();

        assertThat(invoker.last().payload().get().bytes()).isNotSameAs(first.bytes()).startsWith('{');
    }

    @Test
    void waitsForTheEndOfATimedOutInvocationBeforeItTriesAgain() {
        delivery.start();
        invoker.last().listener().started("id");
        invoker.last().listener().completed(new InvocationResult.TimedOut("id", Duration.ofSeconds(3)));
        assertThat(backoffs).isEmpty();

        invoker.last().listener().ended();
        assertThat(backoffs).containsExactly(1);
    }

    @Test
    void aBatchThatWaitsForItsSlotHasNoAttempt() {
        delivery.start();

        assertThat(delivery.attempts()).isZero();
    }

    @Test
    void stopEndsABackoffAtOnce() {
        delivery.start();
        invoker.play(ERROR);
        assertThat(delivery.nextAttempt()).isEqualTo(Instant.EPOCH.plusSeconds(1));
        delivery.stop();

        assertThat(outcomes).containsExactly("ended");
        assertThat(planned.isCancelled()).isTrue();
    }

    @Test
    void stopTakesAQueuedInvocationBack() {
        delivery.start();
        delivery.stop();

        assertThat(invoker.cancelled).isTrue();
        assertThat(outcomes).containsExactly("ended");
    }

    @Test
    void stopLetsARunningInvocationCountWhenItSucceeds() {
        delivery.start();
        invoker.last().listener().started("id");
        delivery.stop();
        assertThat(outcomes).isEmpty();
        invoker.last().listener().completed(SUCCESS);
        invoker.last().listener().ended();

        assertThat(outcomes).containsExactly("DELIVERED 5", "ended");
    }

    @Test
    void stopMeansNoAttemptAfterARunningInvocationFails() {
        delivery.start();
        invoker.last().listener().started("id");
        delivery.stop();
        invoker.last().listener().completed(ERROR);
        invoker.last().listener().ended();

        assertThat(outcomes).containsExactly("ended");
        assertThat(backoffs).isEmpty();
    }

    @Test
    void retryNowEndsABackoffWithAnAttempt() {
        delivery.start();
        assertThat(delivery.retryNow()).isFalse();
        invoker.play(ERROR);

        assertThat(delivery.retryNow()).isTrue();
        assertThat(invoker.submitted).hasSize(2);
        invoker.play(SUCCESS);
        assertThat(outcomes).containsExactly("DELIVERED 5", "ended");
    }

    @Test
    void aTimeoutOverFourteenMinutesIsNoValidFunctionForKafka() {
        invoker.timeout = Duration.ofSeconds(841);
        delivery.start();

        assertThat(attempts).containsExactly(AttemptReport.Kind.FUNCTION_NOT_VALID);
        assertThat(outcomes).containsExactly("ended");
        assertThat(invoker.submitted).isEmpty();
    }

    @Test
    void aTimeoutOfFourteenMinutesIsInvoked() {
        delivery.start();

        assertThat(invoker.submitted).hasSize(1);
    }

    @Test
    void aFunctionThatIsNotValidEndsTheDeliveryWithoutABackoff() {
        delivery.start();
        invoker.play(new InvocationResult.NotValid("class missing"));

        assertThat(attempts).containsExactly(AttemptReport.Kind.FUNCTION_NOT_VALID);
        assertThat(outcomes).containsExactly("ended");
        assertThat(backoffs).isEmpty();
    }

    @Test
    void waitsLongerEachTimeAlsoWhenTheCallCouldNotEvenBeTried() {
        delivery.start();
        for (int i = 0; i < 2; i++) {
            invoker.last().listener().completed(new InvocationResult.CouldNotInvoke("too many calls still run"));
            invoker.last().listener().ended();
            planned.run();
        }

        assertThat(backoffs).containsExactly(1, 2);
        assertThat(delivery.attempts()).as("each has a number of its own").isEqualTo(2);
    }

    @Test
    void endsWithItsRecordsUnfinishedWhenThereIsNoThreadToWaitOn() {
        delivery.start();
        noThread = new OutOfMemoryError("unable to create native thread");
        catchThrowable(() -> invoker.play(ERROR));

        assertThat(outcomes).as("its partitions are free again").containsExactly("ended");
    }

    @Test
    void triesAgainWhenNobodyCanTellWhatTheFunctionAnswered() {
        delivery.start();
        catchThrowable(() -> invoker.play(new InvocationResult.TimedOut("a result that breaks whoever reads it", null)));

        assertThat(backoffs).containsExactly(1);
    }

    @Test
    void triesAgainWhenTheFunctionCouldNotEvenQueueTheInvocation() {
        delivery.start();
        invoker.play(ERROR);
        invoker.refusal = new OutOfMemoryError("unable to create native thread");
        planned.run(); // a planned task swallows what it throws
        invoker.refusal = null;

        assertThat(outcomes.size() + backoffs.size()).as("ended, or waiting for another attempt").isEqualTo(2);
    }
}
