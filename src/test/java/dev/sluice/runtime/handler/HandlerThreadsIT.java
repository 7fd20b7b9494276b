package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import dev.sluice.function.LoggingConfig;
import dev.sluice.invocation.InvocationOptions;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.runtime.log.LogLine;
import dev.sluice.runtime.log.LogQuery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose log has what a handler prints on other threads than its own. */
class HandlerThreadsIT {

    @TempDir
    private Path directory;
    private FunctionsFixture fixture;

    @BeforeEach
    void open() {
        fixture = new FunctionsFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private String invoke(String function, String event) throws Exception {
        Recorded recorded = fixture.invoke(function, event, InvocationOptions.DEFAULT);
        recorded.answer();
        recorded.awaitEnd(Duration.ofSeconds(5));
        return recorded.started.get();
    }

    private List<String> logged(String function, String requestId) throws Exception {
        return fixture.functions.logs().read(new LogQuery(function, null, 1_000, requestId), Duration.ZERO).toCompletableFuture().get()
                .lines().stream().map(LogLine::text).filter(line -> !line.matches("(START|END|REPORT) .*")).toList();
    }

    @Test
    void whoClosesItsOutputSilencesNobody() throws Exception {
        fixture.upload("f", "Closing", """
                public class Closing {
                    public String run(String event) {
                        try (PrintStream out = System.out) { out.println("once " + event); }
                        System.out.println("twice " + event);
                        return null;
                    }
                }""", "run");

        assertThat(logged("f", invoke("f", "\"a\""))).containsExactly("once a", "twice a");
        assertThat(logged("f", invoke("f", "\"b\""))).containsExactly("once b", "twice b");
    }

    @Test
    void poolsThatTheInstanceMadePrintForTheInvocationThatRuns() throws Exception {
        fixture.upload("f", "Pools", """
                public class Pools {
                    private static final java.util.concurrent.ExecutorService STATIC = daemons();
                    private final java.util.concurrent.ExecutorService own = daemons();
                    private static java.util.concurrent.ExecutorService daemons() {
                        var pool = java.util.concurrent.Executors.newFixedThreadPool(1,
                                r -> { Thread t = new Thread(r); t.setDaemon(true); return t; });
                        pool.execute(() -> { });
                        return pool;
                    }
                    public String run(String event, Context c) throws Exception {
                        STATIC.submit(() -> System.out.println("static " + event)).get();
                        own.submit(() -> System.err.println("own " + event)).get();
                        own.submit(() -> c.getLogger().log("logged " + event)).get();
                        return null;
                    }
                }""", "run");

        String first = invoke("f", "\"1\"");
        String second = invoke("f", "\"2\"");

        assertThat(logged("f", first)).containsExactly("static 1", "own 1", "logged 1");
        assertThat(logged("f", second)).containsExactly("static 2", "own 2", "logged 2");
        assertThat(fixture.output()).contains("[f " + second + "] static 2\n");
    }

    /** The common pool's threads are the JVM's: the first function that uses one must not get what others print on it. */
    @Test
    void theCommonPoolPrintsForTheFunctionWhoseCodeItRuns() throws Exception {
        for (String function : List.of("f", "g")) {
            fixture.upload(function, "Common", """
                    public class Common {
                        public String run(String event, Context c) throws Exception {
                            java.util.concurrent.CompletableFuture.runAsync(() -> System.out.println("async " + event)).get();
                            java.util.stream.IntStream.range(0, 40).parallel().forEach(i -> System.out.println("parallel " + event));
                            new Thread(() -> System.out.println("thread " + event)) {{ start(); }}.join();
                            var logger = com.amazonaws.services.lambda.runtime.LambdaRuntime.getLogger();
                            java.util.concurrent.CompletableFuture.runAsync(() -> logger.log("static logger " + event)).get();
                            return null;
                        }
                    }""", "run");
        }

        for (int round = 0; round < 3; round++) {
            for (String function : List.of("f", "g")) {
                String event = function + round;
                assertThat(logged(function, invoke(function, "\"" + event + "\""))).hasSize(43)
                        .containsOnly("async " + event, "parallel " + event, "thread " + event, "static logger " + event);
            }
        }
    }

    @Test
    void aTimerThatPrintsLaterPrintsForTheLastInvocationOfItsInstance() throws Exception {
        Path go = directory.resolve("go");
        fixture.upload("f", "Late", """
                public class Late {
                    public String run(String file) {
                        new java.util.Timer(true).schedule(new java.util.TimerTask() {
                            public void run() {
                                if (java.nio.file.Files.exists(java.nio.file.Path.of(file))) {
                                    System.out.println("late");
                                    cancel();
                                }
                            }
                        }, 0, 5);
                        return null;
                    }
                }""", "run");

        String id = invoke("f", "\"" + go + "\"");
        assertThat(logged("f", id)).isEmpty();
        java.nio.file.Files.createFile(go);

        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(logged("f", id)).containsExactly("late"));
        assertThat(fixture.functions.logs().read(new LogQuery("f", null, 1, null), Duration.ZERO).toCompletableFuture().get().lines())
                .extracting(LogLine::text).containsExactly("late");
    }

