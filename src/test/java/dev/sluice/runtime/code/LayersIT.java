package dev.sluice.runtime.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.fixture.BashClient;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.LayeredFunction;
import dev.sluice.fixture.Recorded;
import dev.sluice.fixture.Zip;
import dev.sluice.function.CodeSource;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionRegistry;
import dev.sluice.function.Isolation;
import dev.sluice.function.SettingsChange;
import dev.sluice.resource.Tags;
import dev.sluice.runtime.handler.JavaLayersIT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the layers of a function; processes are of bash, which evaluates its events; for Java see {@link JavaLayersIT}. */
class LayersIT {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String LAYER = "arn:aws:lambda:us-east-1:111111111111:layer:";
    private static final String BASE = LAYER + "base:1";
    private static final String OVER = LAYER + "over:2";

    @TempDir
    Path directory;
    private final Map<String, Path> layers = new LinkedHashMap<>();
    private FunctionsFixture fixture;

    @BeforeEach
    void lookForBash() throws IOException {
        assumeTrue(Files.isExecutable(BashClient.PROGRAM), "there is no bash");
        Files.createDirectories(directory.resolve("tree"));
        Files.writeString(directory.resolve("tree/" + BashClient.FILE), BashClient.SCRIPT);
        layers.put(BASE, directory.resolve("base"));
        layers.put(OVER, directory.resolve("over.zip"));
    }

    @AfterEach
    void close() {
        if (fixture != null) {
            fixture.close();
        }
    }

    private void open() {
        fixture = new FunctionsFixture(directory, Isolation.JVM, layers);
    }

    /** A function that is the client in a directory of the working tree. */
    private void client(String runtime, Map<String, String> environment, String... arns) {
        open();
        fixture.functions.registry().register("f", new FunctionCode.LocalDirectory(directory.resolve("tree"),
                BashClient.COMMAND), LayeredFunction.settings(runtime, null, environment, arns));
    }

    private String evaluate(String script) throws Exception {
        Recorded recorded = fixture.invoke("f", '"' + script + '"');
        String answer = recorded.answer();
        recorded.awaitEnd(SOON);
        return answer.substring(1, answer.length() - 1);
    }

