package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.testing.AwsTool;
import dev.sluice.testing.PrintingHandler;
import dev.sluice.testing.SluiceJar;
import dev.sluice.testing.SluiceProcess;
import dev.sluice.testing.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The AWS CLI and boto3 against the built jar, where they are installed. */
class AwsToolsIT {

    private static final String CLUSTER =
            "arn:aws:kafka:us-west-2:111111111111:cluster/my-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2";

    @TempDir
    private static Path directory;

    private static SluiceProcess server;
    private static SluiceJar shell;
    private static TestKafka kafka;
    private static Path version1;
    private static Path version2;

    @BeforeAll
    static void start() throws IOException {
        server = SluiceJar.in(directory).serve().awaitKafka();
        kafka = TestKafka.at(server.bootstrapServers());
        version1 = Files.write(directory.resolve("1.jar"), PrintingHandler.jar(directory, 1));
        version2 = Files.write(directory.resolve("2.jar"), PrintingHandler.jar(directory, 2));
        shell = SluiceJar.in(directory).with("AWS_ENDPOINT_URL", server.endpoint().toString()).with("AWS_DEFAULT_REGION", "us-west-2")
                .with("AWS_ACCESS_KEY_ID", "111111111111").with("AWS_SECRET_ACCESS_KEY", "made-up").with("AWS_PAGER", "")
                .with("AWS_EC2_METADATA_DISABLED", "true");
    }

