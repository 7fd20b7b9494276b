package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fixture.CheckedAnswers;
import dev.sluice.fixture.TestServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.CreateEventSourceMappingRequest;
import software.amazon.awssdk.services.lambda.model.EventSourceMappingConfiguration;
import software.amazon.awssdk.services.lambda.model.EventSourceMappingMetric;
import software.amazon.awssdk.services.lambda.model.EventSourceMappingSystemLogLevel;
import software.amazon.awssdk.services.lambda.model.Filter;
import software.amazon.awssdk.services.lambda.model.FunctionResponseType;
import software.amazon.awssdk.services.lambda.model.GetEventSourceMappingResponse;
import software.amazon.awssdk.services.lambda.model.InvalidParameterValueException;
import software.amazon.awssdk.services.lambda.model.KafkaSchemaRegistryAccessConfig;
import software.amazon.awssdk.services.lambda.model.KafkaSchemaRegistryAuthType;
import software.amazon.awssdk.services.lambda.model.KafkaSchemaRegistryConfig;
import software.amazon.awssdk.services.lambda.model.KafkaSchemaValidationAttribute;
import software.amazon.awssdk.services.lambda.model.KafkaSchemaValidationConfig;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.SchemaRegistryEventRecordFormat;
import software.amazon.awssdk.services.lambda.model.SourceAccessConfiguration;
import software.amazon.awssdk.services.lambda.model.SourceAccessType;
import software.amazon.awssdk.services.lambda.model.UpdateEventSourceMappingRequest;

/** The settings of a mapping as the AWS SDK for Java sends and reads them. Nothing polls: the mappings are disabled. */
class MappingSettingsIT {

    private static final String PATTERN = "{\"value\": {\"status\": [\"failed\", {\"prefix\": \"err\"}]}}";

    private static final KafkaSchemaRegistryConfig REGISTRY =
            KafkaSchemaRegistryConfig.builder().schemaRegistryURI("https://schemas.example")
                    .eventRecordFormat(SchemaRegistryEventRecordFormat.JSON)
                    .accessConfigs(KafkaSchemaRegistryAccessConfig.builder().type(KafkaSchemaRegistryAuthType.BASIC_AUTH)
                            .uri("arn:aws:secretsmanager:us-east-1:000000000000:secret:registry").build())
                    .schemaValidationConfigs(KafkaSchemaValidationConfig.builder().attribute(KafkaSchemaValidationAttribute.KEY).build(),
                            KafkaSchemaValidationConfig.builder().attribute(KafkaSchemaValidationAttribute.VALUE).build())
                    .build();

    /** Nothing listens there. */
    private static final String NO_BROKER = "localhost:1";

    @TempDir
    private Path directory;
    private TestServer server;
    private LambdaClient lambda;

    @BeforeEach
    void start() {
        start(Map.of());
    }

    private void start(Map<String, String> settings) {
        server = TestServer.start(directory, NO_BROKER, settings);
        assertThat(server.send("PUT", "/_sluice/functions/orders", "{\"url\":\"http://localhost:1/\"}").statusCode()).isEqualTo(200);
        lambda = client(server.endpoint());
    }

    @AfterEach
    void stop() {
        lambda.close();
        server.close();
    }

    // ministack PR#914, PR#1034, floci PR#3060: FilterCriteria was taken and dropped.
    @Test
    void everySettingComesBackAsItWasSentAlsoInAListAndAfterARestart() {
        String uuid = lambda.createEventSourceMapping(everything()).uuid();

        assertEverything(lambda.getEventSourceMapping(request -> request.uuid(uuid)));
        assertThat(lambda.listEventSourceMappings().eventSourceMappings()).singleElement()
                .extracting(EventSourceMappingConfiguration::filterCriteria, EventSourceMappingConfiguration::maximumRetryAttempts)
                .containsExactly(get(uuid).filterCriteria(), 3);

        lambda.close();
        server.stop();
        server.start();
        lambda = client(server.endpoint());
        assertEverything(lambda.getEventSourceMapping(request -> request.uuid(uuid)));
    }

