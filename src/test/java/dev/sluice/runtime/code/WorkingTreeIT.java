package dev.sluice.runtime.code;

import static dev.sluice.fixture.FunctionsFixture.CALLER;
import static dev.sluice.fixture.FunctionsFixture.named;
import static dev.sluice.fixture.FunctionsFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import dev.sluice.function.ClassPathEntry;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.LocalOptions;
import dev.sluice.invocation.InvocationResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Functions whose code is a class path in the working tree, while builds write to it. */
class WorkingTreeIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String HANDLER = "example.Shown::shown";

    @TempDir
    private Path directory;
    private FunctionsFixture fixture;
    private Path classes;
    private Path libraries;

    @BeforeEach
    void open() throws IOException {
        fixture = new FunctionsFixture(directory);
        classes = Files.createDirectories(directory.resolve("target/classes"));
        libraries = Files.createDirectories(directory.resolve("target/dependency"));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void classesComeFromDirectoriesAndJarsInTheOrderOfTheClassPath() throws Exception {
        Path other = Files.createDirectories(directory.resolve("other"));
        write(classes, build("classes"));
        write(other, build("other"));
        Files.write(libraries.resolve("b.jar"), jar("b"));
        Files.write(libraries.resolve("a.jar"), jar("a"));
        Files.write(libraries.resolve("ignored.txt"), new byte[1]);

        assertThat(answerOf("target/classes", "target/dependency/*.jar", "other")).isEqualTo("classes+classes,a,b,other");
        assertThat(answerOf("target/dependency/*.jar", "target/classes", "other")).isEqualTo("a+a,b,classes,other");
        assertThat(answerOf("other", "target/classes", "target/dependency/b.jar")).isEqualTo("other+other,classes,b");
        assertThat(answerOf("target/dependency/b.jar", "target/dependency/a.jar")).isEqualTo("b+b,a");
    }

    @Test
    void aDirectoryIsLaidOutAsLambdasZip() throws Exception {
        write(classes, build("root"));
        register(FunctionCode.LocalTree.ofDirectory(classes));
        assertThat(fixture.answer("f")).isEqualTo("root+root");

        Files.write(Files.createDirectories(classes.resolve("lib")).resolve("x.jar"), jar("x"));
        await().atMost(PATIENCE).until(() -> fixture.answer("f"), "root+root,x"::equals);
    }

    // What somebody compiles while nothing is invoked is what the next invocation runs: there is nobody else to notice it.
    @Test
    void aChangeThatIsOldEnoughIsSeenByTheVeryNextInvocation() throws Exception {
        write(classes, build("1"));
        register("target/classes");
        assertThat(fixture.answer("f")).isEqualTo("1+1");

        write(classes, build("2"));
        Files.writeString(directory.resolve("probe"), "");
        await().atMost(PATIENCE).until(() -> System.currentTimeMillis()
                - Files.getLastModifiedTime(directory.resolve("probe")).toMillis() > 2 * BuildSettled.WRITTEN.toMillis());

        assertThat(fixture.answer("f")).isEqualTo("2+2");
    }

    @Test
    void aChangeIsPickedUpWithinASecondWhileInvocationsFlow() throws Exception {
        write(classes, build("1"));
        register("target/classes");
        fixture.answer("f");

        for (String build : List.of("2", "3")) {
            write(classes, build(build));
            long written = System.nanoTime();
            await().pollInterval(Duration.ofMillis(5)).atMost(PATIENCE).until(() -> fixture.answer("f").equals(build + "+" + build));
            assertThat(Duration.ofNanos(System.nanoTime() - written)).isBetween(BuildSettled.WRITTEN.minusMillis(20),
                    Duration.ofSeconds(2));
        }
    }

    // `mvn clean compile`: what was there is deleted, resources come back, and a while later classes, one by one and each in two writes.
    @Test
    void theVersionBeforeAnswersWhileABuildDeletesAndWrites() throws Exception {
        write(classes, build("1"));
        register("target/classes");
        fixture.answer("f");
        Map<String, byte[]> next = build("2");

        PrivateFiles.deleteTree(classes);
        answersFor(Duration.ofMillis(700), "1+1");
        Files.createDirectories(classes.resolve("example"));
        Files.write(classes.resolve("name"), next.remove("name"));
        answersFor(Duration.ofMillis(700), "1+1");
        for (Map.Entry<String, byte[]> file : next.entrySet()) {
            Path path = classes.resolve(file.getKey());
            byte[] whole = file.getValue();
            Files.write(path, Arrays.copyOf(whole, whole.length / 2));
            answersFor(Duration.ofMillis(300), "1+1");
            Files.write(path, whole);
            answersFor(Duration.ofMillis(300), "1+1");
        }

        await().atMost(PATIENCE).until(() -> fixture.answer("f"), "2+2"::equals);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(copies()).isEqualTo(1));
    }

    @Test
    void aHalfWrittenJarLeavesTheVersionBeforeInUse() throws Exception {
        write(classes, build("1"));
        Path library = Files.write(libraries.resolve("x.jar"), jar("x"));
        register("target/classes", "target/dependency/*.jar");
        assertThat(fixture.answer("f")).isEqualTo("1+1,x");

        Files.write(library, Arrays.copyOf(jar("y"), 700));
        answersFor(Duration.ofMillis(1200), "1+1,x");
        Files.write(library, jar("y"));

        await().atMost(PATIENCE).until(() -> fixture.answer("f"), "1+1,y"::equals);
    }

    // A deleted class is a change like any other, but for a while it can't be told from a build that is at work.
    @Test
    void aClassThatWasDeletedForGoodIsGoneAfterAWhile() throws Exception {
        write(classes, build("1"));
        Files.write(classes.resolve("Other.class"), new byte[1]);
        register("target/classes");
        fixture.answer("f");
        Files.writeString(classes.resolve("name"), "2");
        Files.delete(classes.resolve("Other.class"));

        answersFor(Duration.ofSeconds(2), "1+1");
        await().atMost(PATIENCE).until(() -> fixture.answer("f"), "1+2"::equals);
    }

    @Test
    void aJarThatWasDeletedForGoodIsGoneAfterAWhile() throws Exception {
        write(classes, build("1"));
        Files.write(libraries.resolve("x.jar"), jar("x"));
        register("target/classes", "target/dependency/*.jar");
        fixture.answer("f");

        Files.delete(libraries.resolve("x.jar"));

        answersFor(Duration.ofSeconds(2), "1+1,x");
        await().atMost(PATIENCE).until(() -> fixture.answer("f"), "1+1"::equals);
    }

    @Test
    void whatIsMissingFromTheStartIsNamed() throws Exception {
        register("target/nowhere");
        assertThat(fixture.invoke("f", "{}").couldNotInvoke()).isEqualTo(
                "the function's class path has " + directory.resolve("target/nowhere") + ", which doesn't exist");

        register("target/classes");
        assertThat(fixture.invoke("f", "{}").reason()).contains("Class not found: example.Shown").contains(classes.toString());
        write(classes, build("1"));
        await().atMost(PATIENCE).until(() -> fixture.invoke("f", "{}").result() instanceof InvocationResult.Success);
    }

    @Test
    void copiesGoWithTheLastInstanceAndTheBuildsFilesAreNeverTouched() throws Exception {
        write(classes, build("1"));
        Path library = Files.write(libraries.resolve("x.jar"), jar("x"));
        register("target/classes", "target/dependency/*.jar");
        fixture.answer("f");
        for (String build : List.of("2", "3")) {
            write(classes, build(build));
            await().atMost(PATIENCE).until(() -> fixture.answer("f"), (build + "+" + build + ",x")::equals);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(copies()).isEqualTo(1));
        }
        Files.write(library, new byte[0]);
        assertThat(fixture.answer("f")).as("its JAR is a copy, not a link").isEqualTo("3+3,x");

        fixture.functions.registry().delete(CALLER, named("f"));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(copies()).isZero());
        assertThat(library).exists();
        assertThat(classes.resolve("name")).hasContent("3");
    }

    @Test
    void theTimeoutOfAFunctionThatIsDebuggedDoesNotApply() throws Exception {
        Path gate = directory.resolve("gate");
        Path jar = Files.write(directory.resolve("gate.jar"),
                CompiledHandler.compile(directory, "Gate", FunctionsFixture.GATE).zip());
        for (boolean debug : new boolean[] {true, false}) {
            Files.deleteIfExists(gate);
            fixture.functions.registry().register("g", new FunctionCode.LocalJar(jar),
                    settings("example.Gate::pass", 1).with(new LocalOptions(null, debug, null)));
            Recorded paused = fixture.invoke("g", '"' + gate.toString() + '"');
            paused.started.join();
            long started = System.nanoTime();
            await().atMost(PATIENCE)
                    .until(() -> paused.completed.isDone() || System.nanoTime() - started > Duration.ofSeconds(3).toNanos());

            assertThat(paused.completed.isDone()).isNotEqualTo(debug);
            Files.createFile(gate);
            assertThat(paused.result()).isInstanceOf(debug ? InvocationResult.Success.class : InvocationResult.TimedOut.class);
            paused.awaitEnd(PATIENCE);
        }
    }

    private void answersFor(Duration time, String answer) {
        await().during(time).atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> fixture.answer("f"), answer::equals);
    }

    private String answerOf(String... entries) throws Exception {
        register(entries);
        return fixture.answer("f");
    }

    private void register(String... entries) {
        List<ClassPathEntry> classPath = new ArrayList<>();
        for (String entry : entries) {
            classPath.add(ClassPathEntry.parse(directory, entry).orElseThrow());
        }
        register(new FunctionCode.LocalTree(classPath));
    }

    private void register(FunctionCode code) {
        fixture.functions.registry().register("f", code, settings(HANDLER, 3));
    }

    /** A handler of two classes that answers with the name of its build, and with those of all that are on its class path. */
    private Map<String, byte[]> build(String name) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(jar(name)))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        }
        return files;
    }

    private byte[] jar(String name) throws IOException {
        return CompiledHandler.compile(directory, "Shown", """
                public class Shown {
                    public void shown(InputStream in, OutputStream out) throws IOException {
                        List<String> names = new ArrayList<>();
                        for (java.net.URL url : Collections.list(Shown.class.getClassLoader().getResources("name"))) {
                            try (InputStream name = url.openStream()) {
                                names.add(new String(name.readAllBytes()));
                            }
                        }
                        if (!Named.NAME.equals(new Named().name())) { throw new IllegalStateException("half of a build"); }
                        out.write((Named.name%1$s() + "+" + String.join(",", names)).getBytes());
                    }
                }
                class Named {
                    static final String NAME = "%1$s";
                    String name() { return "%1$s"; }
                    static String name%1$s() { return "%1$s"; }
                }
                """.formatted(name)).zip("name", name.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(Path root, Map<String, byte[]> files) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.createDirectories(root.resolve(file.getKey()).getParent());
            Files.write(root.resolve(file.getKey()), file.getValue());
        }
    }

    private long copies() throws IOException {
        try (Stream<Path> files = Files.list(fixture.codeDirectory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("local-")).count();
        }
    }
}
