package dev.sluice.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.fixture.InMemoryFunctionStore;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.Isolation;
import dev.sluice.invocation.Invocation;
import dev.sluice.invocation.InvocationListener;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.Payload;
import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.Scope;
import dev.sluice.runtime.Functions;
import dev.sluice.runtime.InvocationLimits;
import dev.sluice.runtime.api.ChildProcesses;
import dev.sluice.runtime.code.CodeLocations;
import dev.sluice.runtime.instance.SharedEnvironment;
import dev.sluice.runtime.process.LocalRuntimes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How long does a warm call of a function in a process take, and how many follow each other in a second, beside a program of the same
 * language that does nothing but ask for events and send them back? Both are called in the same way, by {@link Functions} in this
 * JVM, so that the difference is what the bootstrap and reading and writing JSON cost.
 */
final class WarmInvocations implements Row {

    private static final double MICROS = 1e3;
    private static final int WARM_UP = 2_000;
    private static final int PATIENCE_SECONDS = 60;
    private static final Scope SCOPE = new Scope("000000000000", "us-east-1");
    private static final byte[] EVENT = ("{\"eventSource\":\"aws:kafka\",\"records\":{\"orders-0\":[{\"topic\":\"orders\",\"partition\":0,"
            + "\"offset\":15,\"timestamp\":1545084650987,\"timestampType\":\"CREATE_TIME\",\"key\":\"azE=\","
            + "\"value\":\"eyJvcmRlciI6MTV9\",\"headers\":[]}]}}").getBytes(UTF_8);

    private final String name;
    private final Programs programs;

    /** What both sides are, made in a directory of the row's own. */
    interface Programs {
        Side bootstrap(Path work) throws IOException;

        Side bare(Path work) throws IOException;
    }

    /** One side: its code, and how it is run. */
    record Side(FunctionCode code, String runtime, String handler) {
    }

    private WarmInvocations(String name, Programs programs) {
        this.name = name;
        this.programs = programs;
    }

    static WarmInvocations python() {
        return new WarmInvocations("python", script("python3.12", "app.py", "def handler(event, context):\n    return event\n",
                "python3", "bare.py"));
    }

    static WarmInvocations node() {
        return new WarmInvocations("node", script("nodejs22.x", "app.mjs", "export const handler = async (event) => event;\n",
                "node", "bare.mjs"));
    }

