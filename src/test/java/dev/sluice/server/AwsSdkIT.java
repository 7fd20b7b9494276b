package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.CheckedAnswers;
import dev.sluice.fixture.PrintingHandler;
import dev.sluice.fixture.SluiceJar;
import dev.sluice.fixture.SluiceProcess;
import dev.sluice.fixture.TestKafka;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.CreateEventSourceMappingRequest;
import software.amazon.awssdk.services.lambda.model.EndPointType;
import software.amazon.awssdk.services.lambda.model.EventSourceMappingConfiguration;
import software.amazon.awssdk.services.lambda.model.GetEventSourceMappingResponse;
import software.amazon.awssdk.services.lambda.model.InvalidParameterValueException;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.ListEventSourceMappingsResponse;
import software.amazon.awssdk.services.lambda.model.ResourceConflictException;
import software.amazon.awssdk.services.lambda.model.ResourceInUseException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.Runtime;
import software.amazon.awssdk.services.lambda.model.SourceAccessConfiguration;
import software.amazon.awssdk.services.lambda.model.SourceAccessType;

/** The AWS SDK for Java against the built jar, with records of a Kafka client that knows nothing of Sluice. */
class AwsSdkIT {

    private static final String CLUSTER =
            "arn:aws:kafka:us-west-2:111111111111:cluster/my-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2";

    /** AWS asks for it; here it has no effect. */
    private static final SourceAccessConfiguration SUBNET =
            SourceAccessConfiguration.builder().type(SourceAccessType.VPC_SUBNET).uri("subnet:subnet-local").build();

    @TempDir
    private static Path directory;

    private static SluiceProcess server;
    private static TestKafka kafka;
    private static LambdaClient lambda;
    private static SdkBytes version1;
    private static SdkBytes version2;

