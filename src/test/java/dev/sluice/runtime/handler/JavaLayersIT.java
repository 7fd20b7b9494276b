package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.LayeredFunction;
import dev.sluice.fixture.Zip;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.Isolation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Java code finds in its layers, wherever it runs. */
public class JavaLayersIT {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String LAYER = "arn:aws:lambda:us-east-1:111111111111:layer:shared:1";

    @TempDir
    Path directory;
    private FunctionsFixture fixture;

    @AfterEach
    void close() {
        if (fixture != null) {
            fixture.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void javaFindsTheJarsOfItsLayersAfterItsOwn(Isolation isolation) throws Exception {
        byte[] layersJar = shared("layer").zip();
        Path compiled = Files.write(directory.resolve("shared.jar"), layersJar);
        byte[] handler = CompiledHandler.compileAgainst(directory, "Asks", """
                public class Asks { public String handle(Object event, Context c) { return Shared.from(); } }""", List.of(compiled)).zip();
        zip(new Zip().file("java/lib/shared.jar", layersJar).file("java/lib/notes.txt", "no JAR"));
        fixture = new FunctionsFixture(directory, isolation, Map.of(LAYER, directory.resolve("layer.zip")));
        Path jar = Files.write(directory.resolve("asks.jar"), handler);
        function(jar, "example.Asks::handle");
        assertThat(fixture.answer("f")).isEqualTo("\"layer\"");
        zip(new Zip().file("java/lib/shared.jar", shared("changed").zip()));
        await().atMost(SOON).until(() -> fixture.answer("f").equals("\"changed\""));

        Path both = Files.write(directory.resolve("both.jar"), new Zip().file("example/Asks.class", entry(handler, "example/Asks.class"))
                .file("example/Shared.class", shared("own").classFile("example/Shared.class")).bytes());
        function(both, "example.Asks::handle");
        assertThat(fixture.answer("f")).isEqualTo("\"own\"");
    }

    private void function(Path jar, String handler) {
        fixture.functions.registry().register("f", new FunctionCode.LocalJar(jar),
                LayeredFunction.settings(null, handler, Map.of(), LAYER));
    }

    private CompiledHandler shared(String answer) throws IOException {
        return CompiledHandler.compile(directory, "Shared",
                "public class Shared { public static String from() { return \"" + answer + "\"; } }");
    }

    private void zip(Zip zip) throws IOException {
        Files.write(directory.resolve("layer.zip"), zip.bytes());
    }

    private static byte[] entry(byte[] zip, String name) throws IOException {
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            while (!in.getNextEntry().getName().equals(name)) {
                in.closeEntry();
            }
            return in.readAllBytes();
        }
    }

    // Lambda refuses such a function at once; a stack must not fail for it here, and its invocations tell what to set.
    @ParameterizedTest
    @EnumSource(Isolation.class)
    void aLayerOfWhichNothingIsKnownIsNamed(Isolation isolation) throws Exception {
        fixture = new FunctionsFixture(directory, isolation, Map.of());
        Path jar = Files.write(directory.resolve("shared.jar"), shared("own").zip());
        function(jar, "example.Shared::from");

        assertThat(fixture.invoke("f", "{}").couldNotInvoke()).contains("set layers.\"" + LAYER + "\": PATH in sluice.yaml");
    }
}
