package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.testing.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.AliasConfiguration;
import software.amazon.awssdk.services.lambda.model.Architecture;
import software.amazon.awssdk.services.lambda.model.CreateFunctionRequest;
import software.amazon.awssdk.services.lambda.model.CreateFunctionResponse;
import software.amazon.awssdk.services.lambda.model.FileSystemConfig;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.FunctionVersion;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationResponse;
import software.amazon.awssdk.services.lambda.model.InvalidParameterValueException;
import software.amazon.awssdk.services.lambda.model.LastUpdateStatus;
import software.amazon.awssdk.services.lambda.model.LogFormat;
import software.amazon.awssdk.services.lambda.model.PreconditionFailedException;
import software.amazon.awssdk.services.lambda.model.PublishVersionResponse;
import software.amazon.awssdk.services.lambda.model.ResourceConflictException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.SnapStartApplyOn;
import software.amazon.awssdk.services.lambda.model.SnapStartOptimizationStatus;
import software.amazon.awssdk.services.lambda.model.State;
import software.amazon.awssdk.services.lambda.model.TracingMode;

/**
 * The operations on functions as the AWS SDK for Java sends and reads them, over HTTP. Shapes and texts are those recorded from AWS in
 * localstack's snapshots (TestLambdaFunction, …Versions, …Alias, …Revisions, …ReservedConcurrency, TestCodeSigningConfig).
 */
class FunctionOperationsIT {

    private static final String ARN = "arn:aws:lambda:us-west-2:111111111111:function:";
    private static final String ROLE = "arn:aws:iam::111111111111:role/r";
    private static final String CODE_SIGNING = "arn:aws:lambda:us-west-2:111111111111:code-signing-config:csc-0123456789abcdef0";

    /** Nothing listens there. */
    private static final String NO_BROKER = "localhost:1";

    @TempDir
    private Path directory;
    private TestServer server;
    private LambdaClient lambda;

    @BeforeEach
    void start() {
        server = TestServer.startWithFile(directory, NO_BROKER, Map.of(), "functions: {declared: {url: 'http://localhost:1/', timeoutSeconds: 7}}\n");
        lambda = client("111111111111", Region.US_WEST_2);
    }

    @AfterEach
    void stop() {
        lambda.close();
        server.close();
    }

    @Test
    void aFunctionFromCreateToDelete() {
        CreateFunctionResponse created = create("f");
        assertThat(created.state()).isEqualTo(State.PENDING);
        assertThat(created.lastUpdateStatus()).isNull();
        lambda.waiter().waitUntilFunctionActiveV2(request -> request.functionName("f"));
        GetFunctionConfigurationResponse active = configuration("f");
        assertThat(active.state()).isEqualTo(State.ACTIVE);
        assertThat(active.revisionId()).isNotEqualTo(created.revisionId());

        var updated = lambda.updateFunctionConfiguration(request -> request.functionName(ARN + "f").description("Changed-Description")
                .timeout(10).memorySize(512).runtime("python3.11").handler("other.handler").role(ROLE + "2")
                .environment(environment -> environment.variables(Map.of("ENV_A", "a"))).revisionId(active.revisionId()));
        assertThat(updated.lastUpdateStatus()).isEqualTo(LastUpdateStatus.IN_PROGRESS);
        assertThat(updated.lastUpdateStatusReasonCodeAsString()).isEqualTo("Creating");
        assertThat(updated.functionArn()).isEqualTo(ARN + "f");
        lambda.waiter().waitUntilFunctionUpdatedV2(request -> request.functionName("f"));
        GetFunctionConfigurationResponse after = configuration("f");
        assertThat(after.description()).isEqualTo("Changed-Description");
        assertThat(after.timeout()).isEqualTo(10);
        assertThat(after.memorySize()).isEqualTo(512);
        assertThat(after.runtimeAsString()).isEqualTo("python3.11");
        assertThat(after.handler()).isEqualTo("other.handler");
        assertThat(after.role()).isEqualTo(ROLE + "2");
        assertThat(after.environment().variables()).isEqualTo(Map.of("ENV_A", "a"));
        assertThat(after.codeSha256()).isEqualTo(created.codeSha256());
        assertThat(after.revisionId()).isNotIn(updated.revisionId(), active.revisionId());

        lambda.deleteFunction(request -> request.functionName("f"));
        assertThatThrownBy(() -> configuration("f")).isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Function not found: " + ARN + "f");
        assertThatThrownBy(() -> lambda.updateFunctionConfiguration(request -> request.functionName("f").timeout(1)))
                .isInstanceOf(ResourceNotFoundException.class).hasMessageContaining("Function not found: " + ARN + "f (");
    }

