package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Programs;
import dev.sluice.fixture.Recorded;
import dev.sluice.fixture.Zip;
import dev.sluice.function.CodeSource;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionRegistry;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.Isolation;
import dev.sluice.function.LocalOptions;
import dev.sluice.function.SettingsChange;
import dev.sluice.invocation.ErrorDocument;
import dev.sluice.invocation.InvocationOptions;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.resource.Tags;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an invocation comes to whose function can't be started: what would fail on Lambda is an error of the function, an attempt like any
 * other, in Lambda's words and with ours behind them; where there is no code, or only this machine can't run it, there was no attempt.
 */
class HandlerProblemIT {

    private static final String SOURCE = """
            public class Shop {
                public String handle(Object event) { return ""; }
                public void two(String a, String b) { }
                public static abstract class Half implements RequestHandler<Object, Object> { }
                public static class Choosy implements RequestHandler<Object, Object> {
                    public Choosy(int i) { }
                    public Object handleRequest(Object event, Context context) { return ""; }
                }
                public static class Base { }
                public static class Thin extends Base { public String handle(Object event) { return ""; } }
                public static class Typed implements RequestHandler<Base, String> {
                    public String handleRequest(Base event, Context context) { return ""; }
                }
                public static class Taking { public String handle(Base event) { return ""; } }
                public static class Using { public String handle(Object event) { return "" + new Base(); } }
            }""";

    @TempDir
    private Path directory;
    private FunctionsFixture fixture;

    @AfterEach
    void close() {
        fixture.close();
    }

    /** Each in both isolations. */
    static Stream<Arguments> java() {
        String library = "a library is missing: build it into the JAR";
        String loading = "java.lang.NoClassDefFoundError";
        List<Arguments> kinds = List.of(
                Arguments.of("example.Missing::handle", "java.lang.ClassNotFoundException", "Class not found: example.Missing",
                        "correct the handler"),
                Arguments.of("example.Missing", "java.lang.ClassNotFoundException", "Class not found: example.Missing",
                        "correct the handler"),
                Arguments.of("example.Shop::missing", "Runtime.BadFunctionCode",
                        "No public method named missing with appropriate method signature found on class example.Shop", "(event, Context)"),
                Arguments.of("example.Shop::two", "Runtime.BadFunctionCode",
                        "No public method named two with appropriate method signature found on class example.Shop", "(event, Context)"),
                Arguments.of("example.Shop", "Runtime.BadFunctionCode",
                        "Class does not implement an appropriate handler interface: example.Shop", "or name a method"),
                Arguments.of("example.Shop::", "Runtime.BadFunctionCode", "Invalid handler: `example.Shop::'", "package.Class::method"),
                Arguments.of("example.Shop$Half", "java.lang.InstantiationException", "java.lang.InstantiationException", "is abstract"),
                Arguments.of("example.Shop$Choosy", "java.lang.Exception",
                        "Class example.Shop$Choosy has no public zero-argument constructor",
                        "without arguments"),
                Arguments.of("example.Shop$Thin::handle", loading, "Error loading class example.Shop$Thin: example/Shop$Base", library),
                Arguments.of("example.Shop$Typed", "java.lang.TypeNotPresentException",
                        "Error loading class example.Shop$Typed: Type example.Shop$Base not present", library),
                Arguments.of("example.Shop$Taking::handle", loading, "Error loading method handle on class example.Shop$Taking", library),
                Arguments.of("example.Shop$Using::handle", loading, "example/Shop$Base", library));
        return Stream.of(Isolation.values()).flatMap(isolation -> kinds.stream().map(kind -> {
            Object[] each = kind.get();
            return Arguments.of(isolation, each[0], each[1], each[2], each[3]);
        }));
    }

