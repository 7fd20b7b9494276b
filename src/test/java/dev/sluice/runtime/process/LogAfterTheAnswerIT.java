package dev.sluice.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.BashClient;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Programs;
import dev.sluice.fixture.Recorded;
import dev.sluice.fixture.Zip;
import dev.sluice.function.CodeSource;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionRegistry;
import dev.sluice.function.SettingsChange;
import dev.sluice.invocation.InvocationOptions;
import dev.sluice.resource.Tags;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process prints between its answer and its next request is in the log of that call. */
class LogAfterTheAnswerIT {

    private static final InvocationOptions LOGGED = new InvocationOptions(InvocationOptions.WhenBusy.WAIT, null, true, null, null);
    private static final int CALLS = 8;

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

    /** Of as many calls, each its log. */
    private void eachLogContains(String event, String text) throws Exception {
        for (int i = 0; i < CALLS; i++) {
            Recorded recorded = fixture.invoke("f", event, LOGGED);
            recorded.answer();
            assertThat(recorded.log()).containsSubsequence("START RequestId: " + recorded.started.get(), text, "END RequestId: ");
            recorded.awaitEnd(Duration.ofSeconds(5));
        }
    }

    @Test
    void ofNodeThePromiseThatWasRejectedUnseen() throws Exception {
        Programs.assume(List.of("node"));
        byte[] zip = new Zip().file("index.js", """
                exports.handler = async () => {
                  (async () => { throw new Error('unseen'); })();
                  return 'done';
                };""").bytes();
        fixture.functions.registry().create(FunctionsFixture.CALLER,
                new FunctionRegistry.Create("f", new CodeSource.Zip(zip), new SettingsChange(
                        "nodejs20.x", "index.handler", "arn:aws:iam::000000000000:role/r", null, 20, null, null, Map.of()), Tags.NONE,
                        false));

        eachLogContains("{}", "Unhandled Promise Rejection");
    }

    @Test
    void ofAnyProcessWhateverItPrints() throws Exception {
        Programs.assume(List.of("bash"));
        Path code = Files.createDirectories(directory.resolve("client"));
        Files.writeString(code.resolve(BashClient.FILE),
                BashClient.SCRIPT.replace("\"\\\"$answer\\\"\"\n", "\"\\\"$answer\\\"\"; echo after\n"),
                StandardCharsets.UTF_8);
        fixture.functions.registry().register("f", new FunctionCode.LocalDirectory(code, BashClient.COMMAND),
                FunctionsFixture.settings(null, 20));

        eachLogContains("\"echo answered\"", "after");
    }

    @Test
    void whoNeverAsksAgainIsNotWaitedForLong() throws Exception {
        Programs.assume(List.of("bash"));
        Path code = Files.createDirectories(directory.resolve("client"));
        Files.writeString(code.resolve(BashClient.FILE),
                BashClient.SCRIPT.replace("\"\\\"$answer\\\"\"\n", "\"\\\"$answer\\\"\"; sleep 60\n"),
                StandardCharsets.UTF_8);
        fixture.functions.registry().register("f", new FunctionCode.LocalDirectory(code, BashClient.COMMAND),
                FunctionsFixture.settings(null, 20));

        Recorded recorded = fixture.invoke("f", "\"echo answered\"", LOGGED);

        assertThat(recorded.answer()).isEqualTo("\"answered\"");
        recorded.awaitEnd(Duration.ofSeconds(5));
    }
}