    @Test
    void anUpdateThatChangesNothingMakesAnotherRevisionAndAnOldOneIsRefused() {
        create("f");
        String before = configuration("f").revisionId();

        lambda.updateFunctionConfiguration(request -> request.functionName("f").revisionId(before));

        assertThat(configuration("f").revisionId()).isNotEqualTo(before);
        assertThatThrownBy(() -> lambda.updateFunctionConfiguration(request -> request.functionName("f").revisionId(before)))
                .isInstanceOfSatisfying(PreconditionFailedException.class, e -> {
                    assertThat(e.statusCode()).isEqualTo(412);
                    assertThat(e.type()).isEqualTo("User");
                }).hasMessageContaining("Call the GetFunction/GetAlias API to retrieve the latest Revision Id");
        assertThatThrownBy(() -> lambda.updateFunctionCode(request -> request.functionName("f").zipFile(zip("x")).revisionId(before)))
                .isInstanceOf(PreconditionFailedException.class);
        assertThatThrownBy(() -> lambda.publishVersion(request -> request.functionName("f").revisionId(before)))
                .isInstanceOf(PreconditionFailedException.class);
    }

    @Test
    void everyMemberThatCreateTakesComesBackAlsoAfterARestart() {
        lambda.createFunction(everything());
        assertEverything(configuration("f"));

        lambda.close();
        server.stop();
        server.start();
        lambda = client("111111111111", Region.US_WEST_2);

        assertEverything(configuration("f"));
        assertThat(lambda.getFunction(request -> request.functionName("f")).tags()).isEqualTo(Map.of("team", "orders"));
        assertThat(lambda.getFunctionCodeSigningConfig(request -> request.functionName("f")).codeSigningConfigArn()).isEqualTo(CODE_SIGNING);
    }

    private static CreateFunctionRequest everything() {
        return request("f").runtime("java21").architectures(Architecture.ARM64).ephemeralStorage(storage -> storage.size(1024))
                .tracingConfig(tracing -> tracing.mode(TracingMode.ACTIVE)).kmsKeyArn("arn:aws:kms:us-west-2:111111111111:key/k")
                .deadLetterConfig(letters -> letters.targetArn("arn:aws:sqs:us-west-2:111111111111:q"))
                .vpcConfig(vpc -> vpc.subnetIds("subnet-1").securityGroupIds("sg-1"))
                .layers("arn:aws:lambda:us-west-2:111111111111:layer:l:1").codeSigningConfigArn(CODE_SIGNING)
                .fileSystemConfigs(FileSystemConfig.builder().localMountPath("/mnt/a")
                        .arn("arn:aws:elasticfilesystem:us-west-2:111111111111:access-point/fsap-0123456789abcdef0").build())
                .loggingConfig(logging -> logging.logFormat(LogFormat.JSON).logGroup("group"))
                .snapStart(snapStart -> snapStart.applyOn(SnapStartApplyOn.PUBLISHED_VERSIONS)).tags(Map.of("team", "orders"))
                .environment(environment -> environment.variables(Map.of("ENV_A", "a"))).build();
    }

