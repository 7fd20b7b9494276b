package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import dev.sluice.function.ClassPathEntry;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.Isolation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a function finds on its class path without bringing it along. */
class LambdaClassPathIT {

    private static final String RUNTIME = "com.amazonaws.services.lambda.runtime.";
    private static final List<String> SHOWN = List.of(RUNTIME + "Context", RUNTIME + "CustomPojoSerializer", RUNTIME + "logging.LogLevel",
            RUNTIME + "serialization.PojoSerializer", RUNTIME + "serialization.events.LambdaEventSerializers",
            RUNTIME + "serialization.factories.GsonFactory", RUNTIME + "serialization.factories.JacksonFactory",
            RUNTIME + "serialization.util.SerializeUtil", RUNTIME + "api.client.AWSLambda", RUNTIME + "api.client.EventHandlerLoader",
            RUNTIME + "api.client.LambdaEnvironment", RUNTIME + "api.client.ReservedRuntimeEnvironmentVariables",
            RUNTIME + "api.client.api.LambdaContext", RUNTIME + "api.client.logging.LambdaContextLogger",
            RUNTIME + "api.client.logging.StdOutLogSink", RUNTIME + "api.client.runtimeapi.LambdaRuntimeApiClient",
            "com.amazonaws.services.lambda.crac.Core", "com.amazonaws.services.lambda.crac.Resource",
            "com.amazonaws.lambda.thirdparty.com.fasterxml.jackson.databind.ObjectMapper",
            "com.amazonaws.lambda.thirdparty.com.google.gson.Gson",
            "com.amazonaws.lambda.thirdparty.org.json.JSONObject", "com.amazonaws.lambda.thirdparty.org.joda.time.DateTime");
    private static final List<String> HIDDEN = List.of(RUNTIME + "events.KafkaEvent", "com.fasterxml.jackson.databind.ObjectMapper",
            "com.fasterxml.jackson.annotation.JsonProperty", "org.slf4j.Logger", "org.apache.kafka.clients.consumer.KafkaConsumer",
            "ch.qos.logback.classic.Logger", "org.apache.logging.log4j.Logger", "org.joda.time.DateTime", "com.google.gson.Gson",
            "org.objectweb.asm.ClassReader", "software.amazon.awssdk.utilslite.SdkInternalThreadLocal",
            "dev.sluice.runtime.handler.Handler");
    private static final String HANDLER =
            """
                    import com.amazonaws.services.lambda.runtime.serialization.factories.*;
                    public class Finds {
                        public List<String> find(List<String> names) {
                            List<String> found = new ArrayList<>();
                            for (String name : names) {
                                try { found.add(Class.forName(name).getName()); } catch (ClassNotFoundException missing) { }
                            }
                            return found;
                        }
                        public List<String> read(List<String> names) throws Exception {
                            List<String> found = new ArrayList<>();
                            for (String name : names) {
                                URL first = Finds.class.getClassLoader().getResource(name);
                                try (InputStream in = first == null ? InputStream.nullInputStream() : first.openStream()) {
                                    found.add(in.readAllBytes().length > 0 && Finds.class.getClassLoader().getResources(name).hasMoreElements()
                                            ? name : "no " + name);
                                }
                            }
                            return found;
                        }
                        public int services(String nothing) {
                            int count = 0;
                            for (var module : ServiceLoader.load(com.amazonaws.lambda.thirdparty.com.fasterxml.jackson.databind.Module.class)) { count++; }
                            return count;
                        }
                        public String environment(String nothing) {
                            return com.amazonaws.services.lambda.runtime.api.client.LambdaEnvironment.FUNCTION_NAME + " "
                                    + com.amazonaws.services.lambda.runtime.api.client.LambdaEnvironment.MEMORY_LIMIT;
                        }
                        public String own(String nothing) throws Exception {
                            return com.amazonaws.services.lambda.crac.Core.class.getMethod("getGlobalContext").getReturnType().getSimpleName() + " "
                                    + Class.forName("com.amazonaws.services.lambda.crac.Extra").getMethod("own").invoke(null);
                        }
                        public static class Snake {
                            private final String orderId;
                            public Snake(String orderId) { this.orderId = orderId; }
                            public String getOrderId() { return orderId; }
                        }
                        public static class Changing {
                            static {
                                JacksonFactory.getInstance().getMapper().setPropertyNamingStrategy(
                                        com.amazonaws.lambda.thirdparty.com.fasterxml.jackson.databind.PropertyNamingStrategies.SNAKE_CASE);
                            }
                            public Snake answer(String id) { return new Snake(id); }
                        }
                        public static class Unchanged {
                            public Snake answer(String id) { return new Snake(id); }
                        }
                    }""";

    @TempDir
    private static Path sources;
    private static CompiledHandler compiled;
    @TempDir
    Path directory;
    private FunctionsFixture fixture;

    /** Where the handlers run; the same is tested of a process. */
    Isolation isolation() {
        return Isolation.JVM;
    }

    @BeforeAll
    static void compile() throws Exception {
        compiled = CompiledHandler.compileAgainst(sources, "Finds", "import java.net.URL;\n" + HANDLER,
                CompiledHandler.jarsOf("com.amazonaws"));
    }

