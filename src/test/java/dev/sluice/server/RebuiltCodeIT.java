package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.Programs;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a batch whose function has no code, or code that can't be started: here its next attempt by itself is an hour away. */
class RebuiltCodeIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = TestServer.PATIENCE;
    private static final String ONCE = "\"ProvisionedPollerConfig\":{\"MinimumPollers\":1,\"MaximumPollers\":1},\"MaximumRetryAttempts\":0";
    /** Takes one event after the other and answers each. */
    private static final String LOOP = """
            #!/bin/bash
            api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime
            while true; do
              id=$(curl -sS -D - -o /dev/null $api/invocation/next | tr -d '\\r' | sed -n 's/^lambda-runtime-aws-request-id: //Ip')
              curl -sS -X POST $api/invocation/$id/response -d '"done"' > /dev/null
            done
            """;

    @TempDir
    private Path directory;
    private TestKafka kafka;
    private TestServer server;
    private String topic;

    @BeforeEach
    void start() {
        kafka = TestKafka.shared();
        server = TestServer.start(directory.resolve("data"), kafka.bootstrapServers(),
                Map.of("retry.initialBackoff", "60m", "retry.maxBackoff", "60m"));
        topic = kafka.createTopic(TestKafka.topicName("rebuilt"), 1);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jvm", "process"})
    void aCleanBuildLosesNothingThoughTheMappingMayNotTryAgain(String isolation) throws IOException {
        Path jar = Files.createDirectories(directory.resolve("target")).resolve("f.jar");
        build(jar, "throw new IllegalStateException();");
        register("\"jar\":\"" + jar + "\",\"handler\":\"example.F::handle\",\"isolation\":\"" + isolation + "\"");
        Files.delete(jar);
        Files.delete(jar.getParent());
        String failed = kafka.createTopic(TestKafka.topicName("failed"), 1);
        kafka.produce(topic, "a", "b");
        String uuid = server.mapping(topic, "f", "TRIM_HORIZON", ONCE,
                "\"DestinationConfig\":{\"OnFailure\":{\"Destination\":\"kafka://" + failed + "\"}}");
        awaitBackoff(uuid, "JAR " + jar + " doesn't exist");
        assertThat(server.result(uuid)).startsWith("PROBLEM: Function call failed. Could not be invoked: JAR " + jar);
        assertThat(server.state(uuid)).isEqualTo("Enabled");

        Files.createDirectories(jar.getParent());
        Files.write(jar, new byte[] {'P', 'K', 3, 4}); // a build that has just begun
        await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 2);
        build(jar, "return event.toString();");

        await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
        assertThat(kafka.records(failed, 0)).isEmpty();
        server.awaitResult(uuid, "OK");
    }

    // As on AWS, where it is an error of the function like any other.
    @ParameterizedTest
    @ValueSource(strings = {"jvm", "process"})
    void aHandlerThatIsNotThereCountsAsAnAttempt(String isolation) throws IOException {
        Path jar = directory.resolve("f.jar");
        build(jar, "return event.toString();");
        register("\"jar\":\"" + jar + "\",\"handler\":\"example.Other\",\"isolation\":\"" + isolation + "\"");
        String failed = kafka.createTopic(TestKafka.topicName("failed"), 1);
        kafka.produce(topic, "a");
        String uuid = server.mapping(topic, "f", "TRIM_HORIZON", ONCE,
                "\"DestinationConfig\":{\"OnFailure\":{\"Destination\":\"kafka://" + failed + "\"}}");

        await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
        assertThat(kafka.records(failed, 0)).hasSize(1).first().satisfies(record -> {
            JsonNode sent = JSON.readTree(record.value());
            assertThat(sent.at("/requestContext/requestId").asText()).isNotEmpty();
            assertThat(sent.at("/requestContext/approximateInvokeCount").asInt()).isEqualTo(1);
            assertThat(sent.at("/responseContext/functionError").asText()).isEqualTo("Unhandled");
        });
        assertThat(server.state(uuid)).isEqualTo("Enabled");
        assertThat(server.result(uuid))
                .startsWith("PROBLEM: Function call failed. Class not found: example.Other (handler example.Other, " + jar);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jvm", "process"})
    void aHandlerThatIsCorrectedEndsTheWait(String isolation) throws IOException {
        Path jar = directory.resolve("f.jar");
        build(jar, "return event.toString();");
        String code = "\"jar\":\"" + jar + "\",\"isolation\":\"" + isolation + "\",\"handler\":";
        register(code + "\"example.F\"");
        String uuid = failing("appropriate handler interface");

        register(code + "\"example.F::handle\"");

        delivered(uuid);
    }

    @ParameterizedTest
    @CsvSource({"jar, jvm", "jar, process", "classpath, jvm", "classpath, process", "directory, jvm", "directory, process"})
    void javaThatIsRebuiltEndsTheWait(String member, String isolation) throws IOException {
        Path code = directory.resolve("code-of-f");
        Path place = member.equals("jar") ? code.resolve("f.jar") : code;
        Files.createDirectories(code);
        make(member, code, "throw new IllegalStateException(\"broken order\");");
        register("\"" + member + "\":" + (member.equals("classpath") ? "[\"" + place + "\"]" : "\"" + place + "\"")
                + ",\"handler\":\"example.F::handle\",\"isolation\":\"" + isolation + "\"");
        String uuid = failing("java.lang.IllegalStateException: broken order");

        make(member, code, "return event.toString();");

        delivered(uuid);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    python3.12 | app.handler | app.py | def handler(event, context):\\n  raise ValueError('broken order') | ValueError: broken order | def handler(event, context):\\n  return 1
                    python3.12 | app.handler | app.py | import nobody                    | No module named 'nobody' | def handler(event, context):\\n  return 1
                    python3.12 | app.handler | no.py  | x = 1                            | Unable to import module 'app' | def handler(event, context):\\n  return 1
                    nodejs22.x | app.handler | app.js | exports.other = 1                | app.handler is undefined | exports.handler = async () => 1
                    nodejs22.x | app.handler | no.js  | exports.other = 1                | Cannot find module 'app' | exports.handler = async () => 1
                    """)
    void aScriptThatIsSavedEndsTheWait(String runtime, String handler, String file, String before, String cause, String after)
            throws IOException {
        boolean python = runtime.startsWith("python");
        Programs.assume(List.of(python ? "python3" : "node"));
        Path code = Files.createDirectory(directory.resolve("code-of-f"));
        Files.writeString(code.resolve(file), before.replace("\\n", "\n"));
        register("\"directory\":\"" + code + "\",\"runtime\":\"" + runtime + "\",\"handler\":\"" + handler + "\"");
        String uuid = failing(cause);

        // Again and again: one that is saved in the moment when the wait begins looks as if the function had written it.
        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(2)).until(() -> {
            Files.writeString(code.resolve(python ? "app.py" : "app.js"), after.replace("\\n", "\n"));
            return kafka.lag(uuid, topic) == 0;
        });
        assertThat(server.state(uuid)).isEqualTo("Enabled");
    }

    @Test
    void aDirectoryThatComesEndsTheWait() throws IOException {
        Programs.assume(List.of("python3"));
        Path code = Files.createDirectory(directory.resolve("code-of-f"));
        register("\"directory\":\"" + code + "\",\"runtime\":\"python3.12\",\"handler\":\"app.handler\"");
        Files.delete(code);
        String uuid = failing("the function's directory " + code + " doesn't exist");

        Path made = Files.createDirectory(directory.resolve("made"));
        Files.writeString(made.resolve("app.py"), "def handler(event, context):\n  return 1\n");
        Files.move(made, code);

        delivered(uuid);
    }

    @Test
    void aBootstrapThatBecomesExecutableEndsTheWait() throws IOException {
        Programs.assume(List.of("bash", "curl"));
        Path code = Files.createDirectory(directory.resolve("code-of-f"));
        Path bootstrap = Files.writeString(code.resolve("bootstrap"), LOOP);
        register("\"directory\":\"" + code + "\",\"runtime\":\"provided.al2023\"");
        String uuid = failing("chmod 755 bootstrap");

        Files.setPosixFilePermissions(bootstrap, PosixFilePermissions.fromString("rwxr-xr-x"));

        delivered(uuid);
    }

    @Test
    void aProgramThatIsBuiltEndsTheWait() throws IOException {
        Programs.assume(List.of("bash", "curl"));
        Path code = Files.createDirectory(directory.resolve("code-of-f"));
        register("\"command\":[\"bin/server\"],\"workingDirectory\":\"" + code + "\"");
        String uuid = failing("bin/server");
        assertThat(server.result(uuid)).contains("Could not be invoked");

        Files.createDirectory(code.resolve("bin"));
        Path built = Files.writeString(directory.resolve("built"), LOOP);
        Files.setPosixFilePermissions(built, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(built, code.resolve("bin/server"));

        delivered(uuid);
    }

    /** The mapping's one batch waits, for this cause. */
    private String failing(String cause) {
        kafka.produce(topic, "a");
        String uuid = server.mapping(topic, "f", "TRIM_HORIZON");
        awaitBackoff(uuid, cause);
        return uuid;
    }

    private void awaitBackoff(String uuid, String cause) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode detail = server.detail(uuid).get("detail");
            assertThat(detail.at("/partitions/0/nextAttempt").asText("")).isNotEmpty();
            assertThat(detail.get("lastError").asText()).contains(cause).doesNotContain("\n");
        });
    }

    private void delivered(String uuid) {
        await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
        assertThat(server.state(uuid)).isEqualTo("Enabled");
    }

    private void register(String members) {
        assertThat(server.send("PUT", "/_sluice/functions/f", "{" + members + ",\"timeoutSeconds\":20}")).satisfies(
                answer -> assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200));
    }

    private void make(String member, Path code, String body) throws IOException {
        if (member.equals("jar")) {
            build(code.resolve("f.jar"), body);
            return;
        }
        Path classes = Files.createDirectories(code.resolve("example"));
        Files.write(classes.resolve("F.class"), handler(body).classFile("example/F.class"));
    }

    private void build(Path jar, String body) throws IOException {
        Path built = Files.write(directory.resolve("built.jar"), handler(body).zip());
        Files.move(built, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private CompiledHandler handler(String body) throws IOException {
        return CompiledHandler.compile(directory, "F", """
                public class F {
                    public String handle(Map<String, Object> event) {
                        %s
                    }
                }""".formatted(body));
    }
}
