package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.fixture.AwsClient;
import dev.sluice.fixture.AwsClients;
import dev.sluice.fixture.PrintingHandler;
import dev.sluice.fixture.SluiceJar;
import dev.sluice.fixture.SluiceProcess;
import dev.sluice.fixture.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The AWS CLI, boto3 and AWS's SDKs against the built jar, where they are installed: the same {@link RoundTrip} with each. */
class AwsClientsIT {

    private static final String ACCOUNT = "111111111111";
    private static final String REGION = "us-west-2";

    @TempDir
    private static Path directory;

    private static SluiceProcess server;
    private static TestKafka kafka;
    private static RoundTrip.Code code;

    @BeforeAll
    static void start() throws IOException {
        server = SluiceJar.in(directory).serve().awaitKafka();
        kafka = TestKafka.at(server.bootstrapServers());
        code = new RoundTrip.Code(Files.write(directory.resolve("1.jar"), PrintingHandler.jar(directory, 1)),
                Files.write(directory.resolve("2.jar"), PrintingHandler.jar(directory, 2)));
    }

    @AfterAll
    static void stop() {
        kafka.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void takesAFunctionAndItsMappingsFromCreateToDelete(AwsClients which) throws IOException {
        String name = "fn-" + which.name().toLowerCase(Locale.ROOT).replace('_', '-');
        try (AwsClient client = open(which); AwsClient watcher = open(AwsClients.SDK_FOR_JAVA)) {
            RoundTrip trip = new RoundTrip(client, which == AwsClients.AWS_CLI ? watcher : client, watcher, server, kafka, name);
            trip.function(code);
            trip.versionsAndAliases();
            trip.tags();
            trip.concurrency();
            trip.mapping(Map.of("EventSourceArn",
                    "arn:aws:kafka:us-west-2:111111111111:cluster/my-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2"));
            trip.again().mapping(Map.of(
                    "SelfManagedEventSource",
                    Map.of("Endpoints", Map.of("KAFKA_BOOTSTRAP_SERVERS", List.of(server.bootstrapServers()))),
                    "SourceAccessConfigurations", List.of(Map.of("Type", "VPC_SUBNET", "URI", "subnet:subnet-local"))));
            trip.end();
        }
    }

    // The others of this summer don't know the member. aws-samples/serverless-patterns, smk-lambda-queue-mode-python-sam
    @Test
    void theNewestMakesTheMappingOfThePublicSampleForQueueMode() throws IOException {
        Map<String,
                Object> sample = new LinkedHashMap<>(Map.of("FunctionName", "queue-sample", "Topics", List.of("queue-sample"), "BatchSize",
                        10, "MaximumRetryAttempts", 3, "FunctionResponseTypes", List.of("ReportBatchItemFailures"), "DestinationConfig",
                        Map.of("OnFailure", Map.of("Destination", "arn:aws:sqs:us-west-2:111111111111:failed")), "ProvisionedPollerConfig",
                        Map.of("MinimumPollers", 2, "MaximumPollers", 10), "MetricsConfig",
                        Map.of("Metrics", List.of("EventCount", "ErrorCount", "KafkaMetrics"))));
        sample.put("SelfManagedEventSource",
                Map.of("Endpoints", Map.of("KAFKA_BOOTSTRAP_SERVERS", List.of(server.bootstrapServers()))));
        sample.put("SourceAccessConfigurations", List.of(Map.of("Type", "VPC_SUBNET", "URI", "subnet:subnet-a"),
                Map.of("Type", "VPC_SECURITY_GROUP", "URI", "security_group:sg-b")));
        sample.put("SelfManagedKafkaEventSourceConfig", Map.of("ConsumerGroupId", "queue-sample", "ConsumptionMode", "Queue"));
        kafka.createTopic("queue-sample", 1);
        try (AwsClient client = open(AwsClients.SDK_FOR_JAVASCRIPT)) {
            JsonNode function = client.call("CreateFunction",
                    Map.of("FunctionName", "queue-sample", "Runtime", "java21", "Handler", PrintingHandler.HANDLER, "Role",
                            "arn:aws:iam::111111111111:role/r", "Code", Map.of("ZipFile", code.first())));
            assertThat(function.has("FunctionArn")).as(function.toString()).isTrue();
            JsonNode created = client.call("CreateEventSourceMapping", sample);
            assertThat(created.path("State").asText()).as(created.toString()).isEqualTo("Creating");
            JsonNode read = client.call("GetEventSourceMapping", Map.of("UUID", created.path("UUID").asText()));
            assertThat(read.at("/SelfManagedKafkaEventSourceConfig/ConsumptionMode").asText()).isEqualTo("Queue");
            assertThat(read.at("/SelfManagedKafkaEventSourceConfig/ConsumerGroupId").asText()).isEqualTo("queue-sample");
            assertThat(read.has("StartingPosition")).isFalse();
            assertThat(read.has("MaximumBatchingWindowInSeconds")).isFalse();
            sample.put("StartingPosition", "LATEST");
            sample.put("Topics", List.of("another"));
            JsonNode refused = client.call("CreateEventSourceMapping", sample);
            assertThat(refused.path("message").asText())
                    .isEqualTo("Unsupported 'startingPosition' parameter for given event source mapping type.");
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesTheRefusals(AwsClients which) throws IOException {
        try (AwsClient client = open(which)) {
            JsonNode unknown = client.call("GetFunction", Map.of("FunctionName", "nobody"));
            assertThat(unknown.path("refused").asText()).isEqualTo("ResourceNotFoundException");
            assertThat(unknown.path("message").asText())
                    .isEqualTo("Function not found: arn:aws:lambda:us-west-2:111111111111:function:nobody");
            JsonNode noSource = client.call("CreateEventSourceMapping",
                    Map.of("FunctionName", "nobody", "Topics", List.of("orders")));
            assertThat(noSource.path("refused").asText()).isEqualTo("InvalidParameterValueException");
            assertThat(noSource.path("message").asText()).isEqualTo("Unrecognized event source.");
        }
    }

    private static AwsClient open(AwsClients which) throws IOException {
        return which.open(directory, server.endpoint(), ACCOUNT, REGION);
    }
}
