package dev.sluice.runtime;

import static dev.sluice.fixture.FunctionsFixture.CALLER;
import static dev.sluice.fixture.FunctionsFixture.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import dev.sluice.fixture.Zip;
import dev.sluice.function.CodeSource;
import dev.sluice.function.FunctionAliases.Change;
import dev.sluice.function.FunctionRegistry;
import dev.sluice.function.SettingsChange;
import dev.sluice.invocation.InvocationOptions;
import dev.sluice.invocation.InvocationOptions.WhenBusy;
import dev.sluice.invocation.InvocationResult;
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

/** Versions, aliases, and reserved concurrency, as they act on invocations of real handlers. */
class InvocationIT {

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

    private void update(String name, String className, String source) throws Exception {
        fixture.functions.registry().updateCode(CALLER, named(name),
                FunctionsFixture.update(CompiledHandler.compile(directory, className, source).zip()));
    }

    @Test
    void runsTheVersionThatAnAliasStandsForAndSaysWhichItWas() throws Exception {
        fixture.upload("f", "Self", SELF.formatted("one"), "self");
        fixture.publish("f");
        update("f", "Self", SELF.formatted("two"));
        fixture.functions.aliases().create(CALLER, named("f"), "live", new Change("1", null, null));

        Recorded live = fixture.invoke("f:live", "{}", InvocationOptions.DEFAULT);
        assertThat(live.answer()).startsWith("\"one 1 ");
        assertThat(live.version).isEqualTo("1");
        Recorded latest = fixture.invoke("f", "{}", InvocationOptions.DEFAULT);
        assertThat(latest.answer()).startsWith("\"two $LATEST ");
        assertThat(latest.version).isEqualTo("$LATEST");
    }

