package dev.sluice.function;

import static dev.sluice.function.FunctionsFixture.CALLER;
import static dev.sluice.function.FunctionsFixture.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.function.FunctionAliases.Change;
import dev.sluice.function.InvocationOptions.WhenBusy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions, aliases, reserved concurrency, the log and the client context, as they act on invocations of real handlers. */
class InvocationIT {

    private static final InvocationOptions LOGGED = new InvocationOptions(WhenBusy.WAIT, null, true, null, null);
    private static final InvocationOptions THROTTLED = new InvocationOptions(WhenBusy.THROTTLE_OVER_RESERVATION, null, false, null, null);

    /** Says what it is, and which of its instances: the object's number is new in each class loader's first instance. */
    private static final String SELF = """
            public class Self {
                static final String LOADED = Long.toHexString(System.nanoTime());
                public String self(Object event, Context c) {
                    return "%s " + c.getFunctionVersion() + " " + LOADED;
                }
            }""";

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

    private void upload(String name, String className, String source, String method) throws Exception {
        fixture.upload(name, CompiledHandler.compile(directory, className, source).zip(), "example." + className + "::" + method);
    }

    private void update(String name, String className, String source) throws Exception {
        fixture.functions.registry().updateCode(CALLER, named(name),
                FunctionsFixture.update(CompiledHandler.compile(directory, className, source).zip()));
    }

    private void publish(String name) {
        fixture.functions.versions().publish(CALLER, named(name), new FunctionVersions.Publish(null, null, null));
    }

    private Recorded invoke(String name, String event, InvocationOptions options) {
        Recorded recorded = new Recorded();
        Payload payload = Payload.of(event.getBytes(StandardCharsets.UTF_8));
        String[] parts = name.split(":");
        fixture.functions.submit(new Invocation(FunctionsFixture.arn(parts[0]).withQualifier(parts.length > 1 ? parts[1] : null), "turn",
                () -> payload, recorded, options));
        return recorded;
    }

    private String answer(String name) throws Exception {
        Recorded recorded = invoke(name, "{}", InvocationOptions.DEFAULT);
        String answer = recorded.answer();
        recorded.awaitEnd(Duration.ofSeconds(5));
        return answer;
    }

    @Test
    void runsTheVersionThatAnAliasStandsForAndSaysWhichItWas() throws Exception {
        upload("f", "Self", SELF.formatted("one"), "self");
        publish("f");
        update("f", "Self", SELF.formatted("two"));
        fixture.functions.aliases().create(CALLER, named("f"), "live", new Change("1", null, null));

        Recorded live = invoke("f:live", "{}", InvocationOptions.DEFAULT);
        assertThat(live.answer()).startsWith("\"one 1 ");
        assertThat(live.version).isEqualTo("1");
        Recorded latest = invoke("f", "{}", InvocationOptions.DEFAULT);
        assertThat(latest.answer()).startsWith("\"two $LATEST ");
        assertThat(latest.version).isEqualTo("$LATEST");
    }

    @Test
    void aHandlerIsToldTheArnItWasInvokedBy() throws Exception {
        upload("f", "Told", """
                public class Told {
                    public String told(Object event, Context c) { return c.getInvokedFunctionArn() + " " + c.getLogStreamName(); }
                }""", "told");
        publish("f");
        fixture.functions.aliases().create(CALLER, named("f"), "live", new Change("1", null, null));

        assertThat(answer("f:live")).matches("\"arn:aws:lambda:us-east-1:000000000000:function:f:live \\d{4}/\\d\\d/\\d\\d/\\[1\\][0-9a-f]{32}\"");
    }