    @ParameterizedTest
    @MethodSource("java")
    void javaCodeWithoutWhatTheHandlerNames(Isolation isolation, String handler, String type, String message, String reason)
            throws Exception {
        fixture = new FunctionsFixture(directory, isolation);
        fixture.upload("f", withoutItsLibrary(), handler);

        assertIsAnErrorOfTheFunction(type, message, "(handler " + handler + ", the uploaded code)", reason);
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void javaCodeOfALaterJava(Isolation isolation) throws Exception {
        fixture = new FunctionsFixture(directory, isolation);
        byte[] later = CompiledHandler.compile(directory, "Shop", SOURCE).classFile("example/Shop.class");
        later[7] = 120;
        fixture.upload("f", new Zip().file("example/Shop.class", later).bytes(), "example.Shop::handle");

        Recorded recorded = fixture.invoke("f", "{}");
        assertThat(recorded.error()).contains("\"errorType\":\"java.lang.UnsupportedClassVersionError\"")
                .contains("\"errorMessage\":\"Error loading class example.Shop: example/Shop has been compiled by a more recent version");
        assertThat(recorded.reason()).contains("compiled for Java 76").contains("compile with --release");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    python3.12 | missing.handler | Runtime.ImportModuleError  | Unable to import module 'missing': No module named 'missing' | add what is missing
                    python3.12 | app.missing     | Runtime.HandlerNotFound    | Handler 'missing' missing on module 'app'                    | define and export it
                    python3.12 | app             | Runtime.MalformedHandlerName | Bad handler 'app': not enough values to unpack (expected 2, got 1) | file.function
                    python3.12 | needy.handler   | Runtime.ImportModuleError  | Unable to import module 'needy': No module named 'nobody'    | add what is missing
                    nodejs22.x | missing.handler | Runtime.ImportModuleError  | Error: Cannot find module 'missing'                          | add what is missing
                    nodejs22.x | app.missing     | Runtime.HandlerNotFound    | app.missing is undefined or not exported                     | define and export it
                    nodejs22.x | needy.handler   | Runtime.ImportModuleError  | Error: Cannot find module 'nobody'                           | add what is missing
                    """)
    void scriptsWithoutWhatTheHandlerNames(String runtime, String handler, String type, String message, String reason) throws Exception {
        Programs.assume(List.of(runtime.startsWith("python") ? "python3" : "node"));
        fixture = new FunctionsFixture(directory);
        Path code = Files.createDirectory(directory.resolve("code-of-f"));
        Files.writeString(code.resolve("app.py"), "def handler(event, context):\n    return 1\n");
        Files.writeString(code.resolve("needy.py"), "import nobody\n");
        Files.writeString(code.resolve("app.js"), "exports.handler = async () => 1;\n");
        Files.writeString(code.resolve("needy.js"), "require('nobody');\n");
        register(code, runtime, handler);

        assertIsAnErrorOfTheFunction(type, message, "(handler " + handler + ", " + code + ")", reason);
    }

    @Test
    void aBootstrapThatIsMissingOrNotExecutable() throws Exception {
        fixture = new FunctionsFixture(directory);
        Path code = Files.createDirectory(directory.resolve("code-of-f"));
        register(code, "provided.al2023", null);
        assertIsAnErrorOfTheFunction("Runtime.InvalidEntrypoint",
                " Error: Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]", "no bootstrap in " + code,
                "build it there");

        Files.writeString(code.resolve("bootstrap"), "#!/bin/sh\n");
        assertIsAnErrorOfTheFunction("Runtime.InvalidEntrypoint", " Error: fork/exec /var/task/bootstrap: permission denied",
                "isn't executable", "chmod 755 bootstrap");
    }

    @Test
    void aProgramOfACommandThatIsThereAndNotExecutable() throws Exception {
        fixture = new FunctionsFixture(directory);
        Path code = Files.createDirectory(directory.resolve("code-of-f"));
        Files.writeString(code.resolve("server"), "#!/bin/sh\n");
        fixture.functions.registry().register("f", new FunctionCode.LocalDirectory(code, List.of("./server")),
                FunctionsFixture.settings(null, 5));

        assertIsAnErrorOfTheFunction("Runtime.InvalidEntrypoint", " Error: fork/exec ./server: permission denied", "./server", "executed");
    }

    /** What isn't there, and what only this machine can't run. */
    static Stream<Arguments> nothingToRun() {
        return Stream.of(Isolation.values()).flatMap(isolation -> Stream.of(
                Arguments.of(isolation, new FunctionCode.LocalJar(Path.of("/nowhere/f.jar")), "java17", "JAR /nowhere/f.jar doesn't exist"),
                Arguments.of(isolation, FunctionCode.LocalTree.ofDirectory(Path.of("/nowhere/classes")), "java17",
                        "the function's class path has /nowhere/classes, which doesn't exist"),
                Arguments.of(isolation, new FunctionCode.LocalDirectory(Path.of("/nowhere"), List.of()), "python3.12",
                        "the function's directory /nowhere doesn't exist"),
                Arguments.of(isolation, new FunctionCode.LocalDirectory(Path.of("/nowhere"), List.of()), "nodejs22.x",
                        "the function's directory /nowhere doesn't exist"),
                Arguments.of(isolation, new FunctionCode.LocalDirectory(Path.of("/nowhere"), List.of()), "provided.al2023",
                        "the function's directory /nowhere doesn't exist"),
                Arguments.of(isolation, new FunctionCode.LocalDirectory(Path.of("/tmp"), List.of("./no-such-program")), null,
                        "no-such-program"),
                Arguments.of(isolation, new FunctionCode.LocalDirectory(Path.of("/tmp"), List.of("no-such-program")), null,
                        "no-such-program")));
    }

    @ParameterizedTest
    @MethodSource("nothingToRun")
    void whereThereIsNothingToRunNoAttemptIsMade(Isolation isolation, FunctionCode code, String runtime, String reason) throws Exception {
        fixture = new FunctionsFixture(directory, isolation);
        fixture.functions.registry().register("f", code,
                new FunctionSettings(runtime, "app.handler", null, "", Duration.ofSeconds(5), 256, Map.of()));

        assertThat(fixture.invoke("f", "{}").couldNotInvoke()).contains(reason);
    }

    @ParameterizedTest
    @CsvSource({"ruby3.3", "dotnet8"})
    void codeOfARuntimeThatOnlyLambdaHasIsNotCounted(String runtime) throws Exception {
        fixture = new FunctionsFixture(directory);
        fixture.functions.registry().create(FunctionsFixture.CALLER, new FunctionRegistry.Create("f",
                new CodeSource.Zip(new Zip().file("app", "x").bytes()), new SettingsChange(runtime, "app.handler",
                        "arn:aws:iam::000000000000:role/r", null, null, null, null, Map.of()),
                Tags.NONE, false));

        assertThat(fixture.invoke("f", "{}").couldNotInvoke()).contains("has the runtime " + runtime);
    }

    @Test
    void aDebugPortThatIsTakenIsNoAttempt() throws Exception {
        fixture = new FunctionsFixture(directory);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Path jar = Files.write(directory.resolve("f.jar"), CompiledHandler.compile(directory, "Shop", SOURCE).zip());
            fixture.functions.registry().register("f", new FunctionCode.LocalJar(jar), new FunctionSettings(null, "example.Shop::handle",
                    null, "", Duration.ofSeconds(5), 256, Map.of())
                    .with(new LocalOptions(null, false, taken.getLocalPort())));

            assertThat(fixture.invoke("f", "{}").couldNotInvoke()).contains("port " + taken.getLocalPort()).contains("is taken");
        }
    }

    private void assertIsAnErrorOfTheFunction(String type, String message, String where, String reason) throws Exception {
        Recorded recorded = fixture.invoke("f", "{}",
                new InvocationOptions(InvocationOptions.WhenBusy.WAIT, null, true, null, null));
        recorded.error();
        ErrorDocument.Said said = ErrorDocument.Said.of((InvocationResult.FunctionError) recorded.result());
        assertThat(said.message().lines().findFirst().orElse("")).endsWith(message);
        assertThat(said.type()).isEqualTo(type);
        assertThat(recorded.reason()).contains(where).contains(reason).doesNotContain("\n");
        recorded.awaitEnd(Duration.ofSeconds(10));
        assertThat(recorded.calls).as("an attempt").containsExactly("started", "logged", "completed", "ended");
        assertThat(recorded.log()).startsWith("START RequestId: " + recorded.started.get())
                .contains(recorded.reason() + "\nEND RequestId: ");
    }

    private void register(Path code, String runtime, String handler) {
        fixture.functions.registry().register("f", new FunctionCode.LocalDirectory(code, List.of()),
                new FunctionSettings(runtime, handler, null, "", Duration.ofSeconds(10), 256, Map.of()));
    }

    /** As a build leaves it that packs no libraries: without the class that others need. */
    private byte[] withoutItsLibrary() throws IOException {
        CompiledHandler compiled = CompiledHandler.compile(directory, "Shop", SOURCE);
        Zip zip = new Zip();
        for (String name : List.of("Shop", "Shop$Half", "Shop$Choosy", "Shop$Thin", "Shop$Typed", "Shop$Taking", "Shop$Using")) {
            zip.file("example/" + name + ".class", compiled.classFile("example/" + name + ".class"));
        }
        return zip.bytes();
    }
}