    @Test
    void aFunctionsLogHasItsFormAndLevel() throws Exception {
        fixture.upload("f", "Levels", """
                public class Levels {
                    public String run(String event, Context c) {
                        var debug = com.amazonaws.services.lambda.runtime.logging.LogLevel.DEBUG;
                        var warn = com.amazonaws.services.lambda.runtime.logging.LogLevel.WARN;
                        c.getLogger().log("debug", debug);
                        c.getLogger().log("warn", warn);
                        c.getLogger().log("debug bytes".getBytes(), debug);
                        c.getLogger().log("warn bytes".getBytes(), warn);
                        com.amazonaws.services.lambda.runtime.LambdaRuntime.getLogger().log("static debug", debug);
                        System.out.println("printed");
                        return null;
                    }
                }""", "run");

        assertThat(logged("f", invoke("f", "\"\""))).containsExactly("[DEBUG] debug", "[WARN] warn", "debug bytes", "warn bytes",
                "[DEBUG] static debug", "printed");
        fixture.functions.registry().updateConfiguration(FunctionsFixture.CALLER, FunctionsFixture.named("f"),
                FunctionsFixture.logging(LoggingConfig.json(LoggingConfig.Level.INFO)),
                null);
        String id = invoke("f", "\"\"");
        assertThat(logged("f", id)).satisfiesExactly(
                start -> assertThat(start).contains("\"type\":\"platform.start\"", "\"requestId\":\"" + id + "\""),
                warn -> assertThat(warn).contains("\"message\":\"warn\",\"level\":\"WARN\",\"AWSRequestId\":\"" + id + "\""),
                bytes -> assertThat(bytes).isEqualTo("warn bytes"),
                printed -> assertThat(printed).isEqualTo("printed"),
                report -> assertThat(report).contains("\"type\":\"platform.report\"", "\"status\":\"success\""));
    }

    @Test
    void anHttpFunctionsInvocationsAreLogged() throws Exception {
        fixture.url("h", java.net.URI.create("http://localhost:1"), false);

        Recorded recorded = fixture.invoke("h", "{}", InvocationOptions.DEFAULT);
        assertThat(recorded.result()).isInstanceOf(InvocationResult.CouldNotInvoke.class);
        List<LogLine> lines =
                fixture.functions.logs().read(new LogQuery("h", 0L, 10, null), Duration.ZERO).toCompletableFuture().get().lines();
        assertThat(lines).extracting(line -> line.text().split(" ")[0]).containsExactly("START", "http://localhost:1", "END", "REPORT");
        assertThat(lines).extracting(line -> line.origin().requestId()).containsOnly(recorded.started.get());
    }
}