    @Test
    void anUpdateKeepsWhatItDoesNotNameAndClearsWhatItNamesEmpty() {
        String uuid = lambda.createEventSourceMapping(everything()).uuid();

        update(uuid, request -> request.batchSize(7));
        assertEverything(get(uuid));
        update(uuid, request -> request.filterCriteria(criteria -> {}));
        assertThat(get(uuid).filterCriteria()).isNull();
        update(uuid, request -> request.destinationConfig(config -> config.onFailure(to -> to.destination(""))));
        assertThat(get(uuid).destinationConfig()).isNull();
        update(uuid, request -> request.destinationConfig(config -> config.onFailure(to -> to.destination("arn:aws:s3:::dead"))));
        assertThat(get(uuid).destinationConfig().onFailure().destination()).isEqualTo("arn:aws:s3:::dead");
        update(uuid, request -> request.destinationConfig(config -> {}));
        assertThat(get(uuid).destinationConfig()).isNull();
        update(uuid, request -> request.metricsConfig(config -> config.metrics(List.of())));
        assertThat(get(uuid).metricsConfig()).isNull();
        update(uuid, request -> request.functionResponseTypes(List.of()));
        assertThat(get(uuid).hasFunctionResponseTypes()).isFalse();
        update(uuid, request -> request.loggingConfig(config -> {}));
        assertThat(get(uuid).loggingConfig()).isNull();
        update(uuid, request -> request.kmsKeyArn(""));
        assertThat(get(uuid).kmsKeyArn()).isNull();
        update(uuid, request -> request.amazonManagedKafkaEventSourceConfig(config -> {}));
        assertThat(get(uuid).amazonManagedKafkaEventSourceConfig().schemaRegistryConfig()).isEqualTo(REGISTRY);
        update(uuid, request -> request.amazonManagedKafkaEventSourceConfig(config -> config.schemaRegistryConfig(registry -> {})));
        assertThat(get(uuid).amazonManagedKafkaEventSourceConfig().schemaRegistryConfig()).isNull();
        assertThat(get(uuid).amazonManagedKafkaEventSourceConfig().consumerGroupId()).isEqualTo("my-group");
        assertThat(get(uuid).provisionedPollerConfig().maximumPollers()).isEqualTo(4);

        // On demand again only with what needs provisioned mode gone.
        assertThatThrownBy(() -> update(uuid, request -> request.provisionedPollerConfig(config -> {})))
                .isInstanceOf(InvalidParameterValueException.class)
                .hasMessageContaining("Unsupported 'maximumRetryAttempts' parameter for given event source mapping type.");
        update(uuid, request -> request.provisionedPollerConfig(config -> {}).maximumRetryAttempts(-1)
                .maximumRecordAgeInSeconds(-1).bisectBatchOnFunctionError(false));
        GetEventSourceMappingResponse cleared = get(uuid);
        assertThat(cleared.provisionedPollerConfig()).isNull();
        assertThat(cleared.maximumRetryAttempts()).isEqualTo(-1);
        assertThat(cleared.maximumRecordAgeInSeconds()).isEqualTo(-1);
        assertThat(cleared.bisectBatchOnFunctionError()).isFalse();
        assertThat(cleared.batchSize()).isEqualTo(7);
    }

    @Test
    void whatNeedsProvisionedModeIsRefusedWithAHintAndTakenByARelaxedServer() {
        CreateEventSourceMappingRequest request =
                CreateEventSourceMappingRequest.builder().functionName("orders").eventSourceArn(TestServer.CLUSTER).topics("orders")
                        .enabled(false).bisectBatchOnFunctionError(true).build();

        assertThatThrownBy(() -> lambda.createEventSourceMapping(request)).isInstanceOfSatisfying(LambdaException.class, refused -> {
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.awsErrorDetails().errorMessage())
                    .isEqualTo("Unsupported 'bisectBatchOnFunctionError' parameter for given event source mapping type.");
            assertThat(refused.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("X-Sluice-Hint"))
                    .hasValueSatisfying(hint -> assertThat(hint).contains("ProvisionedPollerConfig", "--relaxed"));
        });
        assertThat(lambda.listEventSourceMappings().eventSourceMappings()).isEmpty();

