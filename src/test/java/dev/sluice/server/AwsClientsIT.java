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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