    private void write(String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void writeProgram(String file, String text) throws IOException {
        write(file, text);
        Files.setPosixFilePermissions(directory.resolve(file), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void zip(Zip zip) throws IOException {
        Files.write(directory.resolve("over.zip"), zip.bytes());
    }

    private List<Path> laidOut() throws IOException {
        try (Stream<Path> entries = Files.list(fixture.codeDirectory)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith("layers-")).toList();
        }
    }

    @Test
    void aLaterLayerLiesOverAnEarlierOne() throws Exception {
        writeProgram("base/bin/tool", "#!/bin/bash\necho base\n");
        write("base/lib/base.txt", "b");
        write("base/lib/both.txt", "base");
        zip(new Zip().executable("bin/tool", "#!/bin/bash\necho over\n").file("lib/both.txt", "over").file("lib/over.txt", "o"));

        client(null, Map.of(), BASE, OVER);
        assertThat(evaluate("tool")).isEqualTo("over");
        assertThat(evaluate("cat $LD_LIBRARY_PATH/*.txt")).isEqualTo("bovero");

        fixture.functions.registry().register("f", new FunctionCode.LocalDirectory(directory.resolve("tree"),
                BashClient.COMMAND), LayeredFunction.settings(null, null, Map.of(), OVER, BASE));
        assertThat(evaluate("tool")).isEqualTo("base");
        assertThat(evaluate("cat $LD_LIBRARY_PATH/*.txt")).isEqualTo("bbaseo");
    }

    @Test
    void whatCanBeExecutedInALayerCanBeWhereItIsLaidOut() throws Exception {
        writeProgram("base/bin/one", "#!/bin/bash\necho 1\n");
        write("base/bin/two", "#!/bin/bash\necho 2\n");
        zip(new Zip().executable("bin/three", "#!/bin/bash\necho 3\n").file("bin/four", "#!/bin/bash\necho 4\n"));
        client("provided.al2023", Map.of(), BASE, OVER);

        assertThat(
                evaluate("one; three; for each in one two three four; do test -x ${PATH%%:*}/$each; echo -n $?; done").replace("\n", " "))
                .isEqualTo("1 3 0101");
    }

    @Test
    void eachLanguageHasTheLayersOnItsOwnPath() throws Exception {
        write("base/python/lib/python3.12/site-packages/x.py", "");
        client("python3.12", Map.of(), BASE);
        String root = laidOutOf(evaluate("echo $PYTHONPATH"), "/python/lib/python3.12/site-packages:");
        assertThat(evaluate("echo $PYTHONPATH,$LD_LIBRARY_PATH,${PATH%%:*},$NODE_PATH"))
                .isEqualTo(root + "/python/lib/python3.12/site-packages:" + root + "/python," + root + "/lib," + root + "/bin,");
        assertThat(evaluate("ls ${PYTHONPATH%%:*}")).isEqualTo("x.py");
    }

    private static String laidOutOf(String text, String path) {
        return text.substring(0, text.indexOf(path));
    }

    @Test
    void aFunctionsOwnVariableTakesThePlaceOfTheLayers() throws Exception {
        write("base/python/x.py", "");
        client("python3.12", Map.of("PYTHONPATH", "/mine", "LD_LIBRARY_PATH", "/mine/lib"), BASE);

        assertThat(evaluate("echo $PYTHONPATH $LD_LIBRARY_PATH")).isEqualTo("/mine /mine/lib");
    }

    @Test
    void withoutLayersNothingChanges() throws Exception {
        client("python3.12", Map.of());

        assertThat(evaluate("echo [$PYTHONPATH$NODE_PATH$LD_LIBRARY_PATH]")).isEqualTo("[]");
        assertThat(laidOut()).isEmpty();
    }

    @Test
    void aLayerBringsTheBootstrapThatAFunctionHasNot() throws Exception {
        writeProgram("base/bootstrap", BashClient.SCRIPT);
        open();
        SettingsChange change = new SettingsChange("provided.al2023", "any", "arn:aws:iam::000000000000:role/r", null, 20, null, null,
                List.of(BASE), null, null,
                Map.of());
        fixture.functions.registry().create(FunctionsFixture.CALLER, new FunctionRegistry.Create("f",
                new CodeSource.Zip(new Zip().file("data.txt", "of the function").bytes()), change, Tags.NONE, false));

        assertThat(evaluate("cat data.txt; echo , $0")).startsWith("of the function").endsWith("/bootstrap").contains("/layers-");

        fixture.functions.registry().updateCode(FunctionsFixture.CALLER, FunctionsFixture.named("f"), FunctionsFixture.update(
                new Zip().executable("bootstrap", BashClient.SCRIPT).bytes()));
        assertThat(evaluate("echo $0")).endsWith("/task/bootstrap");
    }

    @Test
    void whereABootstrapWasLookedForIsNamed() throws Exception {
        Files.createDirectories(directory.resolve("base"));
        open();
        fixture.functions.registry().register("f", new FunctionCode.LocalDirectory(directory.resolve("tree"), List.of()),
                LayeredFunction.settings("provided.al2", null, Map.of(), BASE));

        assertThat(fixture.invoke("f", "{}").reason()).startsWith("function f has no bootstrap in " + directory.resolve("tree")
                + " or " + fixture.codeDirectory.resolve("layers-")).endsWith("; build it there");
    }

    @Test
    void anUnknownLayerIsNamedWithTheKeyToSet() throws Exception {
        client(null, Map.of(), LAYER + "unknown:3");

        assertThat(fixture.invoke("f", "{}").couldNotInvoke())
                .isEqualTo("function f has the layer " + LAYER + "unknown:3, and nothing says where"
                        + " its content is; set layers.\"" + LAYER
                        + "unknown:3\": PATH in sluice.yaml, a zip or a directory (an empty directory leaves"
                        + " the layer out)");
    }

    @Test
    void oneEntryIsForAllVersionsOfALayerUnlessAVersionHasItsOwn() throws Exception {
        layers.put(LAYER + "every", directory.resolve("every"));
        layers.put(LAYER + "every:2", directory.resolve("second"));
        write("every/lib/a.txt", "every");
        write("second/lib/a.txt", "second");
        client(null, Map.of(), LAYER + "every:1");
        assertThat(evaluate("cat $LD_LIBRARY_PATH/a.txt")).isEqualTo("every");

        fixture.functions.registry().register("f", new FunctionCode.LocalDirectory(directory.resolve("tree"),
                BashClient.COMMAND), LayeredFunction.settings(null, null, Map.of(), LAYER + "every:2"));
        assertThat(evaluate("cat $LD_LIBRARY_PATH/a.txt")).isEqualTo("second");
    }

    @Test
    void anEmptyDirectoryLeavesALayerOut() throws Exception {
        Files.createDirectories(directory.resolve("base"));
        client(null, Map.of(), BASE);

        assertThat(evaluate("ls ${LD_LIBRARY_PATH%/lib} | wc -l")).isEqualTo("0");
    }

    @Test
    void aLayerThatIsNotThereIsNamedWithItsKey() throws Exception {
        client(null, Map.of(), OVER);
        assertThat(fixture.invoke("f", "{}").couldNotInvoke())
                .isEqualTo("layers.\"" + OVER + "\" is " + directory.resolve("over.zip") + ", which doesn't exist");

        zip(new Zip().file("lib/a.txt", "late"));
        assertThat(evaluate("cat $LD_LIBRARY_PATH/a.txt")).isEqualTo("late");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no zip", "link"})
    void aZipThatCannotBeUnpackedIsNamedWithItsKey(String what) throws Exception {
        Files.write(directory.resolve("over.zip"),
                what.equals("link") ? new Zip().link("lib/libx.so", "../../libx.so.1").bytes() : what.getBytes());
        client(null, Map.of(), OVER);

        assertThat(fixture.invoke("f", "{}").couldNotInvoke())
                .startsWith("layers.\"" + OVER + "\" is " + directory.resolve("over.zip") + ", which can't be used: ")
                .contains(what.equals("link")
                        ? "'lib/libx.so' leads to '../../libx.so.1', which is outside; unpack it, and name the directory instead" : "");
        assertThat(laidOut()).isEmpty();
    }

    @Test
    void linksInADirectoryAreFollowed() throws Exception {
        write("elsewhere/shared/index.js", "1");
        Files.createDirectories(directory.resolve("base/nodejs/node_modules"));
        Files.createSymbolicLink(directory.resolve("base/nodejs/node_modules/shared"), directory.resolve("elsewhere/shared"));
        Files.createSymbolicLink(directory.resolve("base/nowhere"), directory.resolve("nowhere"));
        client("nodejs22.x", Map.of(), BASE);

        assertThat(evaluate("cat ${NODE_PATH#*:}/shared/index.js")).isEqualTo("1");
        assertThat(evaluate("test -L ${NODE_PATH#*:}/shared; echo $?")).isEqualTo("1");
    }

    @Test
    void aChangedLayerIsThereWithinASecondAndTheOldOneGoes() throws Exception {
        write("base/nodejs/node_modules/own/index.js", "1");
        zip(new Zip().file("lib/a.txt", "first"));
        client("nodejs22.x", Map.of(), BASE, OVER);
        String show = "cat $LD_LIBRARY_PATH/a.txt ${NODE_PATH#*:}/own/index.js; echo .$$";
        String first = evaluate(show);
        assertThat(first).startsWith("first1.");
        assertThat(evaluate(show)).isEqualTo(first);

        zip(new Zip().file("lib/a.txt", "other"));
        await().atMost(Duration.ofSeconds(3)).until(() -> evaluate(show).startsWith("other1."));
        write("base/nodejs/node_modules/own/index.js", "22");
        await().atMost(Duration.ofSeconds(3)).until(() -> evaluate(show).startsWith("other22."));

        await().atMost(SOON).until(() -> laidOut().size() == 1);
        fixture.functions.registry().unregister("f");
        await().atMost(SOON).until(() -> laidOut().isEmpty());
    }

    @Test
    void whileABuildReplacesALayerWhatWasLaidOutStaysInUse() throws Exception {
        zip(new Zip().file("lib/a.txt", "first"));
        client(null, Map.of(), OVER);
        String show = "cat $LD_LIBRARY_PATH/a.txt";
        evaluate(show);

        Files.delete(directory.resolve("over.zip"));
        await().during(Duration.ofMillis(800)).atMost(SOON).until(() -> evaluate(show).equals("first"));
        zip(new Zip().file("lib/a.txt", "second"));
        await().atMost(SOON).until(() -> evaluate(show).equals("second"));
    }

    @Test
    void whatACrashLeftBehindIsDeleted() throws Exception {
        write("code/layers-1/lib/a.txt", "old");
        open();

        assertThat(laidOut()).isEmpty();
    }
}
