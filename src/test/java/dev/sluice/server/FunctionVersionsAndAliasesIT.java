package dev.sluice.server;

import static dev.sluice.server.FunctionServer.ARN;
import static dev.sluice.server.FunctionServer.request;
import static dev.sluice.server.FunctionServer.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.AliasConfiguration;
import software.amazon.awssdk.services.lambda.model.Architecture;
import software.amazon.awssdk.services.lambda.model.CreateFunctionResponse;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.FunctionVersion;
import software.amazon.awssdk.services.lambda.model.InvalidParameterValueException;
import software.amazon.awssdk.services.lambda.model.LastUpdateStatus;
import software.amazon.awssdk.services.lambda.model.PublishVersionResponse;
import software.amazon.awssdk.services.lambda.model.ResourceConflictException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.State;

/** Versions and aliases as the AWS SDK for Java sends and reads them, over HTTP; as recorded in localstack's snapshots. */
class FunctionVersionsAndAliasesIT {

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

        // The same again is there already.
        var again = lambda.updateFunctionCode(request -> request.functionName("f").zipFile(zip("2")).publish(true));
        assertThat(again.version()).isEqualTo("2");
        assertThat(again.state()).isEqualTo(State.ACTIVE);

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
                .isInstanceOf(InvalidParameterValueException.class)
                .hasMessageContaining("This operation is permitted on Lambda functions only.");
    }

    @Test
    void aliasesFromCreateToDelete() {
        server.create("f");
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
                .routingConfig(routing -> {}).revisionId(created.revisionId()));
        assertThat(moved.functionVersion()).isEqualTo("2");
        assertThat(moved.description()).isEqualTo("custom-alias");
        assertThat(moved.routingConfig()).isNull();
        assertThat(moved.revisionId()).isNotEqualTo(created.revisionId());
        assertThat(server.configuration("f:live").version()).isEqualTo("2");

        lambda.deleteAlias(request -> request.functionName("f").name("live"));
        assertThatThrownBy(() -> lambda.getAlias(request -> request.functionName("f").name("live")))
                .isInstanceOf(ResourceNotFoundException.class).hasMessageContaining("Cannot find alias arn: " + ARN + "f:live");
        assertThat(lambda.listAliases(request -> request.functionName("f")).aliases()).isEmpty();
    }

    @Test
    void listsAreReadPageByPage() {
        server.create("a");
        server.create("b");
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
        assertThat(lambda.listFunctions(request -> request.functionVersion(FunctionVersion.ALL).masterRegion("us-east-1")).functions())
                .isEmpty();
    }
}
