package dev.sluice.runtime.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.LayeredFunction;
import dev.sluice.fixture.Zip;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.Isolation;
import dev.sluice.invocation.FunctionInvoker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a wait hears of that is no file of the function's own code. */
class CodeWatchIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String LAYER = "arn:aws:lambda:us-east-1:000000000000:layer:base:1";

    @TempDir
    private Path directory;
    private FunctionsFixture fixture;
    private final AtomicInteger heard = new AtomicInteger();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aLayerThatIsBuiltAndOneThatIsBuiltAgain() throws Exception {
        Path layer = directory.resolve("layer");
        fixture = new FunctionsFixture(directory, Isolation.JVM, Map.of(LAYER, layer));
        Path tree = Files.createDirectory(directory.resolve("tree"));
        fixture.functions.registry().register("f", new FunctionCode.LocalDirectory(tree, List.of("bash", "run.sh")),
                LayeredFunction.settings(null, null, Map.of(), LAYER));
        assertThat(fixture.invoke("f", "{}").couldNotInvoke()).contains("layers.\"" + LAYER + "\" is " + layer + ", which doesn't exist");
        watch();

        Files.createDirectory(layer);
        await().atMost(PATIENCE).until(() -> heard.get() == 1);
        watch();

        // Again and again, as nobody says when the first look is over.
        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).until(() -> {
            Files.writeString(layer.resolve("new.txt"), "x" + System.nanoTime());
            return heard.get() == 2;
        });
    }

    @Test
    void codeThatWasUploadedIsNotLookedAt() {
        fixture = new FunctionsFixture(directory);
        fixture.upload("f", new Zip().file("a", "x").bytes(), "example.Missing");

        assertThat(fixture.functions.watch(FunctionsFixture.arn("f"), heard::incrementAndGet)).isSameAs(FunctionInvoker.Watch.NONE);
        assertThat(fixture.functions.watch(FunctionsFixture.arn("unknown"), heard::incrementAndGet)).isSameAs(FunctionInvoker.Watch.NONE);
    }

    private void watch() {
        fixture.functions.watch(FunctionsFixture.arn("f"), heard::incrementAndGet);
    }
}
