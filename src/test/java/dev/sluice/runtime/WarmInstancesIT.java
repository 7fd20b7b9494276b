package dev.sluice.runtime;

import static dev.sluice.fixture.FunctionsFixture.CALLER;
import static dev.sluice.fixture.FunctionsFixture.named;
import static dev.sluice.fixture.FunctionsFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.function.FunctionCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long instances, their class loaders, and the copies of code that they use are kept. */
class WarmInstancesIT {

    /** Says which of its instances it is: a class loader loads the class anew. */
    private static final String LOADED = """
            public class Loaded {
                static final String LOADED = Long.toHexString(System.nanoTime());
                public String loaded(Object event) { return LOADED; }
            }""";
    private static final String HANDLER = "example.Loaded::loaded";

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

    @Test
    void instancesOfVersionsThatNobodyInvokesAnyMoreAreNotKeptForEver() throws Exception {
        byte[] zip = CompiledHandler.compile(directory, "Loaded", LOADED).zip();
        fixture.upload("f", zip, HANDLER);
        List<String> first = new ArrayList<>();
        for (int version = 1; version <= InstancePool.IDLE_OF_OTHER_VERSIONS + 3; version++) {
            fixture.timeout("f", version);
            fixture.publish("f");
            first.add(fixture.answer("f:" + version));
        }

        assertThat(fixture.answer("f:" + first.size())).as("the newest").isEqualTo(first.get(first.size() - 1));
        assertThat(fixture.answer("f:3")).as("the oldest that is kept").isEqualTo(first.get(2));
        assertThat(fixture.answer("f:2")).as("one too many").isNotEqualTo(first.get(1));
    }

    @Test
    void versionsWithJarsOfTheirOwnStayWarmSideBySide() throws Exception {
        jar("a.jar");
        fixture.publish("f");
        jar("b.jar");

        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            answers.add(fixture.answer("f:1"));
            answers.add(fixture.answer("f"));
        }

        assertThat(answers.stream().distinct()).hasSize(2);
        assertThat(copies()).isEqualTo(2);
    }

    @Test
    void theCopyOfAJarGoesWithTheLastVersionThatNamesIt() throws Exception {
        jar("a.jar");
        fixture.answer("f");
        jar("b.jar");
        fixture.answer("f");
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertThat(copies()).isEqualTo(1));

        fixture.functions.registry().delete(CALLER, named("f"));
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertThat(copies()).isZero());
    }

    private void jar(String name) throws Exception {
        Path jar = Files.write(directory.resolve(name), CompiledHandler.compile(directory, "Loaded", LOADED).zip());
        fixture.functions.registry().register("f", new FunctionCode.LocalJar(jar), settings(HANDLER, 3));
    }

    private long copies() throws Exception {
        try (Stream<Path> files = Files.list(fixture.codeDirectory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("local-")).count();
        }
    }
}
