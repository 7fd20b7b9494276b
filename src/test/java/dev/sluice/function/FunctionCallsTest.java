package dev.sluice.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FunctionCallsTest {

    private static final InvocationResult ANSWER = new InvocationResult.Success(new byte[0]);

    private final InvocationThreads threads = new InvocationThreads();

    @AfterEach
    void stop() {
        threads.stop();
    }

    // A call that nobody hears the end of would hold its records for ever.
    @Test
    void aRuntimeThatFailsToTidyUpKeepsNoCallFromItsEndAndNoSlot() throws Exception {
        FunctionCalls calls = calls(new InvocationLimits(1, 1, Duration.ofSeconds(1), Duration.ofSeconds(1), 1,
                InvocationLimits.Timeouts.ENFORCED));

        for (int call = 0; call < 2; call++) {
            Recorded recorded = new Recorded();
            calls.submit(new Invocation(FunctionsFixture.arn("f"), "turn", () -> Payload.of(new byte[0]), recorded), "id-" + call);
            assertThat(recorded.result()).isEqualTo(ANSWER);
            recorded.awaitEnd(Duration.ofSeconds(5));
        }
    }

    private FunctionCalls calls(InvocationLimits limits) {
        FunctionDefinition function = new FunctionDefinition(null, FunctionDefinition.Origin.CONTROL_API, FunctionVersion.latest("f",
                new FunctionCode.HttpEndpoint(URI.create("http://localhost:1/"), false),
                new FunctionSettings(null, null, null, "", Duration.ofSeconds(5), 128, Map.of()), Instant.EPOCH, "revision"));
        FunctionRuntime runtime = new UntidyRuntime();
        return new FunctionCalls(FunctionDefinitions.Key.of(function), () -> Optional.of(function), threads, limits,
                new FunctionCalls.Runtimes(runtime, runtime), new InvocationLog.Time(Clock.systemUTC(), System::nanoTime));
    }

    private static final class UntidyRuntime implements FunctionRuntime {

        @Override
        public Attempt prepare(FunctionVersion version) {
            return new Attempt() {
                @Override
                public InvocationResult run(Payload event, RunningCall call) {
                    return ANSWER;
                }

                @Override
                public void abort() {
                }

                @Override
                public void done(boolean overdue) {
                    throw new OutOfMemoryError("no room to keep the instance");
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
