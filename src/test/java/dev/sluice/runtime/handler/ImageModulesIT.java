package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Programs;
import dev.sluice.fixture.Recorded;
import dev.sluice.fixture.Zip;
import dev.sluice.function.CodeSource;
import dev.sluice.function.FunctionRegistry;
import dev.sluice.function.SettingsChange;
import dev.sluice.invocation.InvocationOptions;
import dev.sluice.resource.Tags;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Functions that import what only Lambda's image has. */
class ImageModulesIT {

    private static final InvocationOptions LOGGED = new InvocationOptions(InvocationOptions.WhenBusy.WAIT, null, true, null, null);

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

    private Recorded invoke(String runtime, String file, String code, String handler) {
        fixture.functions.registry().create(FunctionsFixture.CALLER, new FunctionRegistry.Create("f", new CodeSource.Zip(
                new Zip().file(file, code).bytes()),
                new SettingsChange(runtime, handler, "arn:aws:iam::000000000000:role/r", null, 20, null, null,
                        Map.of()),
                Tags.NONE, false));
        return fixture.invoke("f", "{}", LOGGED);
    }

    @Test
    void theLogSaysThatNodesModuleIsOfLambdasImage() throws Exception {
        Programs.assume(List.of("node"));

        Recorded recorded = invoke("nodejs20.x", "index.mjs", "import '@aws-sdk/client-none';\nexport const handler = async () => 1;\n",
                "index.handler");

        assertThat(recorded.error()).contains("@aws-sdk/client-none");
        assertThat(recorded.log()).contains("[WARN] Sluice: '@aws-sdk/client-none' is part of Lambda's image of nodejs20.x");
        assertThat(fixture.output()).contains("npm install @aws-sdk/client-none");
    }

    @Test
    void theLogSaysThatPythonsModuleIsOfLambdasImageAlsoWhenItIsMissedInACall() throws Exception {
        Programs.assume(List.of("python3"));

        Recorded recorded = invoke("python3.12", "app.py", "def handler(event, context):\n    import botocore.none\n", "app.handler");

        assertThat(recorded.error()).contains("No module named");
        assertThat(recorded.log()).contains("[WARN] Sluice: 'botocore");
    }
}
