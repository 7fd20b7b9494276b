package dev.sluice.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import dev.sluice.function.Isolation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A function of Spring Cloud Function that takes a KafkaEvent: Spring's adapter reads it with the library that Lambda's runtime has,
 * and which no build of such a function brings along.
 */
class SpringFunctionIT {

    private static final String APPLICATION = """
            @org.springframework.boot.SpringBootConfiguration
            @org.springframework.boot.autoconfigure.EnableAutoConfiguration
            public class App {
                @org.springframework.context.annotation.Bean
                public java.util.function.Function<KafkaEvent, String> orders() {
                    return event -> {
                        event.getRecords().forEach((partition, records) -> records.forEach(record -> System.out.println(
                                "got " + new String(Base64.getDecoder().decode(record.getValue())) + " of " + record.getTopic())));
                        return "done";
                    };
                }
            }""";

    @TempDir
    Path directory;

    private static byte[] zip(Path directory) throws Exception {
        List<Path> libraries = new ArrayList<>(CompiledHandler.copiedJars("spring-cloud-function-adapter-aws",
                "spring-cloud-function-context",
                "spring-cloud-function-core", "spring-boot", "spring-boot-autoconfigure", "spring-core", "spring-jcl", "spring-context",
                "spring-beans", "spring-aop", "spring-expression", "spring-messaging", "reactor-core", "jackson-datatype-jsr310"));
        // Of Amazon's only the events: Spring's build leaves out what Lambda has.
        CompiledHandler
                .jarsOf("com.fasterxml.jackson.core", "io.micrometer", "org.reactivestreams", "org.slf4j", "ch.qos.logback", "joda-time",
                        "com.amazonaws")
                .stream().filter(jar -> !jar.getFileName().toString().matches(
                        "(micrometer-(registry|core)|aws-lambda-java-[^e]).*"))
                .forEach(libraries::add);
        List<Object> entries = new ArrayList<>();
        for (Path library : libraries) {
            entries.addAll(List.of("lib/" + library.getFileName(), Files.readAllBytes(library)));
        }
        entries.addAll(List.of("application.properties", "spring.main.banner-mode=off\n".getBytes(UTF_8)));
        return CompiledHandler.compileAgainst(directory, "App", APPLICATION, libraries).zip(entries.toArray());
    }

    private static String name(Isolation isolation) {
        return "spring-" + isolation.name().toLowerCase(Locale.ROOT);
    }

    @ParameterizedTest
    @EnumSource
    void aBeanThatTakesAKafkaEventGetsItsRecords(Isolation isolation) throws Exception {
        Files.write(directory.resolve("spring.zip"), zip(directory));
        TestKafka kafka = TestKafka.shared();
        String function = name(isolation);
        String topic = kafka.createTopic(TestKafka.topicName(function), 1);
        kafka.produce(topic, "order-1", "order-2");
        try (TestServer server = TestServer.startWithFile(directory, kafka.bootstrapServers(), Map.of(),
                "functions:\n  " + function + ": {jar: spring.zip, timeoutSeconds: 120, memoryMb: 512,"
                        + " handler: 'org.springframework.cloud.function.adapter.aws.FunctionInvoker::handleRequest', isolation: "
                        + isolation.name().toLowerCase(Locale.ROOT) + ", environment: {MAIN_CLASS: example.App}}\n")) {
            String uuid = server.mapping(topic, function, "TRIM_HORIZON");
            await().atMost(TestServer.PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
            String log = server.send("GET", "/_sluice/functions/" + function + "/logs", null).body();
            assertThat(log).contains("got order-1 of " + topic, "got order-2 of " + topic);
        }
    }
}