    static WarmInvocations java() {
        return new WarmInvocations("java-process", new Programs() {
            @Override
            public Side bootstrap(Path work) throws IOException {
                return new Side(new FunctionCode.LocalJar(HandlerJar.write(work)), null, Echo.class.getName());
            }

            @Override
            public Side bare(Path work) {
                String classes =
                        Path.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator)[0]).toAbsolutePath().toString();
                return command(work, "sh", "-c",
                        "exec \"$0\" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp \"$1\" " + BareRuntime.class.getName()
                                + " \"$AWS_LAMBDA_RUNTIME_API\"",
                        Setting.java(), classes);
            }
        });
    }

    private static Programs script(String runtime, String file, String handler, String interpreter, String bare) {
        return new Programs() {
            @Override
            public Side bootstrap(Path work) throws IOException {
                Files.writeString(work.resolve(file), handler);
                return new Side(new FunctionCode.LocalDirectory(work, List.of()), runtime, "app.handler");
            }

            @Override
            public Side bare(Path work) throws IOException {
                try (InputStream in = WarmInvocations.class.getResourceAsStream(bare)) {
                    Files.copy(in, work.resolve(bare));
                }
                return command(work, interpreter, bare);
            }
        };
    }

    private static Side command(Path work, String... command) {
        return new Side(new FunctionCode.LocalDirectory(work, List.of(command)), null, null);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String head() {
        return "| warm invocations, one after the other | bare loop, calls/s | Sluice, calls/s | bare loop, p50 us | Sluice, p50 us"
                + " | bare loop, p99 us | Sluice, p99 us |\n|---|---|---|---|---|---|---|";
    }

    @Override
    public void run(Setting setting, PrintStream out) throws Exception {
        Path work = Files.createDirectories(setting.work().resolve(name));
        int calls = setting.quick() ? 4_000 : 20_000;
        try (ChildProcesses processes = new ChildProcesses(); Functions functions = functions(work, processes)) {
            register(functions, "bare", programs.bare(Files.createDirectories(work.resolve("bare"))));
            register(functions, "bootstrap", programs.bootstrap(Files.createDirectories(work.resolve("bootstrap"))));
            Series bare = new Series(functions, "bare");
            Series bootstrap = new Series(functions, "bootstrap");
            bare.run(WARM_UP);
            bootstrap.run(WARM_UP);
            for (int i = 0; i < setting.repetitions(); i++) {
                (i % 2 == 0 ? bare : bootstrap).measure(calls);
                (i % 2 == 0 ? bootstrap : bare).measure(calls);
            }
            out.println(
                    "| " + name + ": event of " + EVENT.length + " B, " + calls + " calls | " + new Samples(bare.perSecond).in(1, 0) + " | "
                            + new Samples(bootstrap.perSecond).in(1, 0) + " | " + new Samples(bare.p50).in(MICROS, 0) + " | "
                            + new Samples(bootstrap.p50).in(MICROS, 0) + " | " + new Samples(bare.p99).in(MICROS, 0) + " | "
                            + new Samples(bootstrap.p99).in(MICROS, 0) + " |");
        }
    }

    private static Functions functions(Path work, ChildProcesses processes) {
        return new Functions(new InMemoryFunctionStore(),
                new CodeLocations(work.resolve("code"), (caller, object, file, limit) -> {
                    throw new IOException("no code of the benchmark is in a bucket");
                }), InvocationLimits.defaults(), Clock.systemUTC(), () -> UUID.randomUUID().toString(), new Functions.Surroundings(
                        new PrintStream(OutputStream.nullOutputStream(), false, UTF_8), new SharedEnvironment(SCOPE, Map.of()),
                        new LocalRuntimes(processes, Isolation.PROCESS, Map.of(), Map.of())));
    }

    private static void register(Functions functions, String function, Side side) {
        functions.registry().register(function, side.code(),
                new FunctionSettings(side.runtime(), side.handler(), null, "", Duration.ofSeconds(30), 256, Map.of()));
    }

    /** Calls one function, each time when the call before has ended, and remembers how long they took. Confined to one thread. */
    private static final class Series {
        private final Functions functions;
        private final FunctionArn function;
        private final List<Double> perSecond = new ArrayList<>();
        private final List<Double> p50 = new ArrayList<>();
        private final List<Double> p99 = new ArrayList<>();

        private Series(Functions functions, String function) {
            this.functions = functions;
            this.function = new FunctionArn(SCOPE, function, null);
        }

        private void measure(int calls) throws InterruptedException {
            long start = System.nanoTime();
            long[] took = run(calls);
            perSecond.add(calls * 1e9 / (System.nanoTime() - start));
            Arrays.sort(took);
            p50.add((double) took[calls / 2]);
            p99.add((double) took[calls * 99 / 100]);
        }

        private long[] run(int calls) throws InterruptedException {
            long[] took = new long[calls];
            for (int i = 0; i < calls; i++) {
                took[i] = new Call().nanos(functions, function);
            }
            return took;
        }
    }

    private static final class Call implements InvocationListener {
        private final Semaphore ended = new Semaphore(0);
        private volatile long completed;
        private volatile InvocationResult result;

        private long nanos(Functions functions, FunctionArn function) throws InterruptedException {
            long start = System.nanoTime();
            functions.submit(new Invocation(function, "bench", () -> Payload.of(EVENT), this));
            if (!ended.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a call of " + function + " did not end");
            }
            // As long, but for the spaces that Python writes between the members.
            if (!(result instanceof InvocationResult.Success success) || success.answer().length < EVENT.length) {
                throw new IllegalStateException(function + " should have sent the event back, and this came of it: " + result);
            }
            return completed - start;
        }

        @Override
        public void started(String requestId) {
            // The time before counts.
        }

        @Override
        public void completed(InvocationResult outcome) {
            completed = System.nanoTime();
            result = outcome;
        }

        @Override
        public void ended() {
            ended.release();
        }
    }
}
