package dev.sluice.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FreePort;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.Isolation;
import dev.sluice.function.LocalOptions;
import dev.sluice.invocation.InvocationOptions;
import dev.sluice.invocation.InvocationResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a handler in a JVM of its own gets to see, and what becomes of that JVM. */
class ProcessIsolationIT {

    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path directory;
    private FunctionsFixture fixture;

    @BeforeEach
    void open() {
        fixture = new FunctionsFixture(directory, Isolation.PROCESS);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private FunctionCode.LocalJar jar(String className, String source, Object... more) throws IOException {
        Path jar = Files.createTempFile(directory, "handler", ".jar");
        Files.write(jar, CompiledHandler.compile(directory, className, source).zip(more));
        return new FunctionCode.LocalJar(jar);
    }

    private void function(String className, String source, FunctionSettings settings) throws IOException {
        fixture.functions.registry().register(className, jar(className, source), settings);
    }

    private static FunctionSettings settings(String className, int memoryMb, Map<String, String> environment, LocalOptions options) {
        return new FunctionSettings(null, "example." + className + "::handle", null, "", Duration.ofSeconds(20), memoryMb, environment)
                .with(options);
    }

    private static FunctionSettings settings(String className) {
        return settings(className, 256, Map.of(), LocalOptions.DEFAULT);
    }

    private static final String FACTS =
            """
                    public class Facts {
                        static int calls;
                        public String handle(String how, Context c) throws Exception {
                            calls++;
                            switch (how) {
                                case "pid": return calls + " " + ProcessHandle.current().pid();
                                case "heap": return String.valueOf(Runtime.getRuntime().maxMemory() >> 20);
                                case "options": return String.join(" ", java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
                                case "names": return String.join(",", new TreeSet<>(System.getenv().keySet()));
                                case "place": return System.getenv("LAMBDA_TASK_ROOT").equals(new File("").getAbsolutePath()) + " "
                                    + java.nio.file.Files.readString(java.nio.file.Path.of("config/app.txt")) + " " + new File("example/Facts.class").exists();
                                case "trace": return System.getProperty("com.amazonaws.xray.traceHeader");
                                case "unicode": System.out.println("pr\\u00fcfen \\u20ac"); c.getLogger().log("\\u00fc"); return "";
                                case "sleep": System.out.println("sleeping"); Thread.sleep(60_000); return "";
                                case "properties": return String.valueOf(System.getProperty("user.dir").equals(System.getenv("LAMBDA_TASK_ROOT")));
                                default: throw new IllegalArgumentException(how);
                            }
                        }
                    }""";

    private String facts(String how) throws Exception {
        Recorded recorded = fixture.invoke("Facts", "\"" + how + "\"");
        String answer = recorded.answer();
        recorded.awaitEnd(SOON);
        return answer.substring(1, answer.length() - 1);
    }

    private static ProcessHandle process(String answer) {
        return ProcessHandle.of(Long.parseLong(answer.substring(answer.indexOf(' ') + 1))).orElseThrow();
    }

    private static boolean isGone(ProcessHandle process) {
        return !process.isAlive();
    }

    @Test
    void runsInItsOwnDirectoryWithItsOwnMemoryAndEnvironment() throws Exception {
        fixture.functions.registry().register("Facts", jar("Facts", FACTS, "config/app.txt", "hello".getBytes()),
                settings("Facts", 512, Map.of("TABLE", "orders"), LocalOptions.DEFAULT));

        assertThat(facts("place")).isEqualTo("true hello true");
        // 85 % of the function's memory; the collector keeps a part of it back.
        assertThat(Integer.parseInt(facts("heap"))).isBetween(400, 436);
        assertThat(facts("options")).contains("-XX:+UseSerialGC").contains("-XX:TieredStopAtLevel=1");
        assertThat(facts("names").split(",")).contains("TABLE", "STAGE", "AWS_LAMBDA_RUNTIME_API", "_HANDLER", "PATH", "LAMBDA_TASK_ROOT")
                .doesNotContain("HOME", "LD_LIBRARY_PATH", "USER");
        assertThat(facts("trace")).startsWith("Root=1-");
        assertThat(facts("properties")).isEqualTo("true");
    }

    @Test
    void whoeverGivesToolOptionsChoosesCollectorAndCompiler() throws Exception {
        function("Facts", FACTS, settings("Facts", 256, Map.of("JAVA_TOOL_OPTIONS", "-XX:+UseParallelGC -Dmine=1"), LocalOptions.DEFAULT));

        assertThat(facts("options")).contains("-XX:+UseParallelGC").contains("-Dmine=1").doesNotContain("SerialGC");
    }

    @Test
    void printsUnicodeWhateverTheServersLocale() throws Exception {
        function("Facts", FACTS, settings("Facts"));

        facts("unicode");

        assertThat(fixture.output()).contains("prüfen €").contains("ü");
    }

    @Test
    void staysWarmAndEndsWithItsFunction() throws Exception {
        function("Facts", FACTS, settings("Facts"));
        String first = facts("pid");
        ProcessHandle process = process(first);
        assertThat(facts("pid")).isEqualTo("2 " + process.pid());

        fixture.functions.registry().unregister("Facts");

        await().atMost(SOON).until(() -> isGone(process));
    }

    @Test
    void aNewVersionTakesOverAndTheOldProcessEnds() throws Exception {
        function("Facts", FACTS, settings("Facts"));
        ProcessHandle before = process(facts("pid"));

        function("Facts", FACTS, settings("Facts"));
        ProcessHandle after = process(facts("pid"));

        assertThat(after.pid()).isNotEqualTo(before.pid());
        await().atMost(SOON).until(() -> isGone(before));
    }

    @Test
    void isKilledWhenItsTimeIsUpAndTheNextCallHasAnother() throws Exception {
        fixture.functions.registry().register("Facts", jar("Facts", FACTS), FunctionsFixture.settings("example.Facts::handle", 1));
        ProcessHandle process = process(facts("pid"));

        Recorded sleeping = fixture.invoke("Facts", "\"sleep\"");

        assertThat(sleeping.result()).isInstanceOf(InvocationResult.TimedOut.class);
        sleeping.awaitEnd(SOON);
        await().atMost(SOON).until(() -> isGone(process));
        assertThat(facts("pid")).startsWith("1 ");
    }

    @Test
    void anotherOneTakesOverFromOneThatWasKilledBetweenTwoCallsOrInOne() throws Exception {
        function("Facts", FACTS, settings("Facts"));
        ProcessHandle idle = process(facts("pid"));
        idle.destroyForcibly();
        await().atMost(SOON).until(() -> isGone(idle));
        ProcessHandle second = process(facts("pid"));

        Recorded sleeping = fixture.invoke("Facts", "\"sleep\"");
        // Not before it has the event: one that nobody has seen is given to another process.
        await().atMost(SOON).until(() -> fixture.output().contains("sleeping"));
        second.destroyForcibly();

        assertThat(sleeping.error()).isEqualTo("{\"errorMessage\":\"RequestId: " + sleeping.started.get()
                + " Error: Runtime exited with error: signal: killed\",\"errorType\":\"Runtime.ExitError\"}");
        assertThat(facts("pid")).startsWith("1 ");
    }

    @Test
    void severalRunAtOnceEachInItsOwn() throws Exception {
        function("Facts", FACTS, settings("Facts"));
        Recorded sleeping = fixture.invoke("Facts", "\"sleep\"");
        sleeping.started.join();

        assertThat(facts("pid")).startsWith("1 ");
    }

    @Test
    void leavesNothingBehindWhenTheServerCloses() throws Exception {
        function("Facts", FACTS, settings("Facts"));
        Recorded sleeping = fixture.invoke("Facts", "\"sleep\"");
        sleeping.started.join();
        ProcessHandle idle = process(facts("pid"));
        List<ProcessHandle> all = new ArrayList<>(ProcessHandle.current().descendants().toList());
        assertThat(all).contains(idle);

        fixture.close();

        await().atMost(SOON).until(() -> all.stream().filter(process -> process.equals(idle)).allMatch(ProcessIsolationIT::isGone));
        assertThat(sleeping.result()).isInstanceOf(InvocationResult.CouldNotInvoke.class);
    }

    @Test
    void runsOutOfItsOwnMemoryAndOfNobodyElses() throws Exception {
        function("Full", """
                public class Full {
                    static int calls;
                    public int handle(boolean full) {
                        List<byte[]> all = new ArrayList<>();
                        while (full) { all.add(new byte[1 << 20]); }
                        return ++calls;
                    }
                }""", settings("Full", 128, Map.of(), LocalOptions.DEFAULT));
        assertThat(fixture.invoke("Full", "false").answer()).isEqualTo("1");

        assertThat(fixture.invoke("Full", "true").error()).contains("\"errorType\":\"java.lang.OutOfMemoryError\"");

        assertThat(fixture.invoke("Full", "false").answer()).isEqualTo("1");
    }

    @Test
    void whatAFunctionSaysOfItselfWinsOverTheServersWay() throws Exception {
        function("Facts", FACTS, settings("Facts", 256, Map.of(), new LocalOptions(Isolation.JVM, false, null)));

        assertThat(facts("pid")).isEqualTo("1 " + ProcessHandle.current().pid());
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void theReportNamesTheMemoryThatWasUsed(Isolation isolation) throws Exception {
        function("Facts", FACTS, settings("Facts", 256, Map.of(), new LocalOptions(isolation, false, null)));

        Recorded recorded =
                fixture.invoke("Facts", "\"pid\"", new InvocationOptions(InvocationOptions.WhenBusy.WAIT, null, true, null, null));
        recorded.awaitEnd(SOON);

        assertThat(recorded.log()).containsPattern("REPORT RequestId: \\S+\tDuration: [\\d.]+ ms\tBilled Duration: \\d+ ms\t"
                + "Memory Size: 256 MB\tMax Memory Used: [1-9]\\d* MB\tInit Duration: [\\d.]+ ms\t");
    }

    @Test
    void waitsForADebuggerBeforeItRunsAnything() throws Exception {
        int port = FreePort.one();
        FunctionSettings settings = new FunctionSettings(null, "example.Facts::handle", null, "", Duration.ofSeconds(1), 256, Map.of())
                .with(new LocalOptions(null, false, port));
        function("Facts", FACTS, settings);
        // One process can listen there, whatever is reserved.
        fixture.functions.account().reserve(FunctionsFixture.CALLER, FunctionsFixture.named("Facts"), 2);

        Recorded first = fixture.invoke("Facts", "\"pid\"");
        Recorded second = fixture.invoke("Facts", "\"pid\"", InvocationOptions.DEFAULT);
        await().atMost(SOON).until(() -> fixture.output().contains("Listening for transport dt_socket at address: " + port));
        assertThat(first.completed).isNotDone();
        assertThat(second.started).isNotDone();
        VirtualMachine debugged = attach(port);
        debugged.resume();

        assertThat(first.answer()).startsWith("\"1 ");
        assertThat(second.answer()).startsWith("\"2 ");
        // The next process listens at the same port.
        function("Facts", FACTS, settings.withDescription("changed"));
        Recorded third = fixture.invoke("Facts", "\"pid\"");
        await().atMost(SOON).until(() -> fixture.output().split("Listening for transport").length == 3);
        attach(port).resume();
        assertThat(third.answer()).startsWith("\"1 ");
    }

    @Test
    void theWaitForADebuggerEndsWithTheFunction() throws Exception {
        int port = FreePort.one();
        function("Facts", FACTS, settings("Facts", 256, Map.of(), new LocalOptions(null, false, port)));
        Recorded waiting = fixture.invoke("Facts", "\"pid\"");
        await().atMost(SOON).until(() -> fixture.output().contains("Listening for transport dt_socket at address: " + port));

        fixture.functions.registry().unregister("Facts");

        waiting.awaitEnd(SOON);
        assertThat(waiting.result()).isNotInstanceOf(InvocationResult.Success.class);
    }

    private static VirtualMachine attach(int port) throws Exception {
        AttachingConnector connector = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(each -> each.name().equals("com.sun.jdi.SocketAttach")).findFirst().orElseThrow();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue(String.valueOf(port));
        return connector.attach(arguments);
    }
}
