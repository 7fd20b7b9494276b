package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.function.Isolation;
import dev.sluice.function.LoggingConfig;
import dev.sluice.invocation.InvocationOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What handlers' libraries make of the context. */
class InvocationContextIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CLIENT = "{\"client\":{\"app_title\":\"shop\"},\"custom\":{\"a\":\"b\"},\"env\":{\"locale\":\"de\"}}";

    @TempDir
    Path directory;
    private FunctionsFixture fixture;

    /** Where the handlers run; the same is tested of a process. */
    Isolation isolation() {
        return Isolation.JVM;
    }

    @BeforeEach
    void open() throws Exception {
        fixture = new FunctionsFixture(directory, isolation());
        List<Path> libraries = new ArrayList<>(CompiledHandler.jarsOf("com.fasterxml.jackson.core"));
        libraries.addAll(CompiledHandler.copiedJars("gson"));
        List<Object> files = new ArrayList<>();
        for (Path library : libraries) {
            files.addAll(List.of("lib/" + library.getFileName(), Files.readAllBytes(library)));
        }
        fixture.upload("shows", CompiledHandler.compileAgainst(directory, "Shows", """
                public class Shows {
                    public String show(String how, Context context) throws Exception {
                        Object shown = how.startsWith("runtime") ? LambdaRuntime.getLogger() : context;
                        switch (how.substring(how.indexOf(' ') + 1)) {
                            case "gson": return new com.google.gson.Gson().toJson(shown);
                            case "jackson": return new com.fasterxml.jackson.databind.ObjectMapper().writeValueAsString(shown);
                            case "fields": return new com.fasterxml.jackson.databind.ObjectMapper().setVisibility(
                                    com.fasterxml.jackson.annotation.PropertyAccessor.FIELD,
                                    com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility.ANY).writeValueAsString(shown);
                            case "reflection":
                                Object client = context.getClass().getMethod("getClientContext").invoke(context);
                                client = client.getClass().getMethod("getClient").invoke(client);
                                Object logger = context.getClass().getMethod("getLogger").invoke(context);
                                logger.getClass().getMethod("log", String.class).invoke(logger, "reflected");
                                return context.getClass().getMethod("getFunctionName").invoke(context) + " "
                                        + client.getClass().getMethod("getAppTitle").invoke(client);
                            default: return String.valueOf(shown);
                        }
                    }
                }""", libraries).zip(files.toArray()), "example.Shows::show");
        fixture.timeout("shows", 20);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private String show(String how) throws Exception {
        String answer = fixture.invoke("shows", "\"" + how + "\"",
                new InvocationOptions(InvocationOptions.WhenBusy.WAIT, null, false, CLIENT, "Root=1-2-3")).answer();
        return JSON.readTree(answer).textValue();
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void gsonPrintsTheFieldsOfLambdasOwnContext() throws Exception {
        JsonNode context = JSON.readTree(show("gson"));

        assertThat(names(context)).containsExactlyInAnyOrder("memoryLimit", "awsRequestId", "logGroupName", "logStreamName", "functionName",
                "functionVersion", "invokedFunctionArn", "deadlineTimeInMs", "clientContext", "xrayTraceId", "logger");
        assertThat(context.path("memoryLimit").intValue()).isEqualTo(128);
        assertThat(context.path("functionName").textValue()).isEqualTo("shows");
        assertThat(context.path("xrayTraceId").textValue()).isEqualTo("Root=1-2-3");
        assertThat(context.path("deadlineTimeInMs").longValue()).isBetween(System.currentTimeMillis(), System.currentTimeMillis() + 20_000);
        assertThat(context.path("clientContext")).isEqualTo(JSON.readTree(CLIENT));
        assertThat(context.path("logger"))
                .isEqualTo(
                        JSON.readTree("{\"logFormat\":\"TEXT\",\"logFiltering\":{\"minimumLogLevel\":\"UNDEFINED\"},\"logFormatter\":{}}"));
    }

    @Test
    void theLoggerSaysHowTheFunctionLogs() throws Exception {
        fixture.functions.registry().updateConfiguration(FunctionsFixture.CALLER, FunctionsFixture.named("shows"),
                FunctionsFixture.logging(LoggingConfig.json(LoggingConfig.Level.WARN)),
                null);

        assertThat(JSON.readTree(show("gson")).path("logger"))
                .isEqualTo(JSON.readTree("{\"logFormat\":\"JSON\",\"logFiltering\":{\"minimumLogLevel\":\"WARN\"},\"logFormatter\":{}}"));
    }

    @Test
    void jacksonPrintsWhatItsGettersSay() throws Exception {
        JsonNode context = JSON.readTree(show("jackson"));

        assertThat(names(context)).containsExactlyInAnyOrder("memoryLimitInMB", "awsRequestId", "logGroupName", "logStreamName",
                "functionName",
                "functionVersion", "invokedFunctionArn", "identity", "clientContext", "tenantId", "xrayTraceId", "remainingTimeInMillis",
                "logger");
        assertThat(context.path("logger")).isEqualTo(JSON.readTree("{\"logFormat\":\"TEXT\"}"));
        assertThat(context.at("/clientContext/client/appTitle").textValue()).isEqualTo("shop");
        assertThat(JSON.readTree(show("fields")).path("deadlineTimeInMs").isLong()).isTrue();
    }

    @Test
    void reflectionCallsItAsAPublicClass() throws Exception {
        assertThat(show("reflection")).isEqualTo("shows shop");
        assertThat(fixture.output()).contains("reflected");
    }

    @Test
    void theLoggerOfTheRuntimeIsPrintedLikeThatOfTheContext() throws Exception {
        assertThat(show("runtime gson")).startsWith("{\"logFormat\":\"TEXT\"");
        assertThat(show("runtime jackson")).isEqualTo("{\"logFormat\":\"TEXT\"}");
    }

    @Test
    void asATextItIsItsValues() throws Exception {
        assertThat(show("text")).startsWith("LambdaContext[memoryLimit=128, awsRequestId=").contains(", functionName=shows,")
                .doesNotContain("shop");
    }
}