    private static void assertEverything(GetFunctionConfigurationResponse function) {
        assertThat(function.architectures()).containsExactly(Architecture.ARM64);
        assertThat(function.ephemeralStorage().size()).isEqualTo(1024);
        assertThat(function.tracingConfig().mode()).isEqualTo(TracingMode.ACTIVE);
        assertThat(function.kmsKeyArn()).isEqualTo("arn:aws:kms:us-west-2:111111111111:key/k");
        assertThat(function.deadLetterConfig().targetArn()).isEqualTo("arn:aws:sqs:us-west-2:111111111111:q");
        assertThat(function.vpcConfig().subnetIds()).containsExactly("subnet-1");
        assertThat(function.vpcConfig().securityGroupIds()).containsExactly("sg-1");
        assertThat(function.vpcConfig().vpcId()).startsWith("vpc-");
        assertThat(function.vpcConfig().ipv6AllowedForDualStack()).isFalse();
        assertThat(function.layers()).singleElement()
                .satisfies(layer -> assertThat(layer.arn()).isEqualTo("arn:aws:lambda:us-west-2:111111111111:layer:l:1"));
        assertThat(function.fileSystemConfigs()).singleElement().satisfies(system -> assertThat(system.localMountPath()).isEqualTo("/mnt/a"));
        assertThat(function.loggingConfig().logGroup()).isEqualTo("group");
        assertThat(function.loggingConfig().systemLogLevelAsString()).isEqualTo("INFO");
        assertThat(function.snapStart().applyOn()).isEqualTo(SnapStartApplyOn.PUBLISHED_VERSIONS);
        assertThat(function.snapStart().optimizationStatus()).isEqualTo(SnapStartOptimizationStatus.OFF);
        assertThat(function.environment().variables()).isEqualTo(Map.of("ENV_A", "a"));
    }

    @Test
    void anUpdateClearsWhatItNamesEmptyAndKeepsTheRest() {
        lambda.createFunction(everything());

        lambda.updateFunctionConfiguration(request -> request.functionName("f").environment(environment -> environment.variables(Map.of()))
                .deadLetterConfig(letters -> letters.targetArn("")).kmsKeyArn("").layers(List.of()).fileSystemConfigs(List.of())
                .vpcConfig(vpc -> vpc.subnetIds(List.of()).securityGroupIds(List.of())).description("")
                .loggingConfig(logging -> logging.logFormat(LogFormat.TEXT))
                .snapStart(snapStart -> snapStart.applyOn(SnapStartApplyOn.NONE)));

        GetFunctionConfigurationResponse after = configuration("f");
        assertThat(after.environment().variables()).isEmpty();
        assertThat(after.deadLetterConfig()).isNull();
        assertThat(after.kmsKeyArn()).isNull();
        assertThat(after.hasLayers() || after.hasFileSystemConfigs()).isFalse();
        assertThat(after.vpcConfig().vpcId()).isEmpty();
        assertThat(after.vpcConfig().subnetIds()).isEmpty();
        assertThat(after.loggingConfig().logFormat()).isEqualTo(LogFormat.TEXT);
        assertThat(after.loggingConfig().logGroup()).isEqualTo("group");
        assertThat(after.loggingConfig().systemLogLevel()).isNull();
        assertThat(after.architectures()).containsExactly(Architecture.ARM64);
        assertThat(after.tracingConfig().mode()).isEqualTo(TracingMode.ACTIVE);
    }

    @Test
    void versionsFromPublishToDelete() {
        CreateFunctionResponse created = lambda.createFunction(request("f").publish(true).build());
        assertThat(created.version()).isEqualTo("1");
        assertThat(created.functionArn()).isEqualTo(ARN + "f");

        PublishVersionResponse same = lambda.publishVersion(request -> request.functionName("f"));
        assertThat(same.version()).isEqualTo("1");
        assertThat(same.functionArn()).isEqualTo(ARN + "f:1");
        assertThat(same.state()).isEqualTo(State.ACTIVE);
        assertThat(same.lastUpdateStatus()).isEqualTo(LastUpdateStatus.SUCCESSFUL);

        var second = lambda.updateFunctionCode(request -> request.functionName("f").zipFile(zip("2")).publish(true)
                .architectures(Architecture.ARM64));
        assertThat(second.version()).isEqualTo("2");
        assertThat(second.functionArn()).isEqualTo(ARN + "f:2");
        assertThat(second.state()).isEqualTo(State.PENDING);
        assertThat(second.lastUpdateStatus()).isNull();
        lambda.waiter().waitUntilPublishedVersionActive(request -> request.functionName("f").qualifier("2"));

        var one = lambda.getFunction(request -> request.functionName("f").qualifier("1")).configuration();
        assertThat(one.functionArn()).isEqualTo(ARN + "f:1");
        assertThat(one.codeSha256()).isEqualTo(created.codeSha256()).isNotEqualTo(second.codeSha256());
        assertThat(one.architectures()).containsExactly(Architecture.X86_64);
        List<FunctionConfiguration> versions = lambda.listVersionsByFunction(request -> request.functionName("f")).versions();
        assertThat(versions).extracting(FunctionConfiguration::functionArn).containsExactly(ARN + "f:$LATEST", ARN + "f:1", ARN + "f:2");
        assertThat(versions).extracting(FunctionConfiguration::state, FunctionConfiguration::lastUpdateStatus,
                FunctionConfiguration::runtimeVersionConfig).containsOnly(tuple(null, null, null));

        lambda.deleteFunction(request -> request.functionName("f").qualifier("1"));
        assertThatThrownBy(() -> lambda.getFunction(request -> request.functionName("f:1")))
                .isInstanceOf(ResourceNotFoundException.class).hasMessageContaining("Function not found: " + ARN + "f:1");
        assertThatThrownBy(() -> lambda.updateFunctionConfiguration(request -> request.functionName("f:2").timeout(1)))
                .isInstanceOf(InvalidParameterValueException.class).hasMessageContaining("This operation is permitted on Lambda functions only.");
    }

