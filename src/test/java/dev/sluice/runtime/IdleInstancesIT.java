package dev.sluice.runtime;

import static dev.sluice.fixture.FunctionsFixture.CALLER;
import static dev.sluice.fixture.FunctionsFixture.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fault.FatalFaults;
import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.NoProcesses;
import dev.sluice.fixture.Recorded;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionDefinitions;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.Isolation;
import dev.sluice.function.Time;
import dev.sluice.invocation.Invocation;
import dev.sluice.invocation.Payload;
import dev.sluice.runtime.code.CodeLocations;
import dev.sluice.runtime.code.CodeStore;
import dev.sluice.runtime.code.Layers;
import dev.sluice.runtime.instance.InstanceSurroundings;
import dev.sluice.runtime.instance.InvocationThreads;
import dev.sluice.runtime.instance.SharedEnvironment;
import dev.sluice.runtime.log.FunctionLogs;
import dev.sluice.runtime.log.InvocationLogs;
import dev.sluice.runtime.process.ProcessCommands;
import dev.sluice.runtime.process.ProcessSurroundings;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long an instance is kept that nobody calls. Time passes as the test says. */
class IdleInstancesIT {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** Answers which of its instances it is; with the name of a file, once that file exists. */
    private static final String SOURCE = """
            public class Kept {
                static final String LOADED = Long.toHexString(System.nanoTime());
                public String handle(String gate) throws Exception {
                    for (int i = 0; i < 4000 && !gate.isEmpty() && !new File(gate).exists(); i++) { Thread.sleep(5); }
                    return LOADED;
                }
            }""";

    @TempDir
    private Path directory;
    private final InvocationThreads threads = new InvocationThreads(new ThreadGroup("functions"), FatalFaults.unheard());
    private long now = Long.MAX_VALUE - Duration.ofMinutes(15).toNanos(); // nanoTime may overflow
    private final List<Look> looks = new ArrayList<>();
    private InstancePool runtime;
    private FunctionCalls calls;

    private record Look(Runnable step, long at) {
    }

    @BeforeEach
    void open() throws Exception {
        Path jar = Files.write(directory.resolve("kept.jar"), CompiledHandler.compile(directory, "Kept", SOURCE).zip());
        FunctionDefinition function = new FunctionDefinition(null, FunctionDefinition.Origin.CONTROL_API, FunctionVersion.latest("f",
                new FunctionCode.LocalJar(jar), new FunctionSettings(null, "example.Kept::handle", null, "", Duration.ofSeconds(20),
                        128, Map.of()),
                Instant.EPOCH, "revision"));
        CodeStore store = new CodeStore(new CodeLocations(directory.resolve("code"), new FunctionsFixture.Buckets()), Set::of);
        store.open();
        Layers layers = new Layers(Map.of(), store, new Time(Clock.systemUTC(), () -> now));
        ProcessSurroundings surroundings = new ProcessSurroundings(
                new InstanceSurroundings(new PrintStream(PrintStream.nullOutputStream()), Clock.systemUTC(),
                        new SharedEnvironment(CALLER, Map.of())),
                new NoProcesses(), ProcessCommands.of(NoProcesses.RUNTIMES, store));
        Instances instances = new Instances(surroundings, new JavaPlacement.Rules(Isolation.JVM, false), () -> Optional.of(function),
                because -> {});
        runtime = new InstancePool(store, layers, instances,
                Duration.ofSeconds(10), () -> Optional.of(function),
                new InstancePool.IdleTime(LIMIT, () -> now, (step, after) -> looks.add(new Look(step, now + after.toNanos()))));
        calls = new FunctionCalls(FunctionDefinitions.Key.of(function), () -> Optional.of(function), threads, LIMITS,
                new FunctionCalls.Runners(runtime, runtime, runtime), new InvocationLogs(FunctionDefinitions.Key.of(function),
                        new FunctionLogs(threads.watchdog()).of("f"), new Time(Clock.systemUTC(), System::nanoTime)));
    }

    @AfterEach
    void close() {
        calls.close();
        threads.stop();
    }

    private Recorded call(String gate) {
        Recorded recorded = new Recorded();
        Payload event = Payload.of(("\"" + gate + "\"").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        calls.submit(new Invocation(FunctionsFixture.arn("f"), "turn", () -> event, recorded), UUID.randomUUID().toString());
        return recorded;
    }

    private String answer(Recorded recorded) throws Exception {
        String answer = recorded.answer();
        recorded.awaitEnd(Duration.ofSeconds(5));
        return answer;
    }

    private void pass(Duration time) {
        long end = now + time.toNanos();
        for (Optional<Look> due = due(end); due.isPresent(); due = due(end)) {
            looks.remove(due.get());
            now = due.get().at();
            due.get().step().run();
        }
        now = end;
    }

    private Optional<Look> due(long end) {
        return looks.stream().filter(look -> look.at() - end <= 0).findFirst();
    }

    @Test
    void anInstanceThatNobodyCallsIsDroppedAndOneThatIsCalledIsNot() throws Exception {
        String first = answer(call(""));
        for (int i = 0; i < 3; i++) {
            pass(LIMIT.minusSeconds(1));
            assertThat(answer(call(""))).isEqualTo(first);
        }

        pass(LIMIT);

        assertThat(answer(call(""))).isNotEqualTo(first);
    }

    @Test
    void nothingIsLookedAtWhileNoInstanceIsIdle() throws Exception {
        assertThat(looks).isEmpty();
        answer(call(""));
        answer(call(""));
        assertThat(looks).hasSize(1);

        pass(LIMIT);
        assertThat(looks).isEmpty();

        answer(call(""));
        assertThat(looks).hasSize(1);
    }

    @Test
    void afterABurstTheOneThatIsStillNeededStaysAndTheOtherGoes() throws Exception {
        Path gate = directory.resolve("gate");
        Recorded one = call(gate.toString());
        Recorded two = call(gate.toString());
        one.started.get();
        two.started.get();
        Files.createFile(gate);
        List<String> both = List.of(answer(one), answer(two));
        assertThat(both).doesNotHaveDuplicates();

        String newest = answer(call(""));
        for (int i = 0; i < 4; i++) {
            pass(LIMIT.dividedBy(3));
            assertThat(answer(call(""))).isEqualTo(newest).isIn(both);
        }

        Files.delete(gate);
        Recorded busy = call(gate.toString());
        busy.started.get();
        String other = answer(call(""));
        Files.createFile(gate);
        assertThat(other).as("the other one was dropped").isNotIn(both);
        assertThat(answer(busy)).isEqualTo(newest);
    }
}
