package dev.sluice.server;

import static dev.sluice.server.FunctionServer.ARN;
import static dev.sluice.server.FunctionServer.ROLE;
import static dev.sluice.server.FunctionServer.request;
import static dev.sluice.server.FunctionServer.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.Architecture;
import software.amazon.awssdk.services.lambda.model.CreateFunctionRequest;
import software.amazon.awssdk.services.lambda.model.CreateFunctionResponse;
import software.amazon.awssdk.services.lambda.model.FileSystemConfig;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.FunctionVersion;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationResponse;
import software.amazon.awssdk.services.lambda.model.LastUpdateStatus;
import software.amazon.awssdk.services.lambda.model.LogFormat;
import software.amazon.awssdk.services.lambda.model.PreconditionFailedException;
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

    private static final String KEY = "arn:aws:kms:us-west-2:111111111111:key/k";
    private static final String CODE_SIGNING = "arn:aws:lambda:us-west-2:111111111111:code-signing-config:csc-0123456789abcdef0";

    @TempDir
    private Path directory;
    private FunctionServer server;
    private LambdaClient lambda;

    @BeforeEach
    void start() {
        server = new FunctionServer(directory);
        lambda = server.lambda();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aFunctionFromCreateToDelete() {
        CreateFunctionResponse created = server.create("f");
        assertThat(created.state()).isEqualTo(State.PENDING);
        assertThat(created.lastUpdateStatus()).isNull();
        lambda.waiter().waitUntilFunctionActiveV2(request -> request.functionName("f"));
        GetFunctionConfigurationResponse active = server.configuration("f");
        assertThat(active.state()).isEqualTo(State.ACTIVE);
        assertThat(active.revisionId()).isNotEqualTo(created.revisionId());

        var updated = lambda.updateFunctionConfiguration(request -> request.functionName(ARN + "f").description("Changed-Description")
                .timeout(10).memorySize(512).runtime("python3.11").handler("other.handler").role(ROLE + "2")
                .environment(environment -> environment.variables(Map.of("ENV_A", "a"))).revisionId(active.revisionId()));
        assertThat(updated.lastUpdateStatus()).isEqualTo(LastUpdateStatus.IN_PROGRESS);
        assertThat(updated.lastUpdateStatusReasonCodeAsString()).isEqualTo("Creating");
        assertThat(updated.functionArn()).isEqualTo(ARN + "f");
        lambda.waiter().waitUntilFunctionUpdatedV2(request -> request.functionName("f"));
        GetFunctionConfigurationResponse after = server.configuration("f");
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
        assertThatThrownBy(() -> server.configuration("f")).isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Function not found: " + ARN + "f");
        assertThatThrownBy(() -> lambda.updateFunctionConfiguration(request -> request.functionName("f").timeout(1)))
                .isInstanceOf(ResourceNotFoundException.class).hasMessageContaining("Function not found: " + ARN + "f (");
    }

    @Test
    void anUpdateThatChangesNothingMakesAnotherRevisionAndAnOldOneIsRefused() {
        server.create("f");
        String before = server.configuration("f").revisionId();

        lambda.updateFunctionConfiguration(request -> request.functionName("f").revisionId(before));

        assertThat(server.configuration("f").revisionId()).isNotEqualTo(before);
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
        assertEverything(server.configuration("f"));

        server.restart();
        lambda = server.lambda();

        assertEverything(server.configuration("f"));
        assertThat(lambda.getFunction(request -> request.functionName("f")).tags()).isEqualTo(Map.of("team", "orders"));
        assertThat(lambda.getFunction(request -> request.functionName("f")).code().sourceKMSKeyArn()).isEqualTo(KEY);
        assertThat(lambda.getFunctionCodeSigningConfig(request -> request.functionName("f")).codeSigningConfigArn())
                .isEqualTo(CODE_SIGNING);
    }

    private static CreateFunctionRequest everything() {
        return request("f").runtime("java21").code(code -> code.zipFile(zip("1")).sourceKMSKeyArn(KEY))
                .architectures(Architecture.ARM64).ephemeralStorage(storage -> storage.size(1024))
                .tracingConfig(tracing -> tracing.mode(TracingMode.ACTIVE)).kmsKeyArn(KEY)
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
        assertThat(function.kmsKeyArn()).isEqualTo(KEY);
        assertThat(function.deadLetterConfig().targetArn()).isEqualTo("arn:aws:sqs:us-west-2:111111111111:q");
        assertThat(function.vpcConfig().subnetIds()).containsExactly("subnet-1");
        assertThat(function.vpcConfig().securityGroupIds()).containsExactly("sg-1");
        assertThat(function.vpcConfig().vpcId()).startsWith("vpc-");
        assertThat(function.vpcConfig().ipv6AllowedForDualStack()).isFalse();
        assertThat(function.layers()).singleElement()
                .satisfies(layer -> assertThat(layer.arn()).isEqualTo("arn:aws:lambda:us-west-2:111111111111:layer:l:1"));
        assertThat(function.fileSystemConfigs()).singleElement()
                .satisfies(system -> assertThat(system.localMountPath()).isEqualTo("/mnt/a"));
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

        GetFunctionConfigurationResponse after = server.configuration("f");
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
    void concurrencyIsReservedAndCountsForTheAccount() {
        server.create("f");
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
        server.given().when().get("/2020-06-30/functions/declared/code-signing-config").then().statusCode(200).body(equalTo("{}"));
        server.given().when().get("/2019-09-30/functions/declared/concurrency").then().statusCode(200).body(equalTo("{}"));
        server.given().when().delete("/2017-10-31/functions/declared/concurrency").then().statusCode(204).body(emptyString());
        // Recorded without Type, other than nearly all refusals.
        server.given().body("{\"ReservedConcurrentExecutions\":901}").when().put("/2017-10-31/functions/declared/concurrency")
                .then().statusCode(400)
                .body(equalTo("{\"message\":\"Specified ReservedConcurrentExecutions for function decreases account's "
                        + "UnreservedConcurrentExecution below its minimum value of [100].\"}"));
        server.given().body("{}").when().put("/2017-10-31/functions/declared/concurrency")
                .then().statusCode(400).body("message", equalTo("1 validation error detected: Value null "
                        + "at 'reservedConcurrentExecutions' failed to satisfy constraint: Member must not be null"));
    }

    @Test
    void saysWhichMembersHaveNoEffect() {
        server.given().body("{\"DeadLetterConfig\":{\"TargetArn\":\"arn:aws:sqs:us-east-1:000000000000:q\"}}")
                .when().put("/2015-03-31/functions/declared/configuration")
                .then().statusCode(200)
                .header("X-Sluice-Hint", "Kept and returned, but without effect in Sluice: DeadLetterConfig");
        server.given().body("{\"DeadLetterConfig\":{\"TargetArn\":\"\"}}").when().put("/2015-03-31/functions/declared/configuration")
                .then().statusCode(200).header("X-Sluice-Hint", nullValue());
    }

    @Test
    void whatHangsOnADeclaredFunctionSurvivesARestart() {
        String role = ROLE + "2";
        lambda.createFunction(request("declared").tags(Map.of("team", "orders")).timeout(9).role(role).build());
        lambda.publishVersion(request -> request.functionName("declared"));
        lambda.createAlias(request -> request.functionName("declared").name("live").functionVersion("1"));
        lambda.putFunctionConcurrency(request -> request.functionName("declared").reservedConcurrentExecutions(3));
        assertThat(lambda.getFunction(request -> request.functionName("declared:live")).code().location()).isEqualTo("http://localhost:1/");

        server.restart();
        lambda = server.lambda();

        var function = lambda.getFunction(request -> request.functionName("declared").qualifier("live"));
        assertThat(function.configuration().version()).isEqualTo("1");
        assertThat(function.configuration().timeout()).isEqualTo(9);
        assertThat(function.tags()).isEqualTo(Map.of("team", "orders"));
        assertThat(function.concurrency().reservedConcurrentExecutions()).isEqualTo(3);
        assertThat(function.code().location()).isEqualTo("http://localhost:1/");
    }

    @Test
    void anotherAccountOrRegionSeesNothingOfIt() {
        server.create("f");
        lambda.publishVersion(request -> request.functionName("f"));
        for (LambdaClient other : List.of(server.client("222222222222", Region.US_WEST_2),
                server.client("111111111111", Region.EU_WEST_1))) {
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
}
