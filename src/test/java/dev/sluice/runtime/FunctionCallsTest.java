package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fault.FatalFaults;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionDefinitions;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.Time;
import dev.sluice.invocation.Invocation;
import dev.sluice.invocation.InvocationOptions;
import dev.sluice.invocation.InvocationOptions.WhenBusy;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.Payload;
import dev.sluice.runtime.instance.FunctionRunner;
import dev.sluice.runtime.instance.InvocationThreads;
import dev.sluice.runtime.instance.RunningCall;
import dev.sluice.runtime.log.FunctionLog;
import dev.sluice.runtime.log.InvocationLogs;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FunctionCallsTest {

    private static final InvocationResult ANSWER = new InvocationResult.Success(new byte[0]);

    private static final InvocationOptions THROTTLED =
            new InvocationOptions(WhenBusy.THROTTLE_OVER_RESERVATION, null, false, null, null);

    private final InvocationThreads threads = new InvocationThreads(new ThreadGroup("functions"), FatalFaults.unheard());
    private final AtomicReference<FunctionDefinition> function = new AtomicReference<>(
            new FunctionDefinition(null, FunctionDefinition.Origin.CONTROL_API, FunctionVersion.latest("f",
                    new FunctionCode.HttpEndpoint(URI.create("http://localhost:1/"), false),
                    new FunctionSettings(null, null, null, "", Duration.ofSeconds(5), 128, Map.of()), Instant.EPOCH, "revision")));

    @AfterEach
    void stop() {
        threads.stop();
    }

    // A call that nobody hears the end of would hold its records for ever.
    @Test
    void aRuntimeThatFailsToTidyUpKeepsNoCallFromItsEndAndNoSlot() throws Exception {
        FunctionCalls calls = calls(1, call -> ANSWER, () -> {
            throw new OutOfMemoryError("no room to keep the instance");
        });

        for (int call = 0; call < 2; call++) {
            Recorded recorded = submit(calls, InvocationOptions.DEFAULT);
            assertThat(recorded.result()).isEqualTo(ANSWER);
            recorded.awaitEnd(Duration.ofSeconds(5));
        }
    }

    @Test
    void everyCallEndsAndNoSlotIsLostWhileTheReservationChangesAndCallsOutliveTheirTime() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        AtomicInteger running = new AtomicInteger();
        FunctionCalls calls = calls(3, call -> {
            running.incrementAndGet();
            try {
                boolean late = call.requestId().hashCode() % 4 == 0;
                call.limitTo(late ? Duration.ofMillis(1) : Duration.ofSeconds(20));
                Instant end = Instant.now().plusMillis(late ? 5 : 0);
                while (Instant.now().isBefore(end)) {
                    LockSupport.parkNanos(100_000); // and doesn't heed the interrupt
                }
                return ANSWER;
            } finally {
                running.decrementAndGet();
            }
        }, () -> {});

        List<Recorded> all = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            all.add(submit(calls, random.nextBoolean() ? InvocationOptions.DEFAULT : THROTTLED));
            if (random.nextInt(5) == 0) {
                int reserved = random.nextInt(4);
                function.updateAndGet(now -> now.withReservedConcurrency(reserved));
                calls.changed();
            }
        }
        function.updateAndGet(now -> now.withReservedConcurrency(1));
        calls.changed();

        for (Recorded each : all) {
            assertThat(each.result()).as("seed %d", seed).isInstanceOfAny(InvocationResult.Success.class, InvocationResult.TimedOut.class,
                    InvocationResult.Throttled.class);
            each.awaitEnd(Duration.ofSeconds(20));
            assertThat(each.calls).as("seed %d", seed).endsWith("completed", "ended").doesNotHaveDuplicates();
        }
        await().atMost(Duration.ofSeconds(5)).until(() -> running.get() == 0);
        Recorded last = submit(calls, InvocationOptions.DEFAULT);
        last.result();
        last.awaitEnd(Duration.ofSeconds(5));
    }

    private Recorded submit(FunctionCalls calls, InvocationOptions options) {
        Recorded recorded = new Recorded();
        calls.submit(new Invocation(FunctionsFixture.arn("f"), "turn", () -> Payload.of(new byte[0]), recorded, options),
                UUID.randomUUID().toString());
        return recorded;
    }

    private FunctionCalls calls(int concurrency, Function<RunningCall, InvocationResult> run, Runnable tidyUp) {
        InvocationLimits limits = new InvocationLimits(concurrency, concurrency, Duration.ofSeconds(1), Duration.ofSeconds(20), 1000,
                InvocationLimits.Timeouts.ENFORCED);
        FunctionRunner runtime = new TestedRuntime(run, tidyUp);
        return new FunctionCalls(FunctionDefinitions.Key.of(function.get()), () -> Optional.of(function.get()), threads, limits,
                new FunctionCalls.Runners(runtime, runtime, runtime), new InvocationLogs(FunctionDefinitions.Key.of(function.get()),
                        new FunctionLog(1_000_000, (log, grownBy) -> {}), new Time(Clock.systemUTC(), System::nanoTime)));
    }

    private record TestedRuntime(Function<RunningCall, InvocationResult> run, Runnable tidyUp) implements FunctionRunner {

        @Override
        public Prepared prepare(FunctionVersion version) {
            return new Prepared() {
                @Override
                public InvocationResult run(Payload event, RunningCall call) {
                    return run.apply(call);
                }

                @Override
                public void abort() {
                }

                @Override
                public void done(boolean overdue) {
                    tidyUp.run();
                }
            };
        }

        @Override
        public void changed() {
        }

        @Override
        public void close() {
        }
    }
}