    @Test
    void aWeightedAliasSendsToBothOfItsVersions() throws Exception {
        fixture.upload("f", "Self", SELF.formatted("one"), "self");
        fixture.publish("f");
        update("f", "Self", SELF.formatted("two"));
        fixture.publish("f");
        fixture.functions.aliases().create(CALLER, named("f"), "live", new Change("1", null, Map.of("2", 0.5)));

        TreeSet<String> versions = new TreeSet<>();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            versions.add(fixture.answer("f:live").substring(0, 6));
            return versions.size() == 2;
        });
        assertThat(versions).containsExactly("\"one 1", "\"two 2");
    }

    @Test
    void keepsInstancesOfSeveralVersionsWarm() throws Exception {
        fixture.upload("f", "Self", SELF.formatted("one"), "self");
        fixture.publish("f");
        update("f", "Self", SELF.formatted("two"));

        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            seen.add(fixture.answer("f:1"));
            seen.add(fixture.answer("f"));
        }

        assertThat(new TreeSet<>(seen)).as("one instance of each").hasSize(2);
    }

    @Test
    void whatIsSaidOfAFunctionBesideItsCodeCostsNoWarmInstance() throws Exception {
        fixture.upload("f", "Self", SELF.formatted("one"), "self");
        String first = fixture.answer("f");
        fixture.functions.account().reserve(CALLER, named("f"), 2);
        fixture.publish("f");

        assertThat(fixture.answer("f")).isEqualTo(first);
    }

    @Test
    void theInstancesOfADeletedVersionGo() throws Exception {
        fixture.upload("f", "Self", SELF.formatted("one"), "self");
        fixture.publish("f");
        update("f", "Self", SELF.formatted("two"));
        fixture.answer("f:1");
        String latest = fixture.answer("f");
        await().atMost(Duration.ofSeconds(5)).until(() -> codeInUse() == 2);
        fixture.functions.versions().delete(CALLER, named("f:1"));

        await().atMost(Duration.ofSeconds(5)).until(() -> codeInUse() == 1);
        assertThat(fixture.answer("f")).isEqualTo(latest);
        assertThat(fixture.invoke("f:1", "{}", InvocationOptions.DEFAULT).notValid()).contains("f:1");
    }

    /** How many zips are unpacked, or kept to be: what nobody uses and nobody refers to is deleted. */
    private long codeInUse() throws Exception {
        try (var files = java.nio.file.Files.list(fixture.codeDirectory)) {
            return files.map(file -> file.getFileName().toString().split("\\.")[0]).distinct().count();
        }
    }

    @Test
    void withNothingReservedEveryInvocationIsThrottledUntilThatChanges() throws Exception {
        fixture.upload("f", "Self", SELF.formatted("one"), "self");
        fixture.functions.account().reserve(CALLER, named("f"), 0);

        for (InvocationOptions options : List.of(InvocationOptions.DEFAULT, THROTTLED)) {
            Recorded recorded = fixture.invoke("f", "{}", options);
            assertThat(recorded.result()).isEqualTo(new InvocationResult.Throttled("ReservedFunctionConcurrentInvocationLimitExceeded"));
            recorded.awaitEnd(Duration.ofSeconds(5));
            assertThat(recorded.calls).containsExactly("completed", "ended");
        }
        fixture.functions.account().unreserve(CALLER, named("f"));
        assertThat(fixture.answer("f")).startsWith("\"one");
    }

    @Test
    void overItsReservationOnlyWhoMayWaitWaits() throws Exception {
        fixture.upload("f", "Gate", FunctionsFixture.GATE, "pass");
        fixture.timeout("f", 30);
        fixture.publish("f");
        fixture.functions.account().reserve(CALLER, named("f"), 1);
        Path gate = directory.resolve("gate");
        String event = "\"" + gate + "\"";
        Recorded runs = fixture.invoke("f:1", event, THROTTLED);
        runs.started.get(20, java.util.concurrent.TimeUnit.SECONDS);

        assertThat(fixture.invoke("f", event, THROTTLED).result()).as("versions share the slots")
                .isInstanceOf(InvocationResult.Throttled.class);
        Recorded waits = fixture.invoke("f", event, InvocationOptions.DEFAULT);
        assertThat(waits.started).isNotDone();
        fixture.functions.account().reserve(CALLER, named("f"), 2);
        waits.started.get(20, java.util.concurrent.TimeUnit.SECONDS);

        // Lowered below what runs, nothing that runs is ended, and what waits is throttled.
        Recorded third = fixture.invoke("f", event, InvocationOptions.DEFAULT);
        fixture.functions.account().reserve(CALLER, named("f"), 0);
        assertThat(third.result()).isInstanceOf(InvocationResult.Throttled.class);
        assertThat(runs.completed).isNotDone();
        java.nio.file.Files.createFile(gate);
        assertThat(runs.answer()).isEqualTo("\"1\"");
        assertThat(waits.answer()).isEqualTo("\"$LATEST\"");
    }

    @Test
    void withoutAReservationWhoeverComesWaits() throws Exception {
        fixture.upload("f", "Gate", FunctionsFixture.GATE, "pass");
        Path gate = directory.resolve("gate");
        List<Recorded> three = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            three.add(fixture.invoke("f", "\"" + gate + "\"", THROTTLED));
        }
        three.get(1).started.get(20, java.util.concurrent.TimeUnit.SECONDS);
        java.nio.file.Files.createFile(gate);

        for (Recorded each : three) {
            assertThat(each.answer()).isEqualTo("\"$LATEST\"");
        }
    }

    @Test
    void codeOfAnotherRuntimeCouldNotBeInvokedAndSaysWhatToDo() throws Exception {
        fixture.functions.registry().create(CALLER, new FunctionRegistry.Create("p",
                new CodeSource.Zip(new Zip().file("app.rb", "x").bytes()),
                new SettingsChange("ruby3.3", "app.handler", "arn:aws:iam::000000000000:role/r", null, null, null, null, Map.of()),
                dev.sluice.resource.Tags.NONE, false));

        assertThat(fixture.invoke("p", "{}", InvocationOptions.DEFAULT).couldNotInvoke())
                .isEqualTo("function p has the runtime ruby3.3, which Sluice"
                        + " doesn't run (it runs java, python3, nodejs and provided); run it yourself (sam local start-lambda, or Lambda's Runtime Interface Emulator), delete"
                        + " this function, and register where it answers: sluice functions add NAME --invoke-url URL, or invokeUrl in sluice.yaml");
    }

    @Test
    void triesAnAsynchronousInvocationAgainUnderTheSameId() throws Exception {
        fixture.upload("f", "Second", """
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
