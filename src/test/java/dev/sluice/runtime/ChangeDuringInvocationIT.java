package dev.sluice.runtime;

import static dev.sluice.fixture.FunctionsFixture.CALLER;
import static dev.sluice.fixture.FunctionsFixture.named;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import dev.sluice.fixture.Zip;
import dev.sluice.function.FunctionAliases.Change;
import dev.sluice.invocation.InvocationResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a call comes to whose function changes after its version was chosen. "Not valid" would disable the mapping that makes it. */
class ChangeDuringInvocationIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

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
    void codeThatIsReplacedBeforeItIsLoadedMakesTheFunctionNotInvalid() throws Exception {
        fixture.upload("f", zip("before"), "example.Handler");

        Recorded call = invoke("f", () -> update(zip("after")));

        assertCouldNotInvoke(call);
    }

    @Test
    void aBrokenHandlerThatIsCorrectedMeanwhileMakesTheFunctionNotInvalid() throws Exception {
        fixture.upload("f", zip("x"), "example.Missing");

        Recorded call = invoke("f", () -> fixture.functions.registry().updateConfiguration(CALLER, named("f"),
                FunctionsFixture.change("example.Corrected"), null));

        assertCouldNotInvoke(call);
        assertThat(fixture.invoke("f", "{}").reason()).as("the next call").contains("example.Corrected");
    }

    @Test
    void anAliasThatLeavesABrokenVersionMakesTheFunctionNotInvalid() throws Exception {
        fixture.upload("f", zip("one"), "example.Missing");
        fixture.publish("f");
        update(zip("two"));
        fixture.publish("f");
        fixture.functions.aliases().create(CALLER, named("f"), "live", new Change("1", null, null));

        Recorded weighted = invoke("f:live", () -> alias(new Change("2", null, Map.of("1", 0.5))));
        assertThat(weighted.reason()).as("the alias still leads to it").contains("example.Missing");
        alias(new Change("1", null, Map.of()));

        assertCouldNotInvoke(invoke("f:live", () -> alias(new Change("2", null, null))));
        alias(new Change("1", null, null));
        assertCouldNotInvoke(invoke("f:live", () -> {
            alias(new Change("2", null, null));
            fixture.functions.versions().delete(CALLER, named("f:1"));
        }));
    }

    private void alias(Change change) {
        fixture.functions.aliases().update(CALLER, named("f"), "live", change, null);
    }

    private void update(byte[] zip) {
        fixture.functions.registry().updateCode(CALLER, named("f"), FunctionsFixture.update(zip));
    }

    private static void assertCouldNotInvoke(Recorded call) throws Exception {
        assertThat(call.result()).isEqualTo(new InvocationResult.CouldNotInvoke("the function was changed while the call was prepared"));
        call.awaitEnd(PATIENCE);
        assertThat(call.calls).containsExactly("completed", "ended");
    }

    /** Makes the change when the version is chosen, and its code not loaded. */
    private Recorded invoke(String name, Runnable change) {
        return fixture.invoke(name, "{}", new Recorded() {
            @Override
            public void executes(String number) {
                change.run();
            }
        });
    }

    private static byte[] zip(String content) {
        return new Zip().file("example/Other.class", content).bytes();
    }
}
