package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.CheckedAnswers;
import dev.sluice.fixture.PrintingHandler;
import dev.sluice.fixture.SluiceJar;
import dev.sluice.fixture.SluiceProcess;
import dev.sluice.server.TerraformFunctions.FunctionChange;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.Architecture;
import software.amazon.awssdk.services.lambda.model.CreateEventSourceMappingRequest;
import software.amazon.awssdk.services.lambda.model.CreateFunctionRequest;
import software.amazon.awssdk.services.lambda.model.EndPointType;
import software.amazon.awssdk.services.lambda.model.EventSourcePosition;
import software.amazon.awssdk.services.lambda.model.Filter;
import software.amazon.awssdk.services.lambda.model.LogFormat;
import software.amazon.awssdk.services.lambda.model.Runtime;
import software.amazon.awssdk.services.lambda.model.SourceAccessConfiguration;
import software.amazon.awssdk.services.lambda.model.SourceAccessType;
import software.amazon.awssdk.services.lambda.model.TracingMode;
import software.amazon.awssdk.services.lambda.model.UpdateEventSourceMappingRequest;
import software.amazon.awssdk.services.lambda.model.UpdateFunctionConfigurationRequest;

/**
 * The calls that Terraform's AWS provider makes for a stack, against the built jar: what is read into the state is what was
 * configured, and reading again finds no difference, or every plan would want to change something.
 */
class TerraformReplayIT {

    private static final String FUNCTIONS = "arn:aws:lambda:us-east-1:111111111111:function:";
    private static final String ROLE = "arn:aws:iam::111111111111:role/r";
    private static final String KEY = "arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555";
    private static final String CLUSTER =
            "arn:aws:kafka:us-east-1:111111111111:cluster/orders/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2";

    @TempDir
    private static Path directory;

    private static SluiceProcess server;
    private static LambdaClient lambda;
    private static TerraformFunctions functions;
    private static TerraformMappings mappings;
    private static byte[] version1;
    private static byte[] version2;

    @BeforeAll
    static void start() throws IOException {
        server = SluiceJar.in(directory).serve().awaitKafka();
        lambda = LambdaClient.builder().endpointOverride(server.endpoint()).region(Region.US_EAST_1)
                .overrideConfiguration(override -> override.addExecutionInterceptor(new CheckedAnswers()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("111111111111", "made-up"))).build();
        functions = new TerraformFunctions(lambda);
        mappings = new TerraformMappings(lambda);
        version1 = PrintingHandler.jar(directory, 1);
        version2 = PrintingHandler.jar(directory, 2);
    }

    @AfterAll
    static void stop() {
        lambda.close();
        server.close();
    }

    @Test
    void aFunctionWithDefaultsOnly() {
        Map<String, Object> state = functions.createFunction(function("plain").build(), null);

        assertThat(state).containsExactlyInAnyOrderEntriesOf(defaults("plain"));
        assertThat(functions.readFunction("plain")).isEqualTo(state);
        functions.deleteFunction("plain");
    }