    @Test
    void aWeightedAliasSendsToBothOfItsVersions() throws Exception {
        upload("f", "Self", SELF.formatted("one"), "self");
        publish("f");
        update("f", "Self", SELF.formatted("two"));
        publish("f");
        fixture.functions.aliases().create(CALLER, named("f"), "live", new Change("1", null, Map.of("2", 0.5)));

        TreeSet<String> versions = new TreeSet<>();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            versions.add(answer("f:live").substring(0, 6));
            return versions.size() == 2;
        });
        assertThat(versions).containsExactly("\"one 1", "\"two 2");
    }

    @Test
    void keepsInstancesOfSeveralVersionsWarm() throws Exception {
        upload("f", "Self", SELF.formatted("one"), "self");
        publish("f");
        update("f", "Self", SELF.formatted("two"));

        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            seen.add(answer("f:1"));
            seen.add(answer("f"));
        }

        assertThat(new TreeSet<>(seen)).as("one instance of each").hasSize(2);
    }

    @Test
    void whatIsSaidOfAFunctionBesideItsCodeCostsNoWarmInstance() throws Exception {
        upload("f", "Self", SELF.formatted("one"), "self");
        String first = answer("f");
        fixture.functions.account().reserve(CALLER, named("f"), 2);
        publish("f");

        assertThat(answer("f")).isEqualTo(first);
    }

    @Test
    void theInstancesOfADeletedVersionGo() throws Exception {
        upload("f", "Self", SELF.formatted("one"), "self");
        publish("f");
        update("f", "Self", SELF.formatted("two"));
        answer("f:1");
        String latest = answer("f");
        await().atMost(Duration.ofSeconds(5)).until(() -> codeInUse() == 2);
        fixture.functions.versions().delete(CALLER, named("f:1"));

        await().atMost(Duration.ofSeconds(5)).until(() -> codeInUse() == 1);
        assertThat(answer("f")).isEqualTo(latest);
        assertThat(invoke("f:1", "{}", InvocationOptions.DEFAULT).notValid()).contains("f:1");
    }

    /** How many zips are unpacked, or kept to be: what nobody uses and nobody refers to is deleted. */
    private long codeInUse() throws Exception {
        try (var files = java.nio.file.Files.list(fixture.codeDirectory)) {
            return files.map(file -> file.getFileName().toString().split("\\.")[0]).distinct().count();
        }
    }

    @Test
    void withNothingReservedEveryInvocationIsThrottledUntilThatChanges() throws Exception {
        upload("f", "Self", SELF.formatted("one"), "self");
        fixture.functions.account().reserve(CALLER, named("f"), 0);

        for (InvocationOptions options : List.of(InvocationOptions.DEFAULT, THROTTLED)) {
            Recorded recorded = invoke("f", "{}", options);
            assertThat(recorded.result()).isEqualTo(new InvocationResult.Throttled("ReservedFunctionConcurrentInvocationLimitExceeded"));
            recorded.awaitEnd(Duration.ofSeconds(5));
            assertThat(recorded.calls).containsExactly("completed", "ended");
        }
        fixture.functions.account().unreserve(CALLER, named("f"));
        assertThat(answer("f")).startsWith("\"one");
    }

    private static final String GATE = """
            public class Gate {
                public String pass(String file, Context c) throws Exception {
                    for (int i = 0; i < 2000 && !java.nio.file.Files.exists(java.nio.file.Path.of(file)); i++) { Thread.sleep(5); }
                    return c.getFunctionVersion();
                }
            }""";

    @Test
    void overItsReservationOnlyWhoMayWaitWaits() throws Exception {
        upload("f", "Gate", GATE, "pass");
        fixture.functions.registry().updateConfiguration(CALLER, named("f"),
                new SettingsChange(null, null, null, null, 30, null, null, Map.of()), null);
        publish("f");
        fixture.functions.account().reserve(CALLER, named("f"), 1);
        Path gate = directory.resolve("gate");
        String event = "\"" + gate + "\"";
        Recorded runs = invoke("f:1", event, THROTTLED);
        runs.started.get(20, java.util.concurrent.TimeUnit.SECONDS);

        assertThat(invoke("f", event, THROTTLED).result()).as("versions share the slots").isInstanceOf(InvocationResult.Throttled.class);
        Recorded waits = invoke("f", event, InvocationOptions.DEFAULT);
        assertThat(waits.started).isNotDone();
        fixture.functions.account().reserve(CALLER, named("f"), 2);
        waits.started.get(20, java.util.concurrent.TimeUnit.SECONDS);

        // Lowered below what runs, nothing that runs is ended, and what waits is throttled.
        Recorded third = invoke("f", event, InvocationOptions.DEFAULT);
        fixture.functions.account().reserve(CALLER, named("f"), 0);
        assertThat(third.result()).isInstanceOf(InvocationResult.Throttled.class);
        assertThat(runs.completed).isNotDone();
        java.nio.file.Files.createFile(gate);
        assertThat(runs.answer()).isEqualTo("\"1\"");
        assertThat(waits.answer()).isEqualTo("\"$LATEST\"");
    }

    @Test
    void withoutAReservationWhoeverComesWaits() throws Exception {
        upload("f", "Gate", GATE, "pass");
        Path gate = directory.resolve("gate");
        List<Recorded> three = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            three.add(invoke("f", "\"" + gate + "\"", THROTTLED));
        }
        three.get(1).started.get(20, java.util.concurrent.TimeUnit.SECONDS);
        java.nio.file.Files.createFile(gate);

        for (Recorded each : three) {
            assertThat(each.answer()).isEqualTo("\"$LATEST\"");
        }
    }

    @Test
    void logsWhatTheHandlerPrintedWhenAskedTo() throws Exception {
        upload("f", "Talker", """
                public class Talker {
                    static { System.out.println("initialised"); }
                    public String talk(Object event, Context c) {
                        System.out.println("printed");
                        c.getLogger().log("logged");
                        System.err.print("no line end");
                        return null;
                    }
                }""", "talk");

        Recorded first = invoke("f", "{}", LOGGED);
        assertThat(first.answer()).isEqualTo("null");
        String id = first.started.get();
        assertThat(first.calls).startsWith("started", "logged", "completed");
        assertThat(first.log()).matches("START RequestId: " + id + " Version: \\$LATEST\ninitialised\nprinted\nlogged\nno line end\n"
                + "END RequestId: " + id + "\nREPORT RequestId: " + id + "\tDuration: \\d+\\.\\d\\d ms\tBilled Duration: \\d+ ms\t"
                + "Memory Size: 128 MB\tMax Memory Used: \\d+ MB\tInit Duration: \\d+\\.\\d\\d ms\t\n");
        first.awaitEnd(Duration.ofSeconds(5));
        assertThat(invoke("f", "{}", InvocationOptions.DEFAULT).answer()).isEqualTo("null");
        Recorded third = invoke("f", "{}", LOGGED);
        third.result();
        assertThat(third.log()).contains("\nprinted\nlogged\n").doesNotContain("initialised", "Init Duration", id);
    }

    @Test
    void logsTheErrorThatTheHandlerThrew() throws Exception {
        upload("f", "Thrower", """
                public class Thrower {
                    public String fail(Object event) { throw new IllegalStateException("as asked", new RuntimeException("deeper")); }
                }""", "fail");

        Recorded recorded = invoke("f", "{}", LOGGED);
        assertThat(recorded.error()).contains("as asked");
        assertThat(recorded.log()).contains("as asked: java.lang.IllegalStateException\njava.lang.IllegalStateException: as asked\n"
                + "\tat example.Thrower.fail(Thrower.java:7)\nCaused by: java.lang.RuntimeException: deeper\n").contains("\nEND RequestId: ")
                .doesNotContain("dev.sluice");
    }

    @Test
    void logsThatTheTimeWasUp() throws Exception {
        upload("f", "Gate", GATE, "pass");
        fixture.functions.registry().updateConfiguration(CALLER, named("f"),
                new SettingsChange(null, null, null, null, 1, null, null, Map.of()), null);

        Recorded recorded = invoke("f", "\"" + directory.resolve("never") + "\"", LOGGED);
        assertThat(recorded.result()).isInstanceOf(InvocationResult.TimedOut.class);
        assertThat(recorded.log()).contains("Z " + recorded.started.get() + " Task timed out after 1.00 seconds\n\nEND RequestId: ");
    }

    @Test
    void handsTheClientContextToTheHandler() throws Exception {
        upload("f", "Caller", """
                public class Caller {
                    public String who(Object event, Context c) {
                        ClientContext cc = c.getClientContext();
                        return cc == null ? "nobody" : cc.getClient().getAppTitle() + cc.getCustom() + cc.getEnvironment() + c.getXrayTraceId();
                    }
                }""", "who");

        String context = "{\"client\":{\"app_title\":\"shop\"},\"custom\":{\"a\":\"b\"},\"env\":{\"locale\":\"de\"}}";
        assertThat(invoke("f", "{}", new InvocationOptions(WhenBusy.WAIT, null, false, context, "Root=1-2-3")).answer())
                .isEqualTo("\"shop{a=b}{locale=de}Root=1-2-3\"");
        assertThat(answer("f")).isEqualTo("\"nobody\"");
        // aws-lambda-java-libs#212
        assertThat(invoke("f", "{}", new InvocationOptions(WhenBusy.WAIT, null, false, "{\"custom\":{\"a\":{}}}", null)).error())
                .contains("Expected a string at custom.a of the client context");
    }

    @Test
    void codeOfAnotherRuntimeIsNotValidAndSaysWhatToDo() throws Exception {
        fixture.functions.registry().create(CALLER, new FunctionRegistry.Create("p", new CodeSource.Zip(new Zip().file("app.py", new byte[] {'x'}).bytes()),
                new SettingsChange("python3.12", "app.handler", "arn:aws:iam::000000000000:role/r", null, null, null, null, Map.of()),
                dev.sluice.mapping.Tags.NONE, false));

        assertThat(invoke("p", "{}", InvocationOptions.DEFAULT).notValid()).isEqualTo("function p has the runtime python3.12, and of uploaded"
                + " code Sluice runs Java only; run it yourself (sam local start-lambda, or Lambda's Runtime Interface Emulator), delete"
                + " this function, and register where it answers: sluice functions add NAME --invoke-url URL, or invokeUrl in sluice.yaml");
    }

    @Test
    void triesAnAsynchronousInvocationAgainUnderTheSameId() throws Exception {
        upload("f", "Second", """
                public class Second {
                    static int calls;
                    public String take(Object event, Context c) {
                        calls++;
                        System.out.println("call " + calls + " of " + c.getAwsRequestId());
                        if (calls == 1) { throw new IllegalStateException("the first fails"); }
                        return "done";
                    }
                }""", "take");

        assertThat(fixture.functions.asynchronous().accept(FunctionsFixture.arn("f"), "id-1", new byte[] {'{', '}'}, null)).isTrue();

        await().atMost(Duration.ofSeconds(20)).until(() -> fixture.functions.asynchronous().pending() == 0);
        assertThat(fixture.output()).contains("call 1 of id-1").contains("call 2 of id-1").doesNotContain("call 3");
    }
}