    @AfterAll
    static void stop() {
        kafka.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void takesAMappingOfAnMskClusterFromCreateToDelete(AwsTool tool) {
        assumeThere(tool);
        roundTrip(tool, "msk", Map.of("EventSourceArn", CLUSTER));
    }

    @ParameterizedTest
    @EnumSource
    void takesAMappingOfSelfManagedBrokersFromCreateToDelete(AwsTool tool) {
        assumeThere(tool);
        roundTrip(tool, "self-managed", Map.of(
                "SelfManagedEventSource", Map.of("Endpoints", Map.of("KAFKA_BOOTSTRAP_SERVERS", List.of(server.bootstrapServers()))),
                "SourceAccessConfigurations", List.of(Map.of("Type", "VPC_SUBNET", "URI", "subnet:subnet-local"))));
    }

    private static void roundTrip(AwsTool tool, String name, Map<String, Object> source) {
        String function = name + "-" + tool.name().toLowerCase(Locale.ROOT);
        String topic = kafka.createTopic(TestKafka.topicName(function), 1);
        createFunction(tool, function);

        Map<String, Object> mapping = new LinkedHashMap<>(source);
        mapping.putAll(Map.of("FunctionName", function, "Topics", List.of(topic), "StartingPosition", "TRIM_HORIZON"));
        JsonNode created = call(tool, "CreateEventSourceMapping", mapping);
        String uuid = created.path("UUID").asText();
        assertThat(created.path("State").asText()).isEqualTo("Creating");
        assertThat(created.path("FunctionArn").asText()).isEqualTo("arn:aws:lambda:us-west-2:111111111111:function:" + function);
        awaitState(tool, uuid, "Enabled");
        kafka.produce(topic, function + " first");
        server.awaitErr("the first record", line -> line.endsWith("v1 got " + function + " first"));
        await().atMost(Duration.ofSeconds(30)).until(() -> kafka.lag(uuid, topic) == 0);

        assertThat(call(tool, "UpdateEventSourceMapping", Map.of("UUID", uuid, "Enabled", false)).path("State").asText())
                .isEqualTo("Disabling");
        awaitState(tool, uuid, "Disabled");
        assertThat(kafka.groupMembers(uuid)).isEmpty();
        kafka.produce(topic, function + " second");
        assertThat(call(tool, "UpdateEventSourceMapping", Map.of("UUID", uuid, "Enabled", true)).path("State").asText())
                .isEqualTo("Enabling");
        server.awaitErr("the second record", line -> line.endsWith("v1 got " + function + " second"));
        assertThat(server.err().split("v1 got " + function + " first", -1)).as("delivered once").hasSize(2);
        awaitState(tool, uuid, "Enabled");

        JsonNode listed = call(tool, "ListEventSourceMappings", Map.of("FunctionName", function, "MaxItems", 10));
        assertThat(listed.path("EventSourceMappings")).hasSize(1);
        assertThat(call(tool, "DeleteEventSourceMapping", Map.of("UUID", uuid)).path("State").asText()).isEqualTo("Deleting");
        await().atMost(Duration.ofSeconds(30)).until(() ->
                call(tool, "GetEventSourceMapping", Map.of("UUID", uuid)).path("error").asText().equals("ResourceNotFoundException"));
    }

    @ParameterizedTest
    @EnumSource
    void updatesCodeAndWaitsForIt(AwsTool tool) throws IOException {
        assumeThere(tool);
        String function = "code-" + tool.name().toLowerCase(Locale.ROOT);
        createFunction(tool, function);

        if (tool == AwsTool.AWS_CLI) {
            assertThat(call(tool, "UpdateFunctionCode", Map.of("FunctionName", function, "Code", version2)).path("FunctionName").asText())
                    .isEqualTo(function);
            assertThat(shell.runOther("aws", "lambda", "wait", "function-updated", "--function-name", function).status()).isZero();
            SluiceJar.Output invoked = shell.runOther("aws", "lambda", "invoke", "--function-name", function, "answer.json");
            assertThat(invoked.out()).contains("\"StatusCode\": 200", "\"ExecutedVersion\": \"$LATEST\"");
            assertThat(directory.resolve("answer.json")).content().isEqualTo("{\"version\":2}");
        } else {
            call(tool, "FunctionActiveWaiter", Map.of("FunctionName", function));
            call(tool, "FunctionUpdatedWaiter", Map.of("FunctionName", function));
            assertThat(call(tool, "Invoke", Map.of("FunctionName", function, "Payload", "{}")).path("StatusCode").asInt()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesTheRefusals(AwsTool tool) {
        assumeThere(tool);
        String function = "refused-" + tool.name().toLowerCase(Locale.ROOT);
        createFunction(tool, function);
        Map<String, Object> mapping = Map.of("FunctionName", function, "Topics", List.of(function), "EventSourceArn", CLUSTER, "Enabled", false);
        call(tool, "CreateEventSourceMapping", mapping);

        assertThat(call(tool, "CreateEventSourceMapping", mapping).path("error").asText()).isEqualTo("ResourceConflictException");
        assertThat(call(tool, "CreateEventSourceMapping", Map.of("FunctionName", "nobody", "Topics", List.of("t1"), "EventSourceArn", CLUSTER))
                .path("error").asText()).isEqualTo("InvalidParameterValueException");
        assertThat(call(tool, "GetFunction", Map.of("FunctionName", "nobody")).path("error").asText()).isEqualTo("ResourceNotFoundException");
    }

    private static void assumeThere(AwsTool tool) {
        Assumptions.assumeTrue(tool.isThere(), () -> tool + " is not installed on this machine");
    }

    private static void createFunction(AwsTool tool, String name) {
        assertThat(call(tool, "CreateFunction", Map.of("FunctionName", name, "Runtime", "java17", "Handler", PrintingHandler.HANDLER,
                "Role", "arn:aws:iam::111111111111:role/r", "Timeout", 15, "Code", version1)).path("FunctionArn").asText())
                .isEqualTo("arn:aws:lambda:us-west-2:111111111111:function:" + name);
    }

    private static JsonNode call(AwsTool tool, String operation, Map<String, Object> members) {
        return tool.call(shell, operation, members);
    }

    private static void awaitState(AwsTool tool, String uuid, String state) {
        await().atMost(Duration.ofSeconds(30)).until(() ->
                call(tool, "GetEventSourceMapping", Map.of("UUID", uuid)).path("State").asText(), state::equals);
    }
}