    @BeforeEach
    void open() {
        fixture = new FunctionsFixture(directory, isolation());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void upload(String name, String handler, Object... more) throws Exception {
        fixture.upload(name, compiled.zip(more), "example.Finds" + handler);
        fixture.timeout(name, 30);
    }

    private static String json(List<String> texts) {
        return texts.stream().map(text -> "\"" + text + "\"").collect(Collectors.joining(",", "[", "]"));
    }

    /** A class of Lambda's package as somebody's JAR may have one. */
    private byte[] ofLambdasPackage(String name) throws Exception {
        Path source = Files.createDirectories(directory.resolve("forged")).resolve(name + ".java");
        Files.writeString(source, "package com.amazonaws.services.lambda.crac;\n"
                + "public class " + name + " { public static String own() { return \"own\"; } }");
        assertThat(
                ToolProvider.getSystemJavaCompiler().run(null, null, System.err, "-d", directory.resolve("forged").toString(), "-proc:none",
                        source.toString()))
                .isZero();
        return Files.readAllBytes(directory.resolve("forged/com/amazonaws/services/lambda/crac/" + name + ".class"));
    }

    @Test
    void whatLambdasRuntimeHasIsFoundAndNothingElseOfTheServer() throws Exception {
        upload("finds", "::find");

        assertThat(fixture.invoke("finds", json(Stream.concat(SHOWN.stream(), HIDDEN.stream()).toList())).answer()).isEqualTo(json(SHOWN));
    }

    @Test
    void codeInTheWorkingTreeFindsTheSame() throws Exception {
        Path jar = Files.write(directory.resolve("tree.jar"), compiled.zip());
        fixture.functions.registry().register("tree", new FunctionCode.LocalTree(List.of(new ClassPathEntry(jar, null))),
                FunctionsFixture.settings("example.Finds::find", 30));
        fixture.jar("jar", jar, "example.Finds::find", 30);

        String all = json(Stream.concat(SHOWN.stream(), HIDDEN.stream()).toList());
        assertThat(fixture.invoke("tree", all).answer()).isEqualTo(json(SHOWN));
        assertThat(fixture.invoke("jar", all).answer()).isEqualTo(json(SHOWN));
    }

    @Test
    void aStreamHandlerReadsAnEventOfItsOwnWithLambdasLibrary() throws Exception {
        CompiledHandler handler = CompiledHandler.compileAgainst(directory, "Ser", """
                public class Ser implements RequestStreamHandler {
                    public void handleRequest(InputStream in, OutputStream out, Context c) throws IOException {
                        var s = com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers.serializerFor(
                                KafkaEvent.class, Ser.class.getClassLoader());
                        out.write(("{\\"n\\":" + s.fromJson(in).getRecords().size() + "}").getBytes());
                    }
                }""", CompiledHandler.jarsOf("com.amazonaws"));
        fixture.upload("ser", handler.zip("lib/events.jar", CompiledHandler.eventsJar(), "lib/joda.jar", CompiledHandler.jodaJar()),
                "example.Ser");
        fixture.timeout("ser", 30);

        assertThat(fixture.invoke("ser", "{\"records\":{\"t-0\":[{\"topic\":\"t\",\"offset\":1}]}}").answer()).isEqualTo("{\"n\":1}");
    }

    @Test
    void filesAndServicesOfTheLibrariesAreFoundAsTheirClassesAre() throws Exception {
        List<String> shown = List.of("com/amazonaws/services/lambda/runtime/Context.class",
                "com/amazonaws/services/lambda/runtime/serialization/PojoSerializer.class",
                "com/amazonaws/lambda/thirdparty/org/joda/time/tz/data/Europe/Berlin");
        List<String> hidden =
                List.of("com/fasterxml/jackson/databind/ObjectMapper.class", "META-INF/services/org.slf4j.spi.SLF4JServiceProvider",
                        "dev/sluice/runtime/handler/Handler.class", "bootstrap.py");
        upload("reads", "::read");
        upload("services", "::services");

        assertThat(fixture.invoke("reads", json(Stream.concat(shown.stream(), hidden.stream()).toList())).answer())
                .isEqualTo(json(Stream.concat(shown.stream(), hidden.stream().map(name -> "no " + name)).toList()));
        assertThat(fixture.invoke("services", "\"\"").answer()).isEqualTo("3");
    }

    @Test
    void theClientsClassesSeeTheFunctionsEnvironment() throws Exception {
        upload("env", "::environment");

        assertThat(fixture.invoke("env", "\"\"").answer()).isEqualTo("\"env 128\"");
    }

    @Test
    void lambdasCopyOfAClassWinsOverTheFunctionsAsItIsFirstOnTheClassPath() throws Exception {
        upload("own", "::own", "com/amazonaws/services/lambda/crac/Core.class", ofLambdasPackage("Core"),
                "com/amazonaws/services/lambda/crac/Extra.class", ofLambdasPackage("Extra"));

        assertThat(fixture.invoke("own", "\"\"").answer()).isEqualTo("\"Context own\"");
    }

    @Test
    void whatAFunctionChangesInTheLibraryCountsForItsOwnAnswersOnly() throws Exception {
        upload("changing", "$Changing::answer");
        upload("unchanged", "$Unchanged::answer");

        assertThat(fixture.invoke("changing", "\"1\"").answer()).isEqualTo("{\"order_id\":\"1\"}");
        assertThat(fixture.invoke("unchanged", "\"1\"").answer()).isEqualTo("{\"orderId\":\"1\"}");
    }

    @Test
    void theClientsMainClassChangesNothingInTheServersJvm() throws Exception {
        String before = Security.getProperty("jdk.tls.disabledAlgorithms");
        upload("finds", "::find");

        Recorded recorded = fixture.invoke("finds", json(List.of(RUNTIME + "api.client.AWSLambda")));

        assertThat(recorded.answer()).contains("AWSLambda");
        recorded.awaitEnd(Duration.ofSeconds(5));
        assertThat(Security.getProperty("jdk.tls.disabledAlgorithms")).isEqualTo(before);
        assertThat(System.getProperty("javax.net.ssl.trustStore")).isNull();
        assertThat(PojoSerializer.class.getClassLoader()).isSameAs(getClass().getClassLoader());
    }
}