    @Test
    void aFunctionWithEverythingThatAStackSets() {
        Map<String, Object> state = functions.createFunction(function("full").description("takes orders").memorySize(512).timeout(30)
                .publish(true).architectures(Architecture.ARM64)
                .environment(environment -> environment.variables(Map.of("STAGE", "test")))
                .ephemeralStorage(storage -> storage.size(1024)).kmsKeyArn(KEY)
                .loggingConfig(logging -> logging.logFormat(LogFormat.JSON).logGroup("/orders"))
                .tracingConfig(tracing -> tracing.mode(TracingMode.ACTIVE))
                .vpcConfig(vpc -> vpc.subnetIds("subnet-1a2b3c4d").securityGroupIds("sg-1a2b3c4d"))
                .deadLetterConfig(letters -> letters.targetArn("arn:aws:sqs:us-east-1:111111111111:dead"))
                .tags(Map.of("team", "payments", "stage", "test")).build(), 3);

        Map<String, Object> expected = defaults("full");
        expected.putAll(Map.of("description", "takes orders", "memory_size", 512, "timeout", 30, "architectures", List.of("arm64"),
                "environment", Map.of("STAGE", "test"), "ephemeral_storage", 1024, "kms_key_arn", KEY,
                "logging_config", "JSON /orders",
                "tracing_config", "Active", "vpc_config", Set.of("subnet-1a2b3c4d", "sg-1a2b3c4d")));
        expected.putAll(Map.of("dead_letter_config", "arn:aws:sqs:us-east-1:111111111111:dead",
                "tags", Map.of("team", "payments", "stage", "test"), "reserved_concurrent_executions", 3,
                "qualified_arn", FUNCTIONS + "full:1", "version", "1"));
        assertThat(state).containsExactlyInAnyOrderEntriesOf(expected);
        assertThat(functions.readFunction("full")).isEqualTo(state);

        // Everything is taken out of the configuration again.
        Map<String, Object> emptied = functions.updateFunction("full", new FunctionChange(Map.of(),
                UpdateFunctionConfigurationRequest.builder().functionName("full").description("").memorySize(128).timeout(3)
                        .environment(environment -> environment.variables(Map.of())).kmsKeyArn("")
                        .ephemeralStorage(storage -> storage.size(512))
                        .tracingConfig(tracing -> tracing.mode(TracingMode.PASS_THROUGH))
                        .loggingConfig(logging -> logging.logFormat(LogFormat.TEXT).logGroup("/aws/lambda/full"))
                        .vpcConfig(vpc -> vpc.subnetIds(List.of()).securityGroupIds(List.of()).ipv6AllowedForDualStack(false))
                        .deadLetterConfig(letters -> letters.targetArn("")).build(),
                null, -1, false));
        Map<String, Object> bare = defaults("full");
        bare.putAll(Map.of("architectures", List.of("arm64"), "qualified_arn", FUNCTIONS + "full:1", "version", "1"));
        assertThat(emptied).containsExactlyInAnyOrderEntriesOf(bare);
        functions.deleteFunction("full");
    }

    @Test
    void aStackOfFunctionAliasAndMappingFromApplyToDestroy() {
        functions.createFunction(function("stack").publish(true).tags(Map.of("team", "payments")).build(), null);
        Map<String, Object> alias = functions.createAlias("stack", "1", "live", "");
        assertThat(alias).isEqualTo(Map.of("arn", FUNCTIONS + "stack:live", "name", "live", "function_version", "1"));
        assertThat(functions.readAlias(FUNCTIONS + "stack", "live")).isEqualTo(alias);
        Map<String, Object> mapping = mappings.createMapping(CreateEventSourceMappingRequest.builder().eventSourceArn(CLUSTER)
                .functionName((String) alias.get("arn")).topics("orders").startingPosition(EventSourcePosition.TRIM_HORIZON)
                .enabled(true).tags(Map.of("team", "payments")).build());
        String uuid = (String) mapping.get("uuid");
        Map<String, Object> expected = mapping(uuid, "stack:live", "orders");
        expected.putAll(Map.of("event_source_arn", CLUSTER, "tags", Map.of("team", "payments")));
        assertThat(mapping).containsExactlyInAnyOrderEntriesOf(expected);
        assertThat(mappings.readMapping(uuid)).isEqualTo(mapping);

        // A second apply: new code, so a new version; the alias follows, and the mapping's settings change.
        Map<String, Object> updated = functions.updateFunction("stack", new FunctionChange(Map.of("team", "orders", "stage", "test"),
                UpdateFunctionConfigurationRequest.builder().functionName("stack").timeout(20).build(), version2, 7, true));
        Map<String, Object> function = defaults("stack");
        function.putAll(Map.of("timeout", 20, "tags", Map.of("team", "orders", "stage", "test"), "reserved_concurrent_executions", 7,
                "code_sha256", sha256(version2), "source_code_size", (long) version2.length, "version", "2",
                "qualified_arn", FUNCTIONS + "stack:2"));
        assertThat(updated).containsExactlyInAnyOrderEntriesOf(function);
        assertThat(functions.updateAlias("stack", "2", "live", "what users see")).isEqualTo(Map.of("arn", FUNCTIONS + "stack:live",
                "name", "live", "function_version", "2", "description", "what users see"));
        Map<String, Object> changed = mappings.updateMapping(uuid, Map.of("stage", "test"), UpdateEventSourceMappingRequest.builder()
                .batchSize(9999).maximumBatchingWindowInSeconds(5).filterCriteria(criteria -> criteria.filters(
                        Filter.builder().pattern("{\"value\":{\"a\":[1]}}").build())));
        expected.putAll(Map.of("batch_size", 9999, "maximum_batching_window_in_seconds", 5, "tags", Map.of("stage", "test"),
                "filter_criteria", Set.of("{\"value\":{\"a\":[1]}}")));
        assertThat(changed).containsExactlyInAnyOrderEntriesOf(expected);
        assertThat(mappings.readMapping(uuid)).isEqualTo(changed);
        // The filter leaves the configuration, and the mapping is disabled.
        expected.remove("filter_criteria");
        expected.put("enabled", false);
        assertThat(mappings.updateMapping(uuid, null,
                UpdateEventSourceMappingRequest.builder().enabled(false).filterCriteria(none -> {})))
                .containsExactlyInAnyOrderEntriesOf(expected);

        mappings.deleteMapping(uuid);
        functions.deleteAlias("stack", "live");
        functions.deleteFunction("stack");
    }