    @BeforeAll
    static void start() throws IOException {
        server = SluiceJar.in(directory).serve().awaitKafka();
        kafka = TestKafka.at(server.bootstrapServers());
        lambda = LambdaClient.builder().endpointOverride(URI.create(server.endpoint().toString()))
                .overrideConfiguration(override -> override.addExecutionInterceptor(new CheckedAnswers()))
                .region(Region.US_WEST_2)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("111111111111", "made-up"))).build();
        version1 = SdkBytes.fromByteArray(PrintingHandler.jar(directory, 1));
        version2 = SdkBytes.fromByteArray(PrintingHandler.jar(directory, 2));
    }

    @AfterAll
    static void stop() {
        try (SluiceProcess toEnd = server; TestKafka toClose = kafka; LambdaClient too = lambda) {
            assertThat(List.of(toEnd, toClose, too)).doesNotContainNull();
        }
    }

    @Test
    void aMappingOfAnMskClusterFromCreateToDelete() {
        String function = createFunction("msk-round-trip");
        roundTrip(function, mapping -> mapping.eventSourceArn(CLUSTER));
    }

    @Test
    void aMappingOfSelfManagedBrokersFromCreateToDelete() {
        String function = createFunction("self-managed-round-trip");
        roundTrip(function, mapping -> mapping
                .selfManagedEventSource(
                        source -> source.endpoints(Map.of(EndPointType.KAFKA_BOOTSTRAP_SERVERS, List.of(server.bootstrapServers()))))
                .sourceAccessConfigurations(SUBNET));
    }

    private static void roundTrip(String function, Consumer<CreateEventSourceMappingRequest.Builder> source) {
        String topic = kafka.createTopic(TestKafka.topicName(function), 2);
        kafka.produce(topic, function + " first");

        var created = lambda.createEventSourceMapping(request -> {
            request.functionName(function).topics(topic).startingPosition("TRIM_HORIZON").batchSize(10);
            source.accept(request);
        });
        String uuid = created.uuid();
        assertThat(created.state()).isEqualTo("Creating");
        assertThat(created.functionArn()).isEqualTo("arn:aws:lambda:us-west-2:111111111111:function:" + function);
        awaitState(uuid, "Enabled");
        server.awaitErr("the record of before", line -> line.endsWith("v1 got " + function + " first"));
        awaitLag(uuid, topic, 0);
        assertThat(kafka.groupMembers(uuid)).as("members of the group named as the UUID").isNotEmpty();

        assertThat(lambda.updateEventSourceMapping(request -> request.uuid(uuid).enabled(false)).state()).isEqualTo("Disabling");
        awaitState(uuid, "Disabled");
        // Nobody in the group, so nobody who could deliver.
        assertThat(kafka.groupMembers(uuid)).isEmpty();
        kafka.produce(topic, function + " second");
        assertThat(kafka.lag(uuid, topic)).isEqualTo(1);

        assertThat(lambda.updateEventSourceMapping(request -> request.uuid(uuid).enabled(true)).state()).isEqualTo("Enabling");
        awaitState(uuid, "Enabled");
        server.awaitErr("the record of meanwhile", line -> line.endsWith("v1 got " + function + " second"));
        awaitLag(uuid, topic, 0);
        assertThat(server.err().split("v1 got " + function + " first", -1)).as("delivered once").hasSize(2);
        await().atMost(Duration.ofSeconds(10)).until(() -> get(uuid).lastProcessingResult().equals("OK"));

        assertThat(lambda.deleteEventSourceMapping(request -> request.uuid(uuid)).state()).isEqualTo("Deleting");
        awaitGone(uuid);
    }

    @Test
    void listsByFunctionAndSourceInPages() {
        String function = createFunction("listed");
        String other = createFunction("also-listed");
        for (int i = 0; i < 3; i++) {
            createDisabled(function, CLUSTER, "listed-" + i);
        }
        String elsewhere = CLUSTER.replace("my-cluster", "listed-cluster");
        createDisabled(other, elsewhere, "listed-0");

        List<ListEventSourceMappingsResponse> pages =
                lambda.listEventSourceMappingsPaginator(request -> request.functionName(function).maxItems(2)).stream().toList();

        assertThat(pages).extracting(page -> page.eventSourceMappings().size()).containsExactly(2, 1);
        assertThat(pages.get(0).nextMarker()).isNotEmpty();
        assertThat(pages.get(1).nextMarker()).isNull();
        assertThat(pages).flatExtracting(ListEventSourceMappingsResponse::eventSourceMappings)
                .extracting(EventSourceMappingConfiguration::uuid)
                .doesNotHaveDuplicates();
        assertThat(lambda.listEventSourceMappings(request -> request.eventSourceArn(elsewhere)).eventSourceMappings())
                .extracting(EventSourceMappingConfiguration::functionArn)
                .containsExactly("arn:aws:lambda:us-west-2:111111111111:function:" + other);
        assertThat(
                lambda.listEventSourceMappings(request -> request.eventSourceArn(elsewhere).functionName(function)).eventSourceMappings())
                .isEmpty();
    }

    @Test
    void refusalsAreTheExceptionsOfTheSdk() {
        String function = createFunction("refusals");
        String unknown = "11111111-2222-3333-4444-555555555555";
        String uuid = createDisabled(function, CLUSTER, "refusals");

        assertThatThrownBy(() -> get(unknown)).isInstanceOfSatisfying(ResourceNotFoundException.class, refused -> {
            assertThat(refused.statusCode()).isEqualTo(404);
            assertThat(refused.type()).isEqualTo("User");
            assertThat(refused.awsErrorDetails().errorMessage()).isEqualTo("The resource you requested does not exist.");
            assertThat(refused.requestId()).isNotBlank();
        });
        assertThatThrownBy(() -> createDisabled(function, CLUSTER, "refusals"))
                .isInstanceOfSatisfying(ResourceConflictException.class, refused -> assertThat(refused.statusCode()).isEqualTo(409))
                .hasMessageContaining(uuid);
        assertThatThrownBy(() -> createDisabled("nobody", CLUSTER, "refusals"))
                .isInstanceOf(InvalidParameterValueException.class).hasMessageContaining("Function does not exist");
        assertThatThrownBy(() -> createFunction("refusals")).isInstanceOf(ResourceConflictException.class)
                .hasMessageContaining("Function already exist: refusals");
        assertThatThrownBy(() -> lambda.getFunction(request -> request.functionName("nobody")))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Function not found: arn:aws:lambda:us-west-2:111111111111:function:nobody");
    }

    @Test
    void aMappingThatIsStillChangingIsInUse() {
        String function = createFunction("in-use");
        // Nothing listens on port 1, so the mapping is Creating until its brokers have had their time.
        String uuid = lambda.createEventSourceMapping(request -> request.functionName(function).topics("in-use")
                .selfManagedEventSource(source -> source.endpoints(Map.of(EndPointType.KAFKA_BOOTSTRAP_SERVERS, List.of("localhost:1"))))
                .sourceAccessConfigurations(SUBNET)).uuid();

        assertThatThrownBy(() -> lambda.updateEventSourceMapping(request -> request.uuid(uuid).batchSize(5)))
                .isInstanceOfSatisfying(ResourceInUseException.class, refused -> assertThat(refused.statusCode()).isEqualTo(400));

        awaitState(uuid, "Enabled");
        assertThat(get(uuid).lastProcessingResult()).startsWith("PROBLEM");
        lambda.deleteEventSourceMapping(request -> request.uuid(uuid));
        awaitGone(uuid);
    }

    @Test
    void invokesAndTakesNewCode() {
        String function = createFunction("invoked");
        assertThat(invoke(function, "{}").payload().asUtf8String()).isEqualTo("{\"version\":1}");

        lambda.updateFunctionCode(request -> request.functionName(function).zipFile(version2));
        lambda.waiter().waitUntilFunctionUpdated(request -> request.functionName(function));

        InvokeResponse answer = invoke(function, "{}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.executedVersion()).isEqualTo("$LATEST");
        assertThat(answer.payload().asUtf8String()).isEqualTo("{\"version\":2}");
        InvokeResponse failed = invoke(function, "{\"fail\":true}");
        assertThat(failed.functionError()).isEqualTo("Unhandled");
        assertThat(failed.payload().asUtf8String()).contains("\"errorMessage\":\"as asked\"",
                "\"errorType\":\"java.lang.IllegalStateException\"");
    }

    @Test
    void newCodeTakesTheNextRecords() {
        String function = createFunction("updated");
        String topic = kafka.createTopic(TestKafka.topicName("updated"), 1);
        String uuid = createEnabled(function, topic);
        kafka.produce(topic, "before the update");
        server.awaitErr("the record of before", line -> line.endsWith("v1 got before the update"));

        lambda.updateFunctionCode(request -> request.functionName(function).zipFile(version2));
        lambda.waiter().waitUntilFunctionUpdatedV2(request -> request.functionName(function));
        kafka.produce(topic, "after the update");

        server.awaitErr("the record of after", line -> line.endsWith("v2 got after the update"));
        assertThat(get(uuid).state()).isEqualTo("Enabled");
    }

    @Test
    void aDeletedFunctionDisablesItsMappingAtTheNextRecord() {
        String function = createFunction("deleted");
        String topic = kafka.createTopic(TestKafka.topicName("deleted"), 1);
        String uuid = createEnabled(function, topic);

        lambda.deleteFunction(request -> request.functionName(function));
        assertThat(get(uuid).state()).isEqualTo("Enabled");
        kafka.produce(topic, "nobody is there");

        awaitState(uuid, "Disabled");
        assertThat(get(uuid).stateTransitionReason()).isEqualTo("FUNCTION_CONFIG_NOT_VALID");
        assertThat(kafka.lag(uuid, topic)).as("nothing is lost").isEqualTo(1);

        createFunction("deleted");
        lambda.updateEventSourceMapping(request -> request.uuid(uuid).enabled(true));
        server.awaitErr("the record after all", line -> line.endsWith("v1 got nobody is there"));
    }

    private static String createFunction(String name) {
        lambda.createFunction(request -> request.functionName(name).runtime(Runtime.JAVA17).handler(PrintingHandler.HANDLER)
                .role("arn:aws:iam::111111111111:role/r").timeout(15).code(code -> code.zipFile(version1)));
        lambda.waiter().waitUntilFunctionActive(request -> request.functionName(name));
        return name;
    }

    private static String createDisabled(String function, String cluster, String topic) {
        return lambda
                .createEventSourceMapping(request -> request.functionName(function).eventSourceArn(cluster).topics(topic).enabled(false))
                .uuid();
    }

    private static String createEnabled(String function, String topic) {
        String uuid = lambda.createEventSourceMapping(
                request -> request.functionName(function).eventSourceArn(CLUSTER).topics(topic).startingPosition("LATEST")).uuid();
        awaitState(uuid, "Enabled");
        return uuid;
    }

    private static InvokeResponse invoke(String function, String payload) {
        return lambda.invoke(request -> request.functionName(function).payload(SdkBytes.fromUtf8String(payload)));
    }

    private static GetEventSourceMappingResponse get(String uuid) {
        return lambda.getEventSourceMapping(request -> request.uuid(uuid));
    }

    private static void awaitState(String uuid, String state) {
        await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50)).until(() -> get(uuid).state(), state::equals);
    }

    private static void awaitLag(String uuid, String topic, long lag) {
        await().atMost(Duration.ofSeconds(30)).until(() -> kafka.lag(uuid, topic), seen -> seen == lag);
    }

    private static void awaitGone(String uuid) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThatThrownBy(() -> get(uuid)).isInstanceOf(ResourceNotFoundException.class));
    }
}
