package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.TestServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From {@code sluice functions add} in a working tree to what the AWS API answers for the function. */
class FunctionsAddIT {

    private static final String CLASS_FILE = "example/Shown.class";
    /** A second for the change to be seen, and as much again for a machine that is busy. */
    private static final Duration PICKED_UP = Duration.ofSeconds(2);

    @TempDir
    private Path directory;
    private TestServer server;
    private Path classes;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.start(directory.resolve("data"), "localhost:1", Map.of());
        classes = Files.createDirectories(directory.resolve("target/classes/example")).getParent();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aDirectoryIsInvokedAndTheNextBuildToo() throws IOException {
        Files.write(classes.resolve(CLASS_FILE), build("one").classFile(CLASS_FILE));

        add("--directory", "target/classes", "--handler", "example.Shown::shown", "--timeout", "20", "--env", "STAGE=local");

        assertThat(invoke("\"a\"")).isEqualTo("\"one local a\"");
        Files.write(classes.resolve(CLASS_FILE), build("two").classFile(CLASS_FILE));
        awaitAnswer("\"b\"", "\"two local b\"");
    }

    @Test
    void aClassPathIsInvokedInItsOrderAndWhatIsBuiltLaterToo() throws IOException {
        Path libraries = Files.createDirectories(directory.resolve("target/dependency"));
        Files.write(libraries.resolve("shown.jar"), build("jar").zip());

        add("--classpath", "target/classes" + File.pathSeparator + "target/dependency/*.jar", "--handler", "example.Shown::shown",
                "--timeout", "20");

        assertThat(invoke("\"a\"")).isEqualTo("\"jar null a\"");
        Files.write(classes.resolve(CLASS_FILE), build("classes").classFile(CLASS_FILE));
        awaitAnswer("\"b\"", "\"classes null b\"");
        assertThat(sluice("functions", "list").out().lines().skip(1).map(line -> line.replaceAll(" +", " "))).containsExactly(
                "f any any - 20 s - 0 - example.Shown::shown " + classes + File.pathSeparator + libraries + "/*.jar");
    }

