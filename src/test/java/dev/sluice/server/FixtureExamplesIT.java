package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.NpmPackages;
import dev.sluice.fixture.Programs;
import dev.sluice.fixture.SluiceJar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as a fixture of other languages' tests: the examples to be copied, and the flags that they use. */
class FixtureExamplesIT {

    @TempDir
    private Path directory;
    private Path sluice;

    @BeforeEach
    void command() throws IOException {
        sluice = SluiceJar.script(directory.resolve("sluice"));
    }

    @Test
    void pytest() throws Exception {
        assumeThat(run(Path.of("."), "python3", "-c", "import boto3, pytest").status()).as("pytest and boto3 are installed").isZero();
        Ended tests = run(Path.of("."), "python3", "-m", "pytest", "-q", "-p", "no:cacheprovider", "src/examples/pytest");
        assertThat(tests.output()).contains("4 passed");
        assertThat(tests.status()).as(tests.output()).isZero();
    }

    @Test
    void nodesOwnTests() throws Exception {
        Ended tests = run(nodeExample("orders.test.mjs"), "npm", "test", "--silent");
        assertThat(tests.output()).contains("pass 3", "fail 0");
        assertThat(tests.status()).as(tests.output()).isZero();
    }

    @Test
    void jest() throws Exception {
        Ended tests = run(nodeExample("orders.jest.mjs"), "npm", "run", "--silent", "test:jest");
        assertThat(tests.output()).contains("Tests:       1 passed, 1 total");
        assertThat(tests.status()).as(tests.output()).isZero();
    }

    /** A directory with the example's packages, the fixture and these tests. */
    private static Path nodeExample(String tests) throws IOException {
        Programs.assume(List.of("node", "npm"));
        Path example = Path.of("src/examples/node-test");
        Path copy = NpmPackages.installed(example.resolve("package.json"), "node-test");
        for (String file : List.of("sluice.mjs", tests)) {
            Files.copy(example.resolve(file), copy.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        return copy;
    }

    // However a test run ends, its server does, too.
    @Test
    void theServerEndsWithWhoStartedIt() throws Exception {
        Path ready = directory.resolve("ready.json");
        Path log = directory.resolve("log");
        Process parent = new ProcessBuilder("bash", "-c",
                "'" + sluice + "' serve --port 0 --embedded-kafka-port 0 --quiet --exit-with-parent --data-dir '"
                        + directory.resolve("data") + "' --ready-file '" + ready + "' & wait")
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(ready));
        JsonNode said = new ObjectMapper().readTree(ready.toFile());
        ProcessHandle server = ProcessHandle.of(said.path("pid").asLong()).orElseThrow();
        assertThat(said.path("url").asText()).startsWith("http://localhost:");
        assertThat(said.path("kafka").asText()).startsWith("localhost:");
        assertThat(said.path("region").asText()).isEqualTo("us-east-1");
        assertThat(said.path("accountId").asText()).isEqualTo("000000000000");
        assertThat(Files.readAllLines(log)).as("--quiet")
                .allMatch(line -> line.startsWith("Sluice ready on ") || line.startsWith("Kafka ready on "));

        parent.destroyForcibly().waitFor();

        await().atMost(Duration.ofSeconds(10)).until(() -> !server.isAlive());
    }

    @Test
    void theReadyFileGoesWithTheServer() throws Exception {
        Path ready = Files.writeString(directory.resolve("ready.json"), "of an earlier one");
        Process server = new ProcessBuilder(sluice.toString(), "serve", "--port", "0", "--embedded-kafka-port", "0", "--data-dir",
                directory.resolve("data").toString(), "--ready-file", ready.toString()).redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile()).start();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Files.exists(ready) && Files.readString(ready).contains("\"pid\":" + server.pid()));
        server.destroy();
        assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(ready).doesNotExist();
    }

    private record Ended(int status, String output) {
    }

    private Ended run(Path in, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "output", ".txt");
        ProcessBuilder program = new ProcessBuilder(new ArrayList<>(List.of(command))).directory(in.toFile()).redirectErrorStream(true)
                .redirectOutput(output.toFile());
        program.environment().putAll(Map.of("SLUICE", sluice.toString(), "PYTHONDONTWRITEBYTECODE", "1", "HANDLERS",
                Path.of("src/examples/node-esm").toAbsolutePath().toString()));
        Process process = program.start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError("It hangs: " + Files.readString(output, StandardCharsets.UTF_8));
        }
        return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }
}
