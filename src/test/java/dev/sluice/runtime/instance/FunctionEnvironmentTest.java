package dev.sluice.runtime.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.LocalOptions;
import dev.sluice.function.LoggingConfig;
import dev.sluice.function.SnapStart;
import dev.sluice.resource.Scope;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionEnvironmentTest {

    private static Map<String, String> environment(String runtime, Map<String, String> own, Map<String, String> shared) {
        FunctionSettings settings = new FunctionSettings(runtime, "example.Orders", null, "", Duration.ofSeconds(3), 512, own);
        FunctionVersion version = FunctionVersion.latest("orders", new FunctionCode.LocalJar(Path.of("/orders.jar")), settings,
                Instant.EPOCH, "r");
        return FunctionEnvironment.of(version, "2026/01/31/[$LATEST]0",
                new SharedEnvironment(new Scope("111111111111", "eu-west-1"), shared));
    }

    @Test
    void hasWhatLambdaSets() {
        // Names and values: "Defined runtime environment variables" of the developer guide; TZ as functions print it there.
        assertThat(environment("java21", Map.of(), Map.of())).containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                Map.entry("_HANDLER", "example.Orders"), Map.entry("AWS_REGION", "eu-west-1"), Map.entry("AWS_DEFAULT_REGION", "eu-west-1"),
                Map.entry("AWS_EXECUTION_ENV", "AWS_Lambda_java21"), Map.entry("AWS_LAMBDA_FUNCTION_NAME", "orders"),
                Map.entry("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"), Map.entry("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
                Map.entry("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"), Map.entry("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/orders"),
                Map.entry("AWS_LAMBDA_LOG_FORMAT", "Text"),
                Map.entry("AWS_LAMBDA_LOG_STREAM_NAME", "2026/01/31/[$LATEST]0"), Map.entry("AWS_ACCESS_KEY_ID", "111111111111"),
                Map.entry("AWS_SECRET_ACCESS_KEY", "sluice"), Map.entry("AWS_SESSION_TOKEN", "sluice"),
                Map.entry("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR"), Map.entry("AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:2000"),
                Map.entry("_AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1"), Map.entry("_AWS_XRAY_DAEMON_PORT", "2000"),
                Map.entry("LAMBDA_TASK_ROOT", "/var/task"), Map.entry("LAMBDA_RUNTIME_DIR", "/var/runtime"), Map.entry("TZ", ":UTC"),
                Map.entry("LANG", "en_US.UTF-8"), Map.entry("PATH", "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin"),
                Map.entry("LD_LIBRARY_PATH",
                        "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib")));
    }

    @Test
    void letsTheFunctionWinOverAllFunctionsAndThoseOverLambda() {
        Map<String, String> environment =
                environment(null, Map.of("A", "own", "TZ", "Europe/Berlin"), Map.of("A", "all", "B", "all", "LANG", "C"));

        assertThat(environment).containsEntry("A", "own").containsEntry("B", "all").containsEntry("TZ", "Europe/Berlin")
                .containsEntry("LANG", "C")
                .containsEntry("AWS_EXECUTION_ENV", "AWS_Lambda_java" + Runtime.version().feature());
    }

    @ParameterizedTest
    @ValueSource(strings = {"AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE"})
    void addsNothingMadeUpToCredentialsThatSomebodyGave(String name) {
        assertThat(environment(null, Map.of(), Map.of(name, "x"))).containsEntry(name, "x")
                .doesNotContainKeys("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN");
    }

    @Test
    void tellsLoggingLibrariesTheFormAndTheLevel() {
        FunctionSettings settings = new FunctionSettings("java21", "h", null, "", Duration.ofSeconds(3), 128, Map.of(),
                List.of(), LoggingConfig.json(LoggingConfig.Level.WARN), SnapStart.NONE, Map.of(), LocalOptions.DEFAULT);
        FunctionVersion version = FunctionVersion.latest("f", new FunctionCode.LocalJar(Path.of("/f.jar")), settings, Instant.EPOCH, "r");

        assertThat(FunctionEnvironment.of(version, "s", new SharedEnvironment(new Scope("111111111111", "eu-west-1"), Map.of())))
                .containsEntry("AWS_LAMBDA_LOG_FORMAT", "JSON").containsEntry("AWS_LAMBDA_LOG_LEVEL", "WARN");
    }

    @Test
    void canNotBeChanged() {
        Map<String, String> environment = environment(null, Map.of(), Map.of());

        assertThatThrownBy(() -> environment.put("A", "b")).isInstanceOf(UnsupportedOperationException.class);
    }
}
