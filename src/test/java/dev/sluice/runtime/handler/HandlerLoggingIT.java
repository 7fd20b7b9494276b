package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log4j of a function's own, with what Lambda's runtime does for it; {@code WholeHandlerIT} has AWS's appender. */
class HandlerLoggingIT {

    private static final String NO_LOG4J = "Customer using log4j appender but unable to load";

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

    // One setting for all functions would have each of them told of a log4j that only one has.
    @Test
    void whoSaysThatItHasLog4jsAppenderSaysItForItselfAlone() throws Exception {
        byte[] zip = CompiledHandler.compile(directory, "Appending", """
                public class Appending {
                    public static class Other { public boolean has(String text) { return LambdaRuntimeInternal.getUseLog4jAppender(); } }
                    public boolean has(String text) {
                        LambdaRuntimeInternal.setUseLog4jAppender(!text.equals("none"));
                        return LambdaRuntimeInternal.getUseLog4jAppender();
                    }
                }""").zip();
        fixture.upload("appending", zip, "example.Appending::has");
        fixture.upload("other", zip, "example.Appending$Other::has");

        assertThat(fixture.invoke("appending", "\"some\"").answer()).isEqualTo("true");
        assertThat(fixture.invoke("other", "\"\"").answer()).isEqualTo("false");
        assertThat(fixture.output()).doesNotContain(NO_LOG4J);
        assertThat(fixture.invoke("appending", "\"none\"").answer()).isEqualTo("false");
        assertThat(fixture.output().lines().filter(line -> line.contains(NO_LOG4J))).hasSize(1)
                .allMatch(line -> line.startsWith("[appending "));
        assertThat(fixture.invoke("appending", "\"none\"").answer()).isEqualTo("false");
        assertThat(fixture.output().lines().filter(line -> line.contains(NO_LOG4J))).hasSize(1);
    }

    @Test
    void powertoolsLogsInItsFormAndReadsTheRecordsOfTheEvent() throws Exception {
        List<Path> libraries = new ArrayList<>(CompiledHandler.copiedJars("powertools-logging-log4j", "powertools-logging",
                "powertools-common",
                "powertools-serialization", "jmespath-jackson", "jmespath-core", "jackson-datatype-joda", "log4j-core", "log4j-slf4j2-impl",
                "log4j-layout-template-json"));
        CompiledHandler.jarsOf("org.apache.logging.log4j.log4j-api", "org.slf4j.slf4j-api", "com.fasterxml.jackson.core",
                "com.amazonaws.aws-lambda-java-events", "joda-time", "software.amazon.awssdk.utils-lite").forEach(libraries::add);
        byte[] zip = packed(CompiledHandler.compileAgainst(directory, "Ordering", """
                import org.slf4j.*;
                import software.amazon.lambda.powertools.logging.PowertoolsLogging;
                import software.amazon.lambda.powertools.utilities.EventDeserializer;

                public class Ordering implements RequestHandler<KafkaEvent, String> {
                    public record Order(String id) { }
                    public String handleRequest(KafkaEvent event, Context context) {
                        return PowertoolsLogging.withLogging(context, () -> {
                            List<Order> orders = EventDeserializer.extractDataFrom(event).asListOf(Order.class);
                            LoggerFactory.getLogger(Ordering.class).info("read {}", orders);
                            return orders.get(0).id();
                        });
                    }
                }""", libraries), libraries);
        fixture.upload("ordering", zip, "example.Ordering");

        Recorded recorded =
                fixture.invoke("ordering", "{\"eventSource\":\"aws:kafka\",\"records\":{\"t-0\":[{\"topic\":\"t\",\"partition\":0,"
                        + "\"offset\":1,\"timestamp\":1,\"timestampType\":\"CREATE_TIME\",\"value\":\"eyJpZCI6ImExIn0=\",\"headers\":[]}]}}");

        assertThat(recorded.answer()).as(fixture.output()).isEqualTo("\"a1\"");
        JsonNode line =
                new ObjectMapper().readTree(fixture.output().lines().filter(text -> text.contains("read [")).findFirst().orElseThrow()
                        .replaceFirst("^\\[.*?\\] ", ""));
        assertThat(line.path("message").asText()).isEqualTo("read [Order[id=a1]]");
        assertThat(line.path("function_name").asText()).isEqualTo("ordering");
        assertThat(line.path("function_request_id").asText()).isNotEmpty();
        assertThat(line.path("cold_start").asBoolean()).isTrue();
        assertThat(fixture.output()).doesNotContain("WARN", "ERROR");
    }

    @Test
    void log4jOfOldCodeGoesWithIt() throws Exception {
        String name = "logging-updated";
        List<WeakReference<ClassLoader>> loaders = Collections.synchronizedList(new ArrayList<>());
        System.getProperties().put(name, loaders);
        try {
            List<Path> libraries =
                    new ArrayList<>(CompiledHandler.copiedJars("log4j-core", "log4j-slf4j2-impl", "log4j-layout-template-json",
                            "powertools-logging-log4j", "aws-lambda-java-log4j2"));
            CompiledHandler.jarsOf("org.apache.logging.log4j.log4j-api", "org.slf4j.slf4j-api").forEach(libraries::add);
            CompiledHandler compiled = CompiledHandler.compileAgainst(directory, "Logging", """
                    import java.lang.ref.WeakReference;
                    @SuppressWarnings("unchecked")
                    public class Logging {
                        static {
                            ((List<WeakReference<ClassLoader>>) System.getProperties().get("logging-updated"))
                                    .add(new WeakReference<>(Logging.class.getClassLoader()));
                        }
                        public String handle(String text) {
                            LambdaRuntimeInternal.setUseLog4jAppender(true);
                            org.slf4j.MDC.put("mine", text);
                            org.slf4j.LoggerFactory.getLogger(Logging.class).info(text);
                            return text;
                        }
                    }""", libraries);
            for (int update = 0; update < 5; update++) {
                byte[] zip = packed(compiled, libraries, "number.txt", String.valueOf(update).getBytes(StandardCharsets.UTF_8));
                if (update == 0) {
                    fixture.upload(name, zip, "example.Logging::handle");
                } else {
                    fixture.functions.registry().updateCode(FunctionsFixture.CALLER, FunctionsFixture.named(name),
                            FunctionsFixture.update(zip));
                }
                assertThat(fixture.invoke(name, "\"a\"").answer()).isEqualTo("\"a\"");
            }

            await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
                assertThat(fixture.invoke(name, "\"b\"").answer()).isEqualTo("\"b\"");
                System.gc();
                assertThat(loaders.stream().filter(loader -> loader.get() != null)).hasSize(1);
            });
            assertThat(loaders).hasSize(5);
        } finally {
            System.getProperties().remove(name);
        }
    }

    private static byte[] packed(CompiledHandler handler, List<Path> libraries, Object... more) throws Exception {
        List<Object> entries = new ArrayList<>(List.of(more));
        entries.addAll(List.of("log4j2.xml", """
                <Configuration status="WARN">
                  <Appenders>
                    <Console name="Json"><JsonTemplateLayout eventTemplateUri="classpath:LambdaJsonLayout.json"/></Console>
                  </Appenders>
                  <Loggers><Root level="INFO"><AppenderRef ref="Json"/></Root></Loggers>
                </Configuration>
                """.getBytes(StandardCharsets.UTF_8)));
        for (Path library : libraries) {
            entries.add("lib/" + library.getFileName());
            entries.add(Files.readAllBytes(library));
        }
        return handler.zip(entries.toArray());
    }
}