        stop();
        start(Map.of("relaxed", "true"));
        assertThat(lambda.createEventSourceMapping(request).bisectBatchOnFunctionError()).isTrue();
    }

    @Test
    void aDeclarationThatNeedsProvisionedModeSaysHowToGetIt() throws Exception {
        server.stop();
        Files.writeString(directory.resolve("sluice.yaml"), """
                port: 0
                kafka: localhost:1
                functions: {f: {url: 'http://localhost:1/'}}
                mappings: {m: {function: f, bootstrapServers: 'localhost:1', topic: tt, maximumRetryAttempts: 3}}
                """);
        ServerConfig config = ServerConfig.load(new ConfigSources(directory, null, Map.of(), Map.of(), List.of()));

        assertThatThrownBy(() -> Sluice.start(config, System.out)).isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("mappings.m: Unsupported 'maximumRetryAttempts' parameter for given event source mapping type. ")
                .hasMessageContaining("in sluice.yaml provisionedPollerConfig: {minimumPollers: 1}");
    }

    private static CreateEventSourceMappingRequest everything() {
        return CreateEventSourceMappingRequest.builder().functionName("orders").eventSourceArn(TestServer.CLUSTER).topics("orders")
                .enabled(false)
                .filterCriteria(criteria -> criteria.filters(Filter.builder().pattern(PATTERN).build(),
                        Filter.builder().pattern("{\"value\":{\"b\":[2]}}").build()))
                .destinationConfig(config -> config.onFailure(to -> to.destination("kafka://dead"))).maximumRetryAttempts(3)
                .maximumRecordAgeInSeconds(60).bisectBatchOnFunctionError(true)
                .functionResponseTypes(FunctionResponseType.REPORT_BATCH_ITEM_FAILURES)
                .provisionedPollerConfig(config -> config.minimumPollers(2).maximumPollers(4).pollerGroupName("group"))
                .loggingConfig(config -> config.systemLogLevel(EventSourceMappingSystemLogLevel.INFO))
                .metricsConfig(config -> config.metrics(EventSourceMappingMetric.KAFKA_METRICS,
                        EventSourceMappingMetric.EVENT_COUNT))
                .kmsKeyArn("arn:aws:kms:us-east-1:000000000000:key/k")
                .sourceAccessConfigurations(SourceAccessConfiguration.builder().type(SourceAccessType.SASL_SCRAM_512_AUTH)
                        .uri("arn:aws:secretsmanager:us-east-1:000000000000:secret:AmazonMSK_s").build())
                .amazonManagedKafkaEventSourceConfig(config -> config.consumerGroupId("my-group").schemaRegistryConfig(REGISTRY)).build();
    }

    private static void assertEverything(GetEventSourceMappingResponse mapping) {
        CreateEventSourceMappingRequest sent = everything();
        assertThat(mapping.filterCriteria()).isEqualTo(sent.filterCriteria());
        assertThat(mapping.destinationConfig()).isEqualTo(sent.destinationConfig());
        assertThat(mapping.maximumRetryAttempts()).isEqualTo(3);
        assertThat(mapping.maximumRecordAgeInSeconds()).isEqualTo(60);
        assertThat(mapping.bisectBatchOnFunctionError()).isTrue();
        assertThat(mapping.functionResponseTypes()).isEqualTo(sent.functionResponseTypes());
        assertThat(mapping.provisionedPollerConfig()).isEqualTo(sent.provisionedPollerConfig());
        assertThat(mapping.loggingConfig()).isEqualTo(sent.loggingConfig());
        assertThat(mapping.metricsConfig()).isEqualTo(sent.metricsConfig());
        assertThat(mapping.kmsKeyArn()).isEqualTo(sent.kmsKeyArn());
        assertThat(mapping.sourceAccessConfigurations()).isEqualTo(sent.sourceAccessConfigurations());
        assertThat(mapping.amazonManagedKafkaEventSourceConfig()).isEqualTo(sent.amazonManagedKafkaEventSourceConfig());
    }

    private void update(String uuid, Consumer<UpdateEventSourceMappingRequest.Builder> change) {
        lambda.updateEventSourceMapping(request -> change.accept(request.uuid(uuid)));
        server.awaitState(uuid, "Disabled");
    }

    private GetEventSourceMappingResponse get(String uuid) {
        return lambda.getEventSourceMapping(request -> request.uuid(uuid));
    }

    private static LambdaClient client(URI endpoint) {
        return LambdaClient.builder().endpointOverride(endpoint)
                .overrideConfiguration(override -> override.addExecutionInterceptor(new CheckedAnswers()))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("000000000000", "made-up"))).build();
    }
}