    @Test
    void aliasesFromCreateToDelete() {
        create("f");
        lambda.publishVersion(request -> request.functionName("f").description("one"));
        lambda.updateFunctionCode(request -> request.functionName("f").zipFile(zip("2")).publish(true));

        var created = lambda.createAlias(request -> request.functionName("f").name("live").functionVersion("1").description("custom-alias")
                .routingConfig(routing -> routing.additionalVersionWeights(Map.of("2", 0.2))));
        assertThat(created.aliasArn()).isEqualTo(ARN + "f:live");
        assertThat(created.routingConfig().additionalVersionWeights()).isEqualTo(Map.of("2", 0.2));
        var behind = lambda.getFunction(request -> request.functionName("f").qualifier("live")).configuration();
        assertThat(behind.version()).isEqualTo("1");
        assertThat(behind.functionArn()).isEqualTo(ARN + "f:live");
        assertThat(behind.description()).isEqualTo("one");
        // A qualifier of the name doesn't matter.
        assertThat(lambda.getAlias(request -> request.functionName(ARN + "f:2").name("live"))).satisfies(alias -> {
            assertThat(alias.aliasArn()).isEqualTo(ARN + "f:live");
            assertThat(alias.revisionId()).isEqualTo(created.revisionId());
        });

        assertThatThrownBy(() -> lambda.deleteFunction(request -> request.functionName("f").qualifier("2")))
                .isInstanceOf(ResourceConflictException.class)
                .hasMessageContaining("Unable to delete version because the following aliases reference it: [live]");
        assertThatThrownBy(() -> lambda.createAlias(request -> request.functionName("f").name("live").functionVersion("2")))
                .isInstanceOf(ResourceConflictException.class).hasMessageContaining("Alias already exists: " + ARN + "f:live");

        var moved = lambda.updateAlias(request -> request.functionName("f").name("live").functionVersion("2")
                .routingConfig(routing -> { }).revisionId(created.revisionId()));
        assertThat(moved.functionVersion()).isEqualTo("2");
        assertThat(moved.description()).isEqualTo("custom-alias");
        assertThat(moved.routingConfig()).isNull();
        assertThat(moved.revisionId()).isNotEqualTo(created.revisionId());
        assertThat(configuration("f:live").version()).isEqualTo("2");

        lambda.deleteAlias(request -> request.functionName("f").name("live"));
        assertThatThrownBy(() -> lambda.getAlias(request -> request.functionName("f").name("live")))
                .isInstanceOf(ResourceNotFoundException.class).hasMessageContaining("Cannot find alias arn: " + ARN + "f:live");
        assertThat(lambda.listAliases(request -> request.functionName("f")).aliases()).isEmpty();
    }

