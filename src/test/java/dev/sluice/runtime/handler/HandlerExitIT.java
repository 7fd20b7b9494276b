package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import dev.sluice.invocation.InvocationOptions;
import dev.sluice.runtime.log.LogLine;
import dev.sluice.runtime.log.LogQuery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens when a function's code ends its JVM, which is the server's. */
class HandlerExitIT {

    @TempDir
    Path directory;
    private FunctionsFixture fixture;

    @BeforeEach
    void open() {
        fixture = new FunctionsFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void function(String className, String source) throws Exception {
        Path jar = Files.createTempFile(directory, "handler", ".jar");
        Files.write(jar, CompiledHandler.compile(directory, className, source).zip());
        fixture.jar(className, jar, "example." + className + "::handle", 20);
    }

    private static String exited(Recorded recorded, String how) throws Exception {
        return "{\"errorMessage\":\"RequestId: " + recorded.started.get() + " Error: Runtime exited " + how
                + "\",\"errorType\":\"Runtime.ExitError\"}";
    }

    private static final String WITH_1 = "with error: exit status 1";

    @ParameterizedTest
    @CsvSource({
            "system 0,   without providing a reason",
            "system 3,   with error: exit status 3",
            "system -1,  with error: exit status 255",
            "system 256, without providing a reason",
            "runtime 1,  with error: exit status 1",
            "halt 137,   with error: exit status 137",
            "static 4,   with error: exit status 4",
            "bound 5,    with error: exit status 5",
            "unbound 6,  with error: exit status 6",
            "caught 7,   with error: exit status 7",
            "finally 8,  with error: exit status 8",
            "thread 9,   with error: exit status 9",
            "pool 10,    with error: exit status 10"})
    void endsTheInvocationInAwsWordsAndTheInstanceAndNothingElse(String how, String result) throws Exception {
        function("Exiting",
                """
                        import java.util.concurrent.*;
                        import java.util.function.*;
                        public class Exiting {
                            static int calls;
                            public String handle(String how) throws Exception {
                                calls++;
                                if (how.isEmpty()) { return "call " + calls; }
                                int status = Integer.parseInt(how.substring(how.indexOf(' ') + 1));
                                switch (how.substring(0, how.indexOf(' '))) {
                                    case "system": System.exit(status); break;
                                    case "runtime": Runtime.getRuntime().exit(status); break;
                                    case "halt": Runtime.getRuntime().halt(status); break;
                                    case "static": { IntConsumer exit = System::exit; exit.accept(status); break; }
                                    case "bound": { IntConsumer exit = Runtime.getRuntime()::exit; exit.accept(status); break; }
                                    case "unbound": { BiConsumer<Runtime, Integer> exit = Runtime::halt; exit.accept(Runtime.getRuntime(), status); break; }
                                    case "caught": try { System.exit(status); } catch (Throwable e) { System.exit(99); } break;
                                    case "finally": try { System.exit(status); } finally { return "swallowed"; }
                                    case "thread": { Thread t = new Thread(() -> System.exit(status)); t.start(); new CountDownLatch(1).await(); break; }
                                    case "pool": return CompletableFuture.supplyAsync(() -> { System.exit(status); return "never"; }).join();
                                }
                                return "went on";
                            }
                        }""");
        assertThat(fixture.invoke("Exiting", "\"\"").answer()).isEqualTo("\"call 1\"");

        Recorded recorded = fixture.invoke("Exiting", "\"" + how + "\"");

        assertThat(recorded.error()).isEqualTo(exited(recorded, result));
        recorded.awaitEnd(Duration.ofSeconds(5));
        assertThat(recorded.calls).containsExactly("started", "completed", "ended");
        assertThat(fixture.invoke("Exiting", "\"\"").answer()).isEqualTo("\"call 1\"");
        assertThat(fixture.output()).doesNotContain("HandlerExit").doesNotContain("went on");
    }

    @ParameterizedTest
    @CsvSource({"static System s = new System();, ''", "'', java.lang.System.exit(1);"})
    void endsTheInvocationWhileTheCodeIsInitialised(String initialiser, String constructor) throws Exception {
        function("Starting", """
                public class Starting {
                    public static class System { static int now() { java.lang.System.exit(1); return 1; } int x = now(); }
                    %s
                    public Starting() { %s }
                    public String handle() { return ""; }
                }""".formatted(initialiser, constructor));

        for (int i = 0; i < 2; i++) {
            Recorded recorded = fixture.invoke("Starting", "{}");
            assertThat(recorded.error()).isEqualTo(exited(recorded, WITH_1));
        }
    }

    @Test
    void leavesOtherInvocationsOfTheFunctionAlone() throws Exception {
        function("Two", """
                public class Two {
                    public String handle(String file) throws Exception {
                        if (file.isEmpty()) { System.exit(1); }
                        while (!new File(file).exists()) { Thread.sleep(5); }
                        return "done";
                    }
                }""");
        Path gate = directory.resolve("gate");
        Recorded waiting = fixture.invoke("Two", "\"" + gate + "\"");
        waiting.started.get();

        assertThat(fixture.invoke("Two", "\"\"").error()).contains("Runtime.ExitError");
        Files.createFile(gate);
        assertThat(waiting.answer()).isEqualTo("\"done\"");
    }

    @Test
    void endsTheInvocationAtOnceThoughTheCodeSwallowsItAndGoesOn() throws Exception {
        function("Stubborn", """
                public class Stubborn {
                    public String handle(String file) {
                        try { System.exit(1); } catch (Throwable e) { }
                        while (!new File(file).exists()) { Thread.onSpinWait(); Thread.interrupted(); }
                        return "went on";
                    }
                }""");
        Path stop = directory.resolve("stop");
        try {
            Recorded recorded = fixture.invoke("Stubborn", "\"" + stop + "\"");
            assertThat(recorded.error()).isEqualTo(exited(recorded, WITH_1));
            assertThat(recorded.ended).isNotDone();
        } finally {
            Files.createFile(stop);
        }
    }

    @Test
    void isInTheLogTail() throws Exception {
        function("Logged", "public class Logged { public String handle() { System.exit(1); return null; } }");

        Recorded recorded = fixture.invoke("Logged", "{}", new InvocationOptions(InvocationOptions.WhenBusy.WAIT, null, true, null, null));

        String id = recorded.started.get();
        recorded.awaitEnd(Duration.ofSeconds(5));
        assertThat(recorded.log())
                .contains("RequestId: " + id + " Error: Runtime exited with error: exit status 1\nRuntime.ExitError\nEND ")
                .doesNotContain("HandlerExit");
        List<LogLine> lines = fixture.functions.logs().read(new LogQuery("Logged", null, 100, id), Duration.ZERO)
                .toCompletableFuture().get().lines();
        assertThat(lines).extracting(line -> line.text().split(" ")[0]).containsExactly("START", "RequestId:", "Runtime.ExitError", "END",
                "REPORT");
    }

    @Test
    void dropsAnInstanceWhoseThreadExitsBetweenTwoCalls() throws Exception {
        function("Late", """
                public class Late {
                    static int calls;
                    public int handle(String file) {
                        String gone = file + ".gone";
                        if (!new File(file).exists()) {
                            Thread t = new Thread(() -> {
                                while (!new File(file).exists()) { Thread.onSpinWait(); }
                                try { System.exit(2); } finally { try { new File(gone).createNewFile(); } catch (IOException e) { } }
                            });
                            t.start();
                        }
                        return ++calls;
                    }
                }""");
        Path go = directory.resolve("go");
        Recorded first = fixture.invoke("Late", "\"" + go + "\"");
        assertThat(first.answer()).isEqualTo("1");
        first.awaitEnd(Duration.ofSeconds(5));
        Files.createFile(go);
        await().until(() -> Files.exists(directory.resolve("go.gone")));

        assertThat(fixture.invoke("Late", "\"" + go + "\"").answer()).isEqualTo("1");
        assertThat(fixture.output()).doesNotContain("Exception in thread");
    }

    private static final String HOOKS =
            """
                    public class Hooked {
                        static class Inner { static String content() { return System.getenv("STAGE"); } }
                        static boolean added;
                        public String handle(String how) throws Exception {
                            String file = how.substring(how.indexOf(' ') + 1);
                            if (!added) {
                                added = true;
                                Runtime.getRuntime().addShutdownHook(new Thread(() -> write(file)));
                                Thread removed = new Thread(() -> write(file + ".removed"));
                                Runtime.getRuntime().addShutdownHook(removed);
                                try { Runtime.getRuntime().addShutdownHook(removed); } catch (IllegalArgumentException e) { System.out.println(e.getMessage()); }
                                System.out.println(Runtime.getRuntime().removeShutdownHook(removed) + " " + Runtime.getRuntime().removeShutdownHook(removed));
                                Runtime.getRuntime().addShutdownHook(new Thread(() -> System.exit(1)));
                                Runtime.getRuntime().addShutdownHook(new Thread(() -> { try { Thread.sleep(60_000); } catch (InterruptedException e) { write(file + ".interrupted"); } }));
                            }
                            if (how.startsWith("exit")) { System.exit(1); }
                            if (how.startsWith("halt")) { Runtime.getRuntime().halt(1); }
                            return "";
                        }
                        static void write(String file) {
                            try { java.nio.file.Files.writeString(java.nio.file.Path.of(file), Inner.content()); } catch (IOException e) { throw new UncheckedIOException(e); }
                        }
                    }""";

    @Test
    void runsShutdownHooksWhenTheInstanceEndsWhileItsClassesAreThere() throws Exception {
        function("Hooked", HOOKS);
        Path exited = directory.resolve("exited");
        Path dropped = directory.resolve("dropped");

        fixture.invoke("Hooked", "\"exit " + exited + "\"").error();
        await().until(() -> Files.exists(exited) && Files.readString(exited).equals("local"));
        await().until(() -> Files.exists(directory.resolve("exited.interrupted")));

        Recorded kept = fixture.invoke("Hooked", "\"stay " + dropped + "\"");
        kept.awaitEnd(Duration.ofSeconds(5));
        assertThat(dropped).doesNotExist();
        fixture.functions.registry().delete(FunctionsFixture.CALLER, FunctionsFixture.named("Hooked"));
        await().until(() -> Files.exists(dropped) && Files.readString(dropped).equals("local"));
        await().until(() -> Files.exists(directory.resolve("dropped.interrupted")));
        assertThat(directory.resolve("exited.removed")).doesNotExist();
        assertThat(fixture.output()).contains("Hook previously registered").contains("true false").doesNotContain("Exception");
    }

    @Test
    void runsNoShutdownHooksAfterAHalt() throws Exception {
        function("Hooked", HOOKS);
        Path halted = directory.resolve("halted");
        Path after = directory.resolve("after");

        fixture.invoke("Hooked", "\"halt " + halted + "\"").error();
        fixture.invoke("Hooked", "\"exit " + after + "\"").error();
        await().until(() -> Files.exists(directory.resolve("after.interrupted")));

        assertThat(halted).doesNotExist();
    }
}
