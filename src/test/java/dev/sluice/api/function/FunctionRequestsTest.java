package dev.sluice.api.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.aws.AwsRequest;
import dev.sluice.api.aws.FunctionReferences;
import dev.sluice.api.contract.Contract;
import dev.sluice.api.contract.ContractDocument;
import dev.sluice.api.http.ApiException;
import dev.sluice.api.http.ErrorType;
import dev.sluice.api.http.Json;
import dev.sluice.function.CodeSource;
import dev.sluice.function.FunctionException;
import dev.sluice.function.FunctionRegistry;
import dev.sluice.function.LoggingConfig;
import dev.sluice.function.SettingsChange;
import dev.sluice.function.SnapStart;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionRequestsTest {

    private static final Scope CALLER = new Scope("111111111111", "us-east-1");

    @Test
    void readsACreateRequest() {
        FunctionRegistry.Create create = FunctionRequests.create(CALLER, body("{'FunctionName':"
                + "'arn:aws:lambda:us-east-1:111111111111:function:f','Description':'d','Timeout':60,'MemorySize':512,"
                + "'Environment':{'Variables':{'A':'1'}}}"));
        assertThat(create.name()).isEqualTo("f");
        assertThat(((CodeSource.Zip) create.code()).bytes()).containsExactly('z', 'i', 'p');
        assertThat(create.settings().runtime()).isEqualTo("java21");
        assertThat(create.settings().handler()).isEqualTo("p.C::m");
        assertThat(create.settings().timeoutSeconds()).isEqualTo(60);
        assertThat(create.settings().memoryMb()).isEqualTo(512);
        assertThat(create.settings().environment()).isEqualTo(Map.of("A", "1"));
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", quoteCharacter = '~',
            textBlock = """
                    {"Runtime":"python3.7"} | The runtime parameter of python3.7 is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.
                    {"Handler":null} | Runtime and Handler are mandatory parameters for functions created with deployment packages.
                    {"Code":{"ImageUri":"i"}} | PackageType is Zip; for that Code must have ZipFile, or S3Bucket and S3Key.
                    {"PackageType":"Image"} | PackageType is Image; for that Code must have ImageUri.
                    {"Code":{"S3Bucket":"code"}} | Please provide a source for function code.
                    {"Code":{"S3Key":"k"}} | Please provide a source for function code.
                    {"Code":{"S3ObjectVersion":"1"}} | Please provide a source for function code.
                    {"Code":{"S3Bucket":"code","S3Key":"k","ImageUri":"i"}} | Code.ImageUri is given, and an object of S3 too; allowed is one of them.
                    {"PackageType":"Image","Code":{"S3Bucket":"code","S3Key":"k"}} | PackageType is Image; for that Code must have ImageUri.
                    {"Code":{"ZipFile":"emlw","S3Bucket":"code","S3Key":"k"}} | Please do not provide other FunctionCode parameters when providing a ZipFile.
                    {"Code":{"ZipFile":"emlw","S3ObjectVersion":"1"}} | Please do not provide other FunctionCode parameters when providing a ZipFile.
                    {"Code":{"ZipFile":"emlw","ImageUri":"i"}} | Please do not provide other FunctionCode parameters when providing a ZipFile.
                    {"Code":{}} | Please provide a source for function code.
                    """)
    void refusesWhatAwsRefuses(String more, String message) {
        assertThatThrownBy(() -> FunctionRequests.create(CALLER, body(more))).isInstanceOfSatisfying(ApiException.class,
                e -> assertThat(e.type()).isEqualTo(ErrorType.INVALID_PARAMETER_VALUE)).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", textBlock = """
            nodejs14.x | sluice functions add NAME --directory DIR --runtime nodejs14.x --handler HANDLER
            python3.8 | sluice functions add NAME --directory DIR --runtime python3.8 --handler HANDLER
            java8 | sluice functions add NAME --jar FILE --handler HANDLER
            nodejs28.x | sluice functions add NAME --directory DIR --runtime nodejs28.x --handler HANDLER
            go1.x | sluice functions add NAME -- COMMAND
            dotnet6 | sluice functions add NAME --url URL
            """)
    void saysHowCodeOfARefusedRuntimeIsRunAllTheSame(String runtime, String command) {
        assertThatThrownBy(() -> FunctionRequests.create(CALLER, body("{'Runtime':'" + runtime + "'}"))).isInstanceOfSatisfying(
                ApiException.class, e -> assertThat(e.hint()).contains(command));
    }

    @Test
    void hasNoWayOutForWhatIsNoRuntime() {
        assertThatThrownBy(() -> FunctionRequests.create(CALLER, body("{'Runtime':'cobol'}"))).isInstanceOfSatisfying(
                ApiException.class, e -> assertThat(e.hint()).isNull());
    }

    @Test
    void refusesCodeThatIsNoBase64ByItsPath() {
        assertThatThrownBy(() -> FunctionRequests.create(CALLER, body("{'Code':{'ZipFile':'%%%'}}")))
                .hasMessage("'code.zipFile': the value is not base64");
        ObjectNode update = Json.MAPPER.createObjectNode().put("ZipFile", "%%%");
        assertThatThrownBy(() -> FunctionRequests.updateCode(update)).hasMessage("'zipFile': the value is not base64");
    }

    @Test
    void refusesAnUnknownRuntimeInAwsWords() {
        assertThatThrownBy(() -> FunctionRequests.create(CALLER, body("{'Runtime':'cobol'}")))
                .hasMessageStartingWith("Value cobol at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [")
                .hasMessageEndingWith("] or be a valid ARN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'TracingConfig':{'Mode':'Active'}}", "{'Architectures':['arm64']}",
            "{'EphemeralStorage':{'Size':1024}}",
            "{'VpcConfig':{'SubnetIds':['subnet-1'],'SecurityGroupIds':['sg-1']}}", "{'KMSKeyArn':'arn:aws:kms:k'}",
            "{'DeadLetterConfig':{'TargetArn':''}}", "{'FileSystemConfigs':[{'Arn':'a'}]}",
            "{'ImageConfig':{'WorkingDirectory':'/'}}"})
    void keepsWhatHasNoEffectHere(String more) {
        String member = json(more).fieldNames().next();
        assertThat(FunctionRequests.create(CALLER, body(more)).settings().otherMembers())
                .isEqualTo(Map.of(member, json(more).get(member).toString()));
    }

    @Test
    void readsWhatHasAnEffectAsValues() {
        SettingsChange said = FunctionMembers.ofConfiguration(CALLER, json("{'Layers':['arn:aws:lambda:us-east-1:111111111111:layer:l:1'],"
                + "'LoggingConfig':{'LogFormat':'JSON','ApplicationLogLevel':'TRACE','SystemLogLevel':'WARN','LogGroup':'g'},"
                + "'SnapStart':{'ApplyOn':'PublishedVersions'}}"));
        assertThat(said.layers()).containsExactly("arn:aws:lambda:us-east-1:111111111111:layer:l:1");
        assertThat(said.logging()).isEqualTo(
                new LoggingConfig(LoggingConfig.Format.JSON, LoggingConfig.Level.TRACE, LoggingConfig.System.WARN, "g"));
        assertThat(said.snapStart()).isEqualTo(SnapStart.PUBLISHED_VERSIONS);
        assertThat(said.otherMembers()).isEmpty();

        SettingsChange nothing = FunctionMembers.ofConfiguration(CALLER, json("{'LoggingConfig':null,'SnapStart':null,'Layers':null}"));
        assertThat(nothing).isEqualTo(new SettingsChange(null, null, null, null, null, null, null, Map.of()));

        SettingsChange empty = FunctionMembers.ofConfiguration(CALLER,
                json("{'LoggingConfig':{'SystemLogLevel':null},'SnapStart':{},'Layers':[]}"));
        assertThat(empty.layers()).isEmpty();
        assertThat(empty.logging()).isEqualTo(LoggingConfig.DEFAULT);
        assertThat(empty.snapStart()).isEqualTo(SnapStart.NONE);
    }

    // Every value of the contract can be read.
    @Test
    void knowsEveryValueOfTheContractsEnumerations() {
        assertThat(values("LogFormat")).containsExactlyInAnyOrder(texts(LoggingConfig.Format.values(), LoggingConfig.Format::text));
        assertThat(values("ApplicationLogLevel")).containsExactlyInAnyOrder(texts(LoggingConfig.Level.values(), LoggingConfig.Level::name));
        assertThat(values("SystemLogLevel")).containsExactlyInAnyOrder(texts(LoggingConfig.System.values(), LoggingConfig.System::name));
        assertThat(values("SnapStartApplyOn")).containsExactlyInAnyOrder(texts(SnapStart.values(), SnapStart::text));
    }

    private static List<String> values(String schema) {
        List<String> values = new ArrayList<>();
        ContractDocument.schema(schema).get("enum").forEach(value -> values.add(value.textValue()));
        return values;
    }

    private static <E> String[] texts(E[] values, Function<E, String> text) {
        return Stream.of(values).map(text).toArray(String[]::new);
    }

    // aws-sdk-js#1293, lambda-uploader#130, lambda-action#72
    @ParameterizedTest
    @ValueSource(
            strings = {"{'SubnetIds':['subnet-1']}", "{'SecurityGroupIds':['sg-1']}", "{'SubnetIds':['subnet-1'],'SecurityGroupIds':[]}",
                    "{'SubnetIds':null,'SecurityGroupIds':['sg-1']}"})
    void refusesSubnetsWithoutSecurityGroupsAndTheReverse(String config) {
        ObjectNode body = body("{'VpcConfig':" + config + "}");
        for (ThrowingCallable asked : List.<ThrowingCallable>of(() -> FunctionRequests.create(CALLER, body),
                () -> FunctionMembers.ofConfiguration(CALLER, body))) {
            assertThatThrownBy(asked).isInstanceOfSatisfying(ApiException.class,
                    e -> assertThat(e.type()).isEqualTo(ErrorType.INVALID_PARAMETER_VALUE))
                    .hasMessage("SubnetIds and SecurityIds must coexist or be both empty list.");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'SubnetIds':[],'SecurityGroupIds':[]}", "{'SubnetIds':[]}", "{'Ipv6AllowedForDualStack':true}"})
    void takesAFunctionOutOfItsVpc(String config) {
        assertThat(FunctionMembers.ofConfiguration(CALLER, body("{'VpcConfig':" + config + "}")).otherMembers()).containsKey("VpcConfig");
    }

    // Pasted by many users of AWS.
    @Test
    void refusesVariablesThatAreLambdasOwn() {
        assertThatThrownBy(() -> FunctionRequests.create(CALLER,
                body("{'Environment':{'Variables':{'AWS_REGION':'x','A':'1','AWS_ACCESS_KEY_ID':'y'}}}")))
                .hasMessage("Lambda was unable to configure your environment variables because the environment variables you have provided "
                        + "contains reserved keys that are currently not supported for modification. Reserved keys used in this request: "
                        + "AWS_REGION, AWS_ACCESS_KEY_ID");
    }

    @Test
    void refusesAnEnvironmentOfMoreThan4KB() {
        assertThat(environment("x".repeat(4096 - "{'A1':''}".length()))).hasSize(1);
        assertThatThrownBy(() -> environment("x".repeat(4097 - "{'A1':''}".length()))).hasMessage("Lambda was unable to configure your "
                + "environment variables because the environment variables you have provided exceeded the 4KB limit.");
    }

    private static Map<String, String> environment(String value) {
        return FunctionRequests.create(CALLER, body("{'Environment':{'Variables':{'A1':'" + value + "'}}}")).settings().environment();
    }

    // Recorded: localstack's snapshot TestLambdaLayer::test_layer_exceptions.
    @ParameterizedTest
    @CsvSource(delimiterString = " | ", quoteCharacter = '~',
            textBlock = """
                    us-east-1:1:layer:a:1 us-east-1:1:layer:b:1 us-east-1:1:layer:c:1 us-east-1:1:layer:d:1 us-east-1:1:layer:e:1 us-east-1:1:layer:f:1 | Cannot reference more than 5 layers.
                    eu-west-1:1:layer:a:1 | Layers are not in the same region as the function. Layers are expected to be in region us-east-1.
                    us-east-1:1:layer:a:1 us-east-1:1:layer:a:2 | Two different versions of the same layer are not allowed to be referenced in the same function. arn:aws:lambda:us-east-1:1:layer:a:1 and arn:aws:lambda:us-east-1:1:layer:a:2 are versions of the same layer.
                    """)
    void refusesLayersThatAwsRefuses(String layers, String message) {
        List<String> arns = Stream.of(layers.split(" ")).map(layer -> "arn:aws:lambda:" + layer).toList();
        assertThatThrownBy(() -> LayerRules.require(CALLER, arns)).hasMessage(message);
        LayerRules.require(CALLER, arns.subList(0, 1).stream().map(arn -> arn.replace("eu-west-1", "us-east-1")).toList());
    }

    @Test
    void takesFromAnUpdateOnlyTheMembersOfItsOperation() {
        ObjectNode everything =
                body("{'Architectures':['arm64'],'PackageType':'Zip','CodeSigningConfigArn':'a','TenancyConfig':{},'VpcConfig':{}}");
        assertThat(FunctionMembers.ofConfiguration(CALLER, everything).otherMembers()).containsOnlyKeys("VpcConfig");
        assertThat(FunctionMembers.ofCode(everything)).isEqualTo(
                new SettingsChange(null, null, null, null, null, null, null,
                        Map.of("Architectures", "[\"arm64\"]", "SourceKMSKeyArn", "\"\"")));
    }

    @Test
    void refusesALongNameAsAServiceCheck() {
        String name = "n".repeat(65);
        assertThatThrownBy(() -> FunctionRequests.create(CALLER, body("{'FunctionName':'" + name + "'}")))
                .isInstanceOf(FunctionException.InvalidParameter.class)
                .hasMessage("1 validation error detected: Value '" + name + "' at 'functionName' failed to satisfy constraint: "
                        + "Member must have length less than or equal to 64");
    }

    @Test
    void refusesArnsOfAnotherRegionOrAccount() {
        assertThatThrownBy(
                () -> FunctionRequests.create(CALLER, body("{'FunctionName':'arn:aws:lambda:ap-southeast-1:111111111111:function:f'}")))
                .isInstanceOf(FunctionException.NotFound.class)
                .hasMessage("Functions from 'ap-southeast-1' are not reachable in this region ('us-east-1')");
        assertThatThrownBy(
                () -> FunctionRequests.create(CALLER, body("{'FunctionName':'arn:aws:lambda:us-east-1:123456789012:function:f'}")))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.ACCESS_DENIED))
                .hasMessage(null);
    }

    @Test
    void refusesCodeThatIsNoBase64() {
        assertThatThrownBy(() -> FunctionRequests.create(CALLER, body("{'Code':{'ZipFile':'%%%'}}")))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.SERIALIZATION));
    }

    @Test
    void readsAnUpdateOfCode() {
        FunctionRegistry.CodeUpdate update = FunctionRequests.updateCode(
                json("{'ZipFile':'emlw','DryRun':true,'Publish':true,'RevisionId':'r','Architectures':['arm64']}"));
        assertThat(((CodeSource.Zip) update.code()).bytes()).containsExactly('z', 'i', 'p');
        assertThat(update.dryRun() && update.publish()).isTrue();
        assertThat(update.revisionId()).isEqualTo("r");
        assertThat(update.settings().otherMembers()).containsKey("Architectures");
    }

    // localstack#91
    @Test
    void readsWhereCodeIsInABucket() {
        assertThat(FunctionRequests.create(CALLER, body("{'Code':{'S3Bucket':'code','S3Key':'k'}}")).code())
                .isEqualTo(new CodeSource.S3Object("code", "k", null));
        assertThat(FunctionRequests.updateCode(json("{'S3Bucket':'code','S3Key':'k','S3ObjectVersion':'7'}")).code())
                .isEqualTo(new CodeSource.S3Object("code", "k", "7"));
        assertThat(FunctionRequests.updateCode(json("{'S3Bucket':'code','S3Key':'k','ZipFile':null,'ImageUri':null}")).code())
                .isEqualTo(new CodeSource.S3Object("code", "k", null));
    }

    @Test
    void saysThatHalfABucketNeedsTheOtherHalf() {
        for (String half : new String[] {"{'S3Bucket':'code'}", "{'S3Key':'k'}", "{'S3ObjectVersion':'7'}"}) {
            assertThatThrownBy(() -> FunctionRequests.updateCode(json(half))).isInstanceOfSatisfying(ApiException.class,
                    e -> assertThat(e.hint()).isEqualTo("S3Bucket and S3Key are needed together."));
        }
        assertThatThrownBy(() -> FunctionRequests.updateCode(json("{}"))).isInstanceOfSatisfying(ApiException.class,
                e -> assertThat(e.hint()).isNull());
    }

    @ParameterizedTest
    @ValueSource(strings = {"java8.al2", "java25", "python3.12", "nodejs22.x", "provided.al2023"})
    void takesEveryRuntimeThatAwsTakes(String runtime) {
        assertThat(FunctionRequests.create(CALLER, body("{'Runtime':'" + runtime + "'}")).settings().runtime()).isEqualTo(runtime);
    }

    @Test
    void joinsFunctionNameAndQualifier() {
        assertThat(FunctionReferences.of(request("f", "1"))).isEqualTo(new FunctionReference(null, null, "f", "1"));
        assertThat(FunctionReferences.of(request("f:1", "1")).qualifier()).isEqualTo("1");
        assertThatThrownBy(() -> FunctionReferences.of(request("f:1", "2")))
                .hasMessage("The derived qualifier from the function name does not match the specified qualifier.");
    }

    @Test
    void refusesToDeleteLatestAndAliases() {
        assertThatThrownBy(() -> FunctionReferences.forDelete(request("f", "$LATEST")))
                .hasMessage("$LATEST version cannot be deleted without deleting the function.");
        assertThatThrownBy(() -> FunctionReferences.forDelete(request("f", "alias")))
                .hasMessage("Deletion of aliases is not currently supported.");
        assertThat(FunctionReferences.forDelete(request("f", "$latest")).qualifier()).isEqualTo("$latest");
        assertThat(FunctionReferences.forDelete(request("f", "12")).qualifier()).isEqualTo("12");
    }

    @Test
    void knowsEveryMemberOfTheContractsCreateRequest() {
        assertThat(Contract.load().strict().operation("CreateFunction").body().members().keySet()).containsExactlyInAnyOrder(
                "FunctionName", "Runtime", "Role", "Handler", "Code", "Description", "Timeout", "MemorySize", "Publish", "PackageType",
                "Environment", "SnapStart",
                "Layers", "FileSystemConfigs", "ImageConfig", "DeadLetterConfig", "CapacityProviderConfig", "DurableConfig",
                "TenancyConfig", "PublishTo",
                "VpcConfig", "KMSKeyArn", "TracingConfig", "Tags", "CodeSigningConfigArn", "Architectures", "EphemeralStorage",
                "LoggingConfig");
    }

    private static AwsRequest request(String name, String qualifier) {
        return new AwsRequest(CALLER, Map.of("FunctionName", List.of(name), "Qualifier", List.of(qualifier)), null, null);
    }

    private static ObjectNode body(String more) {
        ObjectNode body = json("{'FunctionName':'f','Role':'arn:aws:iam::111111111111:role/r','Runtime':'java21','Handler':'p.C::m',"
                + "'Code':{'ZipFile':'emlw'}}");
        body.setAll(json(more));
        return body;
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) Json.MAPPER.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
