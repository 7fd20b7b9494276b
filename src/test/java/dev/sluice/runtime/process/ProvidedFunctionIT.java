package dev.sluice.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import dev.sluice.fixture.Zip;
import dev.sluice.function.CodeSource;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionRegistry;
import dev.sluice.function.SettingsChange;
import dev.sluice.invocation.InvocationResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions that bring the program which asks for their events. */
class ProvidedFunctionIT {

    private static final Duration SOON = Duration.ofSeconds(10);

    /** Answers with the event and some of what it sees, and prints. */
    private static final String BOOTSTRAP =
            """
                    #!/bin/bash
                    set -u
                    work=$(mktemp -d)
                    api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
                    while true; do
                      event=$(curl -sS -D $work/head -X GET "$api/invocation/next")
                      id=$(grep -Fi Lambda-Runtime-Aws-Request-Id $work/head | tr -d '[:space:]' | cut -d: -f2)
                      echo "got $event"
                      curl -sS -X POST "$api/invocation/$id/response" -d "{\\"event\\":$event,\\"handler\\":\\"$_HANDLER\\",\\"here\\":\\"$PWD\\",\\"root\\":\\"$LAMBDA_TASK_ROOT\\",\\"mark\\":\\"$(cat mark.txt)\\",\\"pid\\":$$,\\"env\\":\\"${AWS_EXECUTION_ENV:-none}\\"}" > /dev/null
                    done
                    """;

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

    /** With the permissions that zip tools note. */
    private byte[] zip(String permissions, byte[] bootstrap) throws IOException {
        Path zip = directory.resolve("f" + System.nanoTime() + ".zip");
        try (FileSystem files = FileSystems.newFileSystem(URI.create("jar:" + zip.toUri()),
                Map.of("create", "true", "enablePosixFileAttributes", "true"))) {
            Path file = Files.write(files.getPath("/bootstrap"), bootstrap);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
            Files.writeString(files.getPath("/mark.txt"), "1");
        }
        return Files.readAllBytes(zip);
    }

    private void create(String runtime, byte[] zip) {
        fixture.functions.registry().create(FunctionsFixture.CALLER, new FunctionRegistry.Create("f", new CodeSource.Zip(zip),
                new SettingsChange(runtime, "any.thing", "arn:aws:iam::000000000000:role/r", null, 20, null, null, Map.of()),
                dev.sluice.resource.Tags.NONE, false));
    }

    private String answer(String event) throws Exception {
        Recorded recorded = fixture.invoke("f", event);
        String answer = recorded.answer();
        recorded.awaitEnd(SOON);
        return answer;
    }

    @ParameterizedTest
    @CsvSource({"provided.al2", "provided.al2023"})
    void anUploadedBootstrapIsRunWhereTheCodeIs(String runtime) throws Exception {
        create(runtime, zip("rwxr-xr-x", BOOTSTRAP.getBytes(StandardCharsets.UTF_8)));

        String first = answer("{\"n\":1}");
        assertThat(first).startsWith("{\"event\":{\"n\":1},\"handler\":\"any.thing\"").contains("\"mark\":\"1\"")
                .endsWith("\"env\":\"none\"}");
        assertThat(first.replaceAll(".*\"here\":\"(.*?)\".*", "$1")).isEqualTo(first.replaceAll(".*\"root\":\"(.*?)\".*", "$1"));
        assertThat(pid(answer("{\"n\":2}"))).isEqualTo(pid(first));
        assertThat(fixture.output()).contains("got {\"n\":1}").contains("got {\"n\":2}");
    }

    @Test
    void oneThatLambdaCouldNotRunIsNamed() throws Exception {
        create("provided.al2023", zip("rw-r--r--", BOOTSTRAP.getBytes(StandardCharsets.UTF_8)));
        assertThat(fixture.invoke("f", "{}").reason()).contains("isn't executable").contains("chmod 755 bootstrap");

        fixture.functions.registry().updateCode(FunctionsFixture.CALLER, FunctionsFixture.named("f"),
                FunctionsFixture.update(new Zip().file("other", "x".getBytes()).bytes()));
        assertThat(fixture.invoke("f", "{}").error()).contains("Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]");
    }

