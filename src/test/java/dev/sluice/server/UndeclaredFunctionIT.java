package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.SluiceJar;
import dev.sluice.fixture.SluiceJar.Output;
import dev.sluice.fixture.SluiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mapping of sluice.yaml whose function nobody declares, and code that isn't there. */
class UndeclaredFunctionIT {

    private static final String FILE = """
            functions: {orders: {url: 'http://localhost:1/'}}
            mappings: {m: {function: ordres, bootstrapServers: localhost:1, topic: orders}}
            """;

    @TempDir
    private Path directory;

    @Test
    void isToldWithTheOtherProblemsBeforeTheDataDirectoryIsMade() throws IOException {
        Output output = serve(FILE, "--port", "99999");

        assertThat(output.status()).isEqualTo(2);
        assertThat(output.err()).contains("--port: is '99999'",
                "sluice.yaml: mappings.m.function: is 'ordres', which is not under functions; did you mean 'orders'?\n");
        assertThat(directory.resolve(".sluice")).doesNotExist();
        assertThat(serve("mappings: {m: {function: f, bootstrapServers: localhost:1, topic: orders}}", "--port", "0").err())
                .contains("mappings.m.function: is 'f', which is not under functions; nor has the data directory one, as it is new\n");
        assertThat(directory.resolve(".sluice")).doesNotExist();
    }

    @Test
    void mayBeInTheDataDirectoryAndElseIsToldWithTheNearestName() throws IOException {
        try (SluiceProcess first = SluiceJar.in(directory).serve("--kafka", "localhost:1").awaitReady()) {
            first.terminate();
        }

        Output output = serve(FILE, "--port", "0", "--kafka", "localhost:1");

        assertThat(output.status()).isEqualTo(2);
        assertThat(output.err()).endsWith("mappings.m.function: is 'ordres'; there is no such function in account 000000000000, region"
                + " us-east-1; did you mean 'orders'?\n");
    }

    @Test
    void codeThatIsNotThereYetIsAWarning() throws IOException {
        Files.writeString(directory.resolve("sluice.yaml"), """
                functions:
                  a: {jar: nosuch.jar, handler: H}
                  b: {directory: nowhere, runtime: python3.12, handler: app.handler}
                  c: {classpath: [gone/classes], handler: H}
                """);

        try (SluiceProcess server = SluiceJar.in(directory).serve("--kafka", "localhost:1").awaitReady()) {
            Path home = directory.toRealPath();
            server.awaitErr("the warnings", line -> line.contains("functions.c.classpath is " + home.resolve("gone/classes")));
            assertThat(server.err()).contains(
                    "functions.a.jar is " + home.resolve("nosuch.jar") + ", which isn't there yet; batches wait until it is",
                    "functions.b.directory is " + home.resolve("nowhere") + ", which isn't there yet");
        }
    }

    private Output serve(String file, String... flags) throws IOException {
        Files.writeString(directory.resolve("sluice.yaml"), file);
        String[] all = new String[flags.length + 1];
        all[0] = "serve";
        System.arraycopy(flags, 0, all, 1, flags.length);
        return SluiceJar.in(directory).run(all);
    }
}