    @Test
    void listsAreReadPageByPage() {
        create("a");
        create("b");
        for (int i = 1; i <= 52; i++) {
            String description = "version " + i;
            lambda.updateFunctionConfiguration(request -> request.functionName("a").description(description));
            String version = lambda.publishVersion(request -> request.functionName("a")).version();
            lambda.createAlias(request -> request.functionName("a").name("alias-" + version).functionVersion(version));
        }

        assertThat(lambda.listVersionsByFunction(request -> request.functionName("a").maxItems(10_000)).versions()).hasSize(50);
        assertThat(lambda.listVersionsByFunctionPaginator(request -> request.functionName("a")).versions()).hasSize(53)
                .extracting(FunctionConfiguration::version).startsWith("$LATEST", "1", "2").endsWith("52").doesNotHaveDuplicates();
        assertThat(lambda.listAliases(request -> request.functionName("a")).aliases()).hasSize(50);
        assertThat(lambda.listAliasesPaginator(request -> request.functionName("a").maxItems(20)).aliases()).hasSize(52)
                .extracting(AliasConfiguration::name).isSorted().doesNotHaveDuplicates();
        assertThat(lambda.listAliases(request -> request.functionName("a").functionVersion("7")).aliases())
                .extracting(AliasConfiguration::name).containsExactly("alias-7");
        assertThat(lambda.listFunctionsPaginator(request -> request.functionVersion(FunctionVersion.ALL).maxItems(7)).functions())
                .extracting(FunctionConfiguration::functionArn).hasSize(55).doesNotHaveDuplicates()
                .startsWith(ARN + "a:$LATEST", ARN + "a:1").endsWith(ARN + "b:$LATEST", ARN + "declared:$LATEST");
        assertThat(lambda.listFunctions().functions()).extracting(FunctionConfiguration::functionArn)
                .containsExactly(ARN + "a", ARN + "b", ARN + "declared");
        assertThat(lambda.listFunctions(request -> request.functionVersion(FunctionVersion.ALL).masterRegion("us-east-1")).functions()).isEmpty();
    }

    @Test
    void concurrencyIsReservedAndCountsForTheAccount() {
        create("f");
        assertThat(lambda.getFunctionConcurrency(request -> request.functionName("f")).reservedConcurrentExecutions()).isNull();

        assertThat(lambda.putFunctionConcurrency(request -> request.functionName("f").reservedConcurrentExecutions(0))
                .reservedConcurrentExecutions()).isZero();
        lambda.putFunctionConcurrency(request -> request.functionName("f").reservedConcurrentExecutions(5));
        assertThat(lambda.getFunctionConcurrency(request -> request.functionName("f")).reservedConcurrentExecutions()).isEqualTo(5);
        assertThat(lambda.getFunction(request -> request.functionName("f")).concurrency().reservedConcurrentExecutions()).isEqualTo(5);
        var settings = lambda.getAccountSettings();
        assertThat(settings.accountLimit().totalCodeSize()).isEqualTo(80_530_636_800L);
        assertThat(settings.accountLimit().codeSizeUnzipped()).isEqualTo(262_144_000);
        assertThat(settings.accountLimit().codeSizeZipped()).isEqualTo(52_428_800);
        assertThat(settings.accountLimit().concurrentExecutions()).isEqualTo(1000);
        assertThat(settings.accountLimit().unreservedConcurrentExecutions()).isEqualTo(995);
        assertThat(settings.accountUsage().functionCount()).isEqualTo(2);
        assertThat(settings.accountUsage().totalCodeSize()).isEqualTo(zip("1").asByteArray().length);

        lambda.deleteFunctionConcurrency(request -> request.functionName("f"));
        assertThat(lambda.getFunctionConcurrency(request -> request.functionName("f")).reservedConcurrentExecutions()).isNull();
        assertThat(lambda.getFunction(request -> request.functionName("f")).concurrency()).isNull();
    }

    @Test
    void answersWithoutABodyOrATypeAreAsAwsSendsThem() {
        HttpResponse<String> nothing = send("GET", "/2020-06-30/functions/declared/code-signing-config", null);
        assertThat(nothing.statusCode()).isEqualTo(200);
        assertThat(nothing.body()).isEqualTo("{}");
        assertThat(send("GET", "/2019-09-30/functions/declared/concurrency", null).body()).isEqualTo("{}");
        assertThat(send("DELETE", "/2017-10-31/functions/declared/concurrency", null)).satisfies(deleted -> {
            assertThat(deleted.statusCode()).isEqualTo(204);
            assertThat(deleted.body()).isEmpty();
        });
        // Recorded without Type, other than nearly all refusals.
        assertThat(send("PUT", "/2017-10-31/functions/declared/concurrency", "{\"ReservedConcurrentExecutions\":901}").body())
                .isEqualTo("{\"message\":\"Specified ReservedConcurrentExecutions for function decreases account's "
                        + "UnreservedConcurrentExecution below its minimum value of [100].\"}");
        assertThat(send("PUT", "/2017-10-31/functions/declared/concurrency", "{}").body()).contains("1 validation error detected: Value null "
                + "at 'reservedConcurrentExecutions' failed to satisfy constraint: Member must not be null");
    }