    @Test
    void aMappingOfSelfManagedBrokersReadsBackAsItWasConfigured() {
        functions.createFunction(function("self-managed").build(), null);
        String secret = "arn:aws:secretsmanager:us-east-1:111111111111:secret:kafka-user-AbCdEf";
        Map<String, Object> state = mappings.createMapping(CreateEventSourceMappingRequest.builder().functionName("self-managed")
                .selfManagedEventSource(source -> source.endpoints(Map.of(EndPointType.KAFKA_BOOTSTRAP_SERVERS,
                        List.of("kafka2.example.com:9096", "kafka1.example.com:9096"))))
                .selfManagedKafkaEventSourceConfig(config -> config.consumerGroupId("orders-group"))
                .sourceAccessConfigurations(access(SourceAccessType.VPC_SUBNET, "subnet:subnet-1a2b3c4d"),
                        access(SourceAccessType.VPC_SECURITY_GROUP, "security_group:sg-1a2b3c4d"),
                        access(SourceAccessType.SASL_SCRAM_512_AUTH, secret))
                .topics("orders").startingPosition(EventSourcePosition.TRIM_HORIZON).batchSize(10).enabled(false).build());

        String uuid = (String) state.get("uuid");
        Map<String, Object> expected = mapping(uuid, "self-managed", "orders");
        // AWS answers with the brokers sorted; the provider's code says so.
        expected.putAll(Map.of("self_managed_event_source", "kafka1.example.com:9096,kafka2.example.com:9096", "batch_size", 10,
                "consumer_group_id", "orders-group", "enabled", false, "source_access_configuration", Set.of(
                        "VPC_SUBNET subnet:subnet-1a2b3c4d", "VPC_SECURITY_GROUP security_group:sg-1a2b3c4d",
                        "SASL_SCRAM_512_AUTH " + secret)));
        assertThat(state).containsExactlyInAnyOrderEntriesOf(expected);
        assertThat(mappings.readMapping(uuid)).isEqualTo(state);
        mappings.deleteMapping(uuid);
        functions.deleteFunction("self-managed");
    }

    private static SourceAccessConfiguration access(SourceAccessType type, String uri) {
        return SourceAccessConfiguration.builder().type(type).uri(uri).build();
    }

    private static CreateFunctionRequest.Builder function(String name) {
        return CreateFunctionRequest.builder().functionName(name).role(ROLE).runtime(Runtime.JAVA17).handler(PrintingHandler.HANDLER)
                .code(code -> code.zipFile(SdkBytes.fromByteArray(version1)));
    }

    /** What the provider reads of a function of which only the name, role, runtime, handler and code are configured. */
    private static Map<String, Object> defaults(String name) {
        Map<String, Object> state = new HashMap<>(Map.of("architectures", List.of("x86_64"), "arn", FUNCTIONS + name,
                "code_sha256", sha256(version1), "ephemeral_storage", 512, "handler", PrintingHandler.HANDLER,
                "logging_config", "Text /aws/lambda/" + name, "memory_size", 128, "package_type", "Zip", "role", ROLE,
                "runtime", "java17"));
        state.putAll(Map.of("source_code_size", (long) version1.length, "timeout", 3, "tracing_config", "PassThrough",
                "qualified_arn", FUNCTIONS + name + ":$LATEST", "version", "$LATEST"));
        return state;
    }

    private static Map<String, Object> mapping(String uuid, String function, String topic) {
        return new HashMap<>(Map.of("uuid", uuid, "arn", "arn:aws:lambda:us-east-1:111111111111:event-source-mapping:" + uuid,
                "batch_size", 100, "consumer_group_id", uuid, "enabled", true, "function_arn", FUNCTIONS + function,
                "starting_position", "TRIM_HORIZON", "state_transition_reason", "USER_INITIATED", "topics", Set.of(topic)));
    }

    private static String sha256(byte[] code) {
        try {
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(code));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
