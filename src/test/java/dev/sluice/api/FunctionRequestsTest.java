package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.function.FunctionException;
import dev.sluice.function.Functions;
import dev.sluice.mapping.FunctionReference;
import dev.sluice.mapping.Scope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionRequestsTest {

    private static final Scope CALLER = new Scope("111111111111", "us-east-1");

    @Test
    void readsACreateRequest() {
        Functions.Create create = FunctionRequests.create(CALLER, body("{'FunctionName':"
                + "'arn:aws:lambda:us-east-1:111111111111:function:f','Description':'d','Timeout':60,'MemorySize':512,"
                + "'Environment':{'Variables':{'A':'1'}}}"));
        assertThat(create.name()).isEqualTo("f");
        assertThat(create.zip()).containsExactly('z', 'i', 'p');
        assertThat(create.runtime()).isEqualTo("java21");
        assertThat(create.handler()).isEqualTo("p.C::m");
        assertThat(create.timeoutSeconds()).isEqualTo(60);
        assertThat(create.memoryMb()).isEqualTo(512);
        assertThat(create.environment()).isEqualTo(Map.of("A", "1"));
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", quoteCharacter = '~', textBlock = """
        {"Runtime":"python3.7"} | The runtime parameter of python3.7 is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.
        {"Runtime":"python3.12"} | Sluice can't run python3.12 yet; it runs java11, java17, java21, java25, java8.al2.
        {"Handler":null} | Runtime and Handler are mandatory parameters for functions created with deployment packages.
        {"Code":{}} | Please provide a source for function code.
        {"Code":{"S3Bucket":"b","S3Key":"k"}} | Code.S3Bucket is given; Sluice takes code only as a ZipFile yet.
        {"Code":{"ImageUri":"i"}} | Code.ImageUri is given; Sluice takes code only as a ZipFile yet.
        {"PackageType":"Image"} | PackageType is Image; Sluice takes code only as a ZipFile yet.
        {"Publish":true} | Sluice can't publish versions yet; allowed for Publish is false.
        {"SnapStart":{"ApplyOn":"PublishedVersions"}} | Sluice has no SnapStart; allowed for SnapStart.ApplyOn is None.
        {"Layers":["arn:aws:lambda:us-east-1:111111111111:layer:l:1"]} | Sluice does not support Layers of a function yet; leave it out.
        {"FileSystemConfigs":[{"Arn":"a"}]} | Sluice does not support FileSystemConfigs of a function yet; leave it out.
        {"ImageConfig":{"WorkingDirectory":"/"}} | Sluice does not support ImageConfig of a function yet; leave it out.
        {"DeadLetterConfig":{"TargetArn":"arn:aws:sqs:us-east-1:1:q"}} | Sluice does not support DeadLetterConfig of a function yet; leave it out.
        """)
    void refusesWhatWouldChangeTheFunction(String more, String message) {
        assertThatThrownBy(() -> FunctionRequests.create(CALLER, body(more))).isInstanceOfSatisfying(ApiException.class,
                e -> assertThat(e.type()).isEqualTo(ErrorType.INVALID_PARAMETER_VALUE)).hasMessage(message);
    }

    @Test
    void refusesAnUnknownRuntimeInAwsWords() {
        assertThatThrownBy(() -> FunctionRequests.create(CALLER, body("{'Runtime':'cobol'}")))
                .hasMessageStartingWith("Value cobol at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [")
                .hasMessageEndingWith("] or be a valid ARN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'TracingConfig':{'Mode':'Active'}}", "{'Tags':{'a':'b'}}", "{'Publish':false}", "{'Architectures':['arm64']}",
        "{'EphemeralStorage':{'Size':1024}}", "{'LoggingConfig':{'LogFormat':'JSON'}}", "{'SnapStart':{'ApplyOn':'None'}}",
        "{'VpcConfig':{'SubnetIds':['subnet-1']}}", "{'KMSKeyArn':'arn:aws:kms:k'}", "{'DeadLetterConfig':{'TargetArn':''}}",
        "{'Layers':[]}", "{'Runtime':'java8.al2'}", "{'Runtime':'java25'}"})
    void takesWhatCanNotChangeTheFunctionHere(String more) {
        assertThatCode(() -> FunctionRequests.create(CALLER, body(more))).doesNotThrowAnyException();
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
        assertThatThrownBy(() -> FunctionRequests.create(CALLER, body("{'FunctionName':'arn:aws:lambda:ap-southeast-1:111111111111:function:f'}")))
                .isInstanceOf(FunctionException.NotFound.class)
                .hasMessage("Functions from 'ap-southeast-1' are not reachable in this region ('us-east-1')");
        assertThatThrownBy(() -> FunctionRequests.create(CALLER, body("{'FunctionName':'arn:aws:lambda:us-east-1:123456789012:function:f'}")))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.ACCESS_DENIED))
                .hasMessage(null);
    }

    @Test
    void refusesCodeThatIsNoBase64() {
        assertThatThrownBy(() -> FunctionRequests.create(CALLER, body("{'Code':{'ZipFile':'%%%'}}")))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.SERIALIZATION));
    }

    @Test
    void refusesADryRunOfUpdateFunctionCode() {
        assertThat(FunctionRequests.updatedCode(json("{'ZipFile':'emlw'}"))).containsExactly('z', 'i', 'p');
        assertThatThrownBy(() -> FunctionRequests.updatedCode(json("{'ZipFile':'emlw','DryRun':true}"))).hasMessageContaining("DryRun");
        assertThatThrownBy(() -> FunctionRequests.updatedCode(json("{'S3Bucket':'b'}"))).hasMessageStartingWith("S3Bucket is given");
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