    @ParameterizedTest
    @CsvSource({"183, Linux arm64", "62, Linux x86-64"})
    void oneForAnotherCpuIsNamed(short machine, String name) throws Exception {
        ByteArrayOutputStream elf = new ByteArrayOutputStream();
        elf.write(ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1})
                .putShort(18, machine).array());
        create("provided.al2023", zip("rwxr-xr-x", elf.toByteArray()));

        Recorded recorded = fixture.invoke("f", "{}");

        boolean same = System.getProperty("os.name").equals("Linux")
                && name.endsWith(System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x86-64");
        if (same) {
            // Its header is all there is of it.
            assertThat(recorded.result()).isInstanceOf(InvocationResult.FunctionError.class);
        } else {
            assertThat(recorded.couldNotInvoke()).contains("is built for " + name).contains("and this machine is ");
        }
    }

    @Test
    void aCommandRunsInADirectoryOfTheWorkingTreeAndAgainWhenSomethingThereHasChanged() throws Exception {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Files.writeString(tree.resolve("run.sh"), BOOTSTRAP);
        Files.writeString(tree.resolve("mark.txt"), "1");
        fixture.functions.registry().register("f", new FunctionCode.LocalDirectory(tree, List.of("bash", "run.sh")),
                FunctionsFixture.settings("h", 20));

        String first = answer("{}");
        assertThat(first).contains("\"mark\":\"1\"").contains("\"here\":\"" + tree + "\"");
        Files.writeString(tree.resolve("mark.txt"), "two");

        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            String next = answer("{}");
            assertThat(next).contains("\"mark\":\"two\"");
            assertThat(pid(next)).isNotEqualTo(pid(first));
        });
        await().atMost(SOON).until(() -> ProcessHandle.of(pid(first)).isEmpty());
    }

    @Test
    void aBuildMayTakeTheDirectoryAwayForAMoment() throws Exception {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Files.writeString(tree.resolve("run.sh"), BOOTSTRAP.replace("$(cat mark.txt)", "1"));
        fixture.functions.registry().register("f", new FunctionCode.LocalDirectory(tree, List.of("bash", "run.sh")),
                FunctionsFixture.settings("h", 20));
        String first = answer("{}");

        Path away = Files.move(tree, directory.resolve("away"));
        long end = System.nanoTime() + Duration.ofMillis(700).toNanos();
        while (System.nanoTime() < end) {
            assertThat(pid(answer("{}"))).isEqualTo(pid(first));
        }
        Files.move(away, tree);
        assertThat(answer("{}")).contains("\"event\":{}");
    }

    @Test
    void whatIsWrittenAllTheTimeKeepsNoChangeFromCounting() throws Exception {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Files.writeString(tree.resolve("run.sh"), BOOTSTRAP.replace("work=$(mktemp -d)", "work=."));
        Files.writeString(tree.resolve("mark.txt"), "1");
        fixture.functions.registry().register("f", new FunctionCode.LocalDirectory(tree, List.of("bash", "run.sh")),
                FunctionsFixture.settings("h", 20));

        String first = answer("{}");

        await().atMost(SOON).pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(pid(answer("{}"))).isNotEqualTo(pid(first)));
    }

    @Test
    void aCommandOrADirectoryThatIsNotThereIsNamed() throws Exception {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        fixture.functions.registry().register("f", new FunctionCode.LocalDirectory(tree, List.of("no-such-program")),
                FunctionsFixture.settings(null, 20));
        assertThat(fixture.invoke("f", "{}").couldNotInvoke()).contains("no-such-program");

        fixture.functions.registry().register("f", new FunctionCode.LocalDirectory(directory.resolve("gone"), List.of("bash")),
                FunctionsFixture.settings(null, 20));
        assertThat(fixture.invoke("f", "{}").couldNotInvoke())
                .contains("the function's directory " + directory.resolve("gone") + " doesn't exist");
    }

    @Test
    void anErrorIsTheFunctionsWithTheTypeItNames() throws Exception {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Files.writeString(tree.resolve("run.sh"), BOOTSTRAP.replaceAll("(?m)^  curl.*$", """
                  echo "failing"
                  curl -sS -X POST "\\$api/invocation/\\$id/error" -d '{"errorMessage":"no","errorType":"Own.Error"}' > /dev/null
                """));
        fixture.functions.registry().register("f", new FunctionCode.LocalDirectory(tree, List.of("bash", "run.sh")),
                FunctionsFixture.settings("h", 20));

        Recorded recorded = fixture.invoke("f", "{}");

        assertThat(recorded.error()).isEqualTo("{\"errorMessage\":\"no\",\"errorType\":\"Own.Error\"}");
        assertThat(((InvocationResult.FunctionError) recorded.result()).errorType()).isEqualTo("Own.Error");
    }

    private static long pid(String answer) {
        return Long.parseLong(answer.replaceAll(".*\"pid\":(\\d+).*", "$1"));
    }
}