    @Test
    void aDirectoryOfAnotherLanguageWithoutItsRuntimeIsRefused() throws IOException {
        Files.writeString(Files.createDirectory(directory.resolve("py")).resolve("app.py"), "x = 1\n");

        CommandRun run = sluice("functions", "add", "f", "--directory", "py", "--handler", "app.handler");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("which has app.py and neither classes nor JARs").contains("--runtime is missing?");
        assertThat(sluice("functions", "list").out()).startsWith("No functions");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --directory target/classes --handler example.Other::shown                 | There is no class example.Other in
            --jar f.jar --handler example.Other                                       | There is no class example.Other in
            --classpath target/classes:lib/*.jar --handler example.Other              | There is no class example.Other in
            --directory scripts --runtime python3.12 --handler other.handler          | There is no other.py in
            --directory scripts --runtime python3.12 --handler app                    | names no function
            --directory scripts --runtime nodejs22.x --handler other.handler          | There is no other.js, .mjs or .cjs in
            --directory scripts --runtime provided.al2023                             | There is no bootstrap in
            --directory target/classes --handler example.Shown::shown                 |
            --jar f.jar --handler example.Shown::shown                                |
            --jar fat.zip --handler example.Shown::shown                              |
            --classpath target/classes:lib/*.jar --handler example.Shown::shown       |
            --directory scripts --runtime python3.12 --handler app.handler            |
            --directory scripts --runtime nodejs22.x --handler index.handler          |
            """)
    void aHandlerThatIsNotThereIsWorthAWarning(String options, String warning) throws IOException {
        Files.write(classes.resolve(CLASS_FILE), build("one").classFile(CLASS_FILE));
        Files.write(directory.resolve("f.jar"), build("jar").zip());
        Files.write(Files.createDirectory(directory.resolve("lib")).resolve("a.jar"), build("jar").zip());
        try (ZipOutputStream fat = new ZipOutputStream(Files.newOutputStream(directory.resolve("fat.zip")))) {
            fat.putNextEntry(new ZipEntry("lib/inner.jar"));
            fat.write(build("jar").zip());
        }
        Path scripts = Files.createDirectory(directory.resolve("scripts"));
        Files.writeString(scripts.resolve("app.py"), "def handler(event, context):\n    return 1\n");
        Files.writeString(scripts.resolve("index.mjs"), "export const handler = async () => 1;\n");

        List<String> command = new ArrayList<>(List.of("functions", "add", "f"));
        command.addAll(List.of(options.split(" ")));
        CommandRun run = sluice(command.toArray(String[]::new));

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err()).isEqualTo(warning == null ? "" : run.err()).contains(warning == null ? "" : warning);
        assertThat(sluice("functions", "list").out()).contains("f ");
    }

    @Test
    void withDebugItsTimeoutDoesNotApplyAndWithoutItDoes() throws IOException {
        Files.write(classes.resolve(CLASS_FILE), build("one").classFile(CLASS_FILE));
        String[] slow = {"--directory", "target/classes", "--handler", "example.Shown::slow", "--timeout", "1"};

        add(slow[0], slow[1], slow[2], slow[3], slow[4], slow[5], "--debug");
        assertThat(invoke("\"a\"")).isEqualTo("\"one null a\"");
        assertThat(sluice("functions", "list").out()).containsPattern("(?m)^f +any +any +- +off ");

        add(slow);
        assertThat(invoke("\"a\"")).contains("Task timed out after 1.00 seconds");
        assertThat(sluice("functions", "list").out()).containsPattern("(?m)^f +any +any +- +1 s ");
    }

    @Test
    void whereItRunsIsKeptOverARestart() throws IOException {
        Files.write(classes.resolve(CLASS_FILE), build("one").classFile(CLASS_FILE));

        add("--directory", "target/classes", "--handler", "example.Shown::shown", "--isolation", "process", "--debug-port", "5005");
        server.stop();
        server.start();

        assertThat(server.send("GET", "/_sluice/functions", null).body()).contains("\"isolation\":\"process\",\"debugPort\":5005");
        assertThat(sluice("functions", "list").out()).containsPattern("(?m)^f +any +any +java \\(process, debug port 5005\\) +off ");
        assertThat(sluice("functions", "add", "g", "--directory", "target/classes", "--handler", "H", "--isolation", "jvm", "--debug-port",
                "5005").err()).startsWith("sluice: debugPort goes with isolation: process, and isolation is jvm");
        assertThat(sluice("functions", "list").out().lines()).hasSize(2);
    }

    @Test
    void codeInAnyLanguageIsKeptOverARestart() throws IOException {
        Path app = Files.createDirectories(directory.resolve("app"));
        String attached = sluice("functions", "add", "f", "--attach").out();
        assertThat(attached).matches("Function f is registered for every account and region\\.\n"
                + "It waits for processes that you start with AWS_LAMBDA_RUNTIME_API=127\\.0\\.0\\.1:\\d+\n");
        String address = attached.substring(attached.indexOf('=') + 1).strip();
        String registered = "Function %s is registered for every account and region.\n";
        assertThat(sluice("functions", "add", "g", "--directory", "app", "--runtime", "python3.12", "--handler", "app.handler").out())
                .isEqualTo(registered.formatted("g"));
        assertThat(sluice("functions", "add", "h", "--working-directory", "app", "--", "node", "server.mjs", "--env", "a b").out())
                .isEqualTo(registered.formatted("h"));

        server.stop();
        server.start();

        assertThat(sluice("functions", "list").out().lines().skip(1).map(line -> line.replaceAll(" +", " ")))
                .containsExactly("f any any - off - 0 - - attach to " + address, "g any any python3.12 3 s - 0 - app.handler " + app,
                        "h any any - 3 s - 0 - - node server.mjs --env 'a b' in " + app);
        assertThat(server.send("GET", "/2015-03-31/functions/h", null).body()).contains("\"Location\":\"file://" + app + "\"")
                .doesNotContain("\"Runtime\"");
    }

    @Test
    void whatDoesNotGoTogetherIsRefusedInTheServersWords() {
        assertThat(sluice("functions", "add", "f", "--directory", ".", "--runtime", "ruby3.3", "--handler", "H").err()).startsWith(
                "sluice: runtime is \"ruby3.3\"; allowed is javaNN as in java21, python3.NN as in python3.12,");
        assertThat(sluice("functions", "add", "f", "--isolation", "process", "--", "node").err()).isEqualTo(
                "sluice: isolation goes with jar, classpath, directory and with nothing else\n");
    }

    @Test
    void noTwoFunctionsWaitForADebuggerAtOnePort() throws IOException {
        Files.write(classes.resolve(CLASS_FILE), build("one").classFile(CLASS_FILE));
        String[] options = {"--directory", "target/classes", "--handler", "example.Shown::shown", "--debug-port", "5005"};
        add(options);
        add(options);

        assertThat(sluice("functions", "add", "g", "--directory", "target/classes", "--handler", "example.Shown::shown", "--debug-port",
                "5005")).isEqualTo(
                        new CommandRun(1, "",
                                "sluice: debugPort is 5005, as that of function f; allowed is a port that no other function has\n"));
        add("--directory", "target/classes", "--handler", "example.Shown::shown", "--debug-port", "5006");
        assertThat(sluice("functions", "add", "g", "--directory", "target/classes", "--handler", "example.Shown::shown", "--debug-port",
                "5005").err()).isEmpty();
    }

    private void awaitAnswer(String event, String answer) {
        await().atMost(PICKED_UP).pollInterval(Duration.ofMillis(20)).until(() -> invoke(event), answer::equals);
    }

    private void add(String... options) {
        String[] arguments = new String[options.length + 3];
        System.arraycopy(new String[] {"functions", "add", "f"}, 0, arguments, 0, 3);
        System.arraycopy(options, 0, arguments, 3, options.length);
        assertThat(sluice(arguments)).isEqualTo(new CommandRun(0, "Function f is registered for every account and region.\n", ""));
    }

    private String invoke(String event) {
        return server.send("POST", "/2015-03-31/functions/f/invocations", event).body();
    }

    private CommandRun sluice(String... arguments) {
        return CommandRun.with(Map.of("SLUICE_ENDPOINT", server.endpoint().toString()), "", directory, arguments);
    }

    private CompiledHandler build(String name) throws IOException {
        return CompiledHandler.compile(directory, "Shown", """
                public class Shown {
                    public String shown(String event) { return String.join(" ", "%s", System.getenv("STAGE"), event); }
                    public String slow(String event) throws InterruptedException { Thread.sleep(2500); return shown(event); }
                }""".formatted(name));
    }
}