    @Test
    void saysWhichMembersHaveNoEffect() {
        HttpResponse<String> updated = send("PUT", "/2015-03-31/functions/declared/configuration",
                "{\"DeadLetterConfig\":{\"TargetArn\":\"arn:aws:sqs:us-east-1:000000000000:q\"}}");
        assertThat(updated.statusCode()).as(updated.body()).isEqualTo(200);
        assertThat(updated.headers().firstValue("X-Sluice-Hint")).contains("Kept and returned, but without effect in Sluice: DeadLetterConfig");
        assertThat(send("PUT", "/2015-03-31/functions/declared/configuration", "{\"DeadLetterConfig\":{\"TargetArn\":\"\"}}").headers()
                .firstValue("X-Sluice-Hint")).isEmpty();
    }

    @Test
    void whatHangsOnADeclaredFunctionSurvivesARestart() {
        String role = ROLE + "2";
        lambda.createFunction(request("declared").tags(Map.of("team", "orders")).timeout(9).role(role).build());
        lambda.publishVersion(request -> request.functionName("declared"));
        lambda.createAlias(request -> request.functionName("declared").name("live").functionVersion("1"));
        lambda.putFunctionConcurrency(request -> request.functionName("declared").reservedConcurrentExecutions(3));
        assertThat(lambda.getFunction(request -> request.functionName("declared:live")).code().location()).isEqualTo("http://localhost:1/");

        lambda.close();
        server.stop();
        server.start();
        lambda = client("111111111111", Region.US_WEST_2);

        var function = lambda.getFunction(request -> request.functionName("declared").qualifier("live"));
        assertThat(function.configuration().version()).isEqualTo("1");
        assertThat(function.configuration().timeout()).isEqualTo(9);
        assertThat(function.tags()).isEqualTo(Map.of("team", "orders"));
        assertThat(function.concurrency().reservedConcurrentExecutions()).isEqualTo(3);
        assertThat(function.code().location()).isEqualTo("http://localhost:1/");
    }

    @Test
    void anotherAccountOrRegionSeesNothingOfIt() {
        create("f");
        lambda.publishVersion(request -> request.functionName("f"));
        for (LambdaClient other : List.of(client("222222222222", Region.US_WEST_2), client("111111111111", Region.EU_WEST_1))) {
            try (other) {
                assertThat(other.listFunctions(request -> request.functionVersion(FunctionVersion.ALL)).functions())
                        .extracting(FunctionConfiguration::functionName).containsExactly("declared");
                assertThat(other.getAccountSettings().accountUsage().functionCount()).isEqualTo(1);
                assertThatThrownBy(() -> other.listVersionsByFunction(request -> request.functionName("f")))
                        .isInstanceOf(ResourceNotFoundException.class);
                assertThatThrownBy(() -> other.publishVersion(request -> request.functionName("f")))
                        .isInstanceOf(ResourceNotFoundException.class).hasMessageContaining(":function:f:$LATEST");
            }
        }
    }

    private HttpResponse<String> send(String method, String path, String body) {
        return server.send(method, path, body);
    }

    private CreateFunctionResponse create(String name) {
        return lambda.createFunction(request(name).build());
    }

    private static CreateFunctionRequest.Builder request(String name) {
        return CreateFunctionRequest.builder().functionName(name).runtime("python3.12").handler("index.handler").role(ROLE)
                .code(code -> code.zipFile(zip("1")));
    }

    private GetFunctionConfigurationResponse configuration(String name) {
        return lambda.getFunctionConfiguration(request -> request.functionName(name));
    }

    private LambdaClient client(String account, Region region) {
        return LambdaClient.builder().endpointOverride(server.endpoint()).region(region)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(account, "made-up"))).build();
    }

    private static SdkBytes zip(String content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            ZipEntry entry = new ZipEntry("index.py");
            entry.setTime(0);
            zip.putNextEntry(entry);
            zip.write(content.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return SdkBytes.fromByteArray(bytes.toByteArray());
    }
}
