package dev.sluice.api.function;

import static dev.sluice.fixture.FunctionDefinitions.aFunction;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.contract.ContractDocument;
import dev.sluice.api.http.Json;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.SnapStart;
import dev.sluice.resource.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forms as recorded in localstack's snapshots where the comment doesn't say otherwise. */
class FunctionExtrasTest {

    private static final Scope CALLER = new Scope("111111111111", "us-east-1");
    private static final String LAYER = "arn:aws:lambda:us-east-1:111111111111:layer:l:1";

    // The VPC of a subnet is EC2's to know; ours is made up.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~',
            textBlock = """
                    VpcConfig              | {"SubnetIds":["s1"],"SecurityGroupIds":["g1"]} | {"SubnetIds":["s1"],"SecurityGroupIds":["g1"],"Ipv6AllowedForDualStack":false,"VpcId":"vpc-00000000000000000"}
                    VpcConfig              | {"SubnetIds":[],"SecurityGroupIds":[]}         | {"SubnetIds":[],"SecurityGroupIds":[],"Ipv6AllowedForDualStack":false,"VpcId":""}
                    VpcConfig              | {"SubnetIds":["s1"],"SecurityGroupIds":["g1"],"Ipv6AllowedForDualStack":true} | {"SubnetIds":["s1"],"SecurityGroupIds":["g1"],"Ipv6AllowedForDualStack":true,"VpcId":"vpc-00000000000000000"}
                    LoggingConfig          | {"LogFormat":"JSON"}                           | {"LogFormat":"JSON","ApplicationLogLevel":"INFO","SystemLogLevel":"INFO","LogGroup":"/aws/lambda/f"}
                    LoggingConfig          | {"LogFormat":"JSON","SystemLogLevel":"WARN","LogGroup":"g"} | {"LogFormat":"JSON","ApplicationLogLevel":"INFO","SystemLogLevel":"WARN","LogGroup":"g"}
                    LoggingConfig          | {"LogGroup":"g"}                               | {"LogFormat":"Text","LogGroup":"g"}
                    SnapStart              | {"ApplyOn":"PublishedVersions"}                | {"ApplyOn":"PublishedVersions","OptimizationStatus":"Off"}
                    TracingConfig          | {"Mode":"Active"}                              | {"Mode":"Active"}
                    TracingConfig          | {}                                             | {"Mode":"PassThrough"}
                    EphemeralStorage       | {"Size":1024}                                  | {"Size":1024}
                    Architectures          | ["arm64"]                                      | ["arm64"]
                    Layers                 | ["arn:aws:lambda:us-east-1:1:layer:l:1"]       | [{"Arn":"arn:aws:lambda:us-east-1:1:layer:l:1","CodeSize":0}]
                    FileSystemConfigs      | [{"Arn":"a","LocalMountPath":"/mnt/a"}]        | [{"Arn":"a","LocalMountPath":"/mnt/a"}]
                    DeadLetterConfig       | {"TargetArn":"arn:aws:sqs:us-east-1:1:q"}      | {"TargetArn":"arn:aws:sqs:us-east-1:1:q"}
                    KMSKeyArn              | "arn:aws:kms:us-east-1:1:key/k"                | "arn:aws:kms:us-east-1:1:key/k"
                    DurableConfig          | {"RetentionPeriodInDays":7}                    | {"RetentionPeriodInDays":7}
                    TenancyConfig          | {"TenantIsolationMode":"PER_TENANT"}           | {"TenantIsolationMode":"PER_TENANT"}
                    CapacityProviderConfig | {"LambdaManagedInstancesCapacityProviderConfig":{"CapacityProviderArn":"a"}} | {"LambdaManagedInstancesCapacityProviderConfig":{"CapacityProviderArn":"a"}}
                    """)
    void returnsWhatWasSaidInTheFormOfAnAnswer(String member, String said, String returned) {
        assertThat(written(Map.of(member, said)).get(member)).hasToString(returned);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            Layers            | []
            FileSystemConfigs | []
            DeadLetterConfig  | {"TargetArn":""}
            KMSKeyArn         | ""
            ImageConfig       | {}
            """)
    void leavesOutWhatWasClearedAndWhatWasNeverSaid(String member, String cleared) {
        ObjectNode after = written(Map.of(member, cleared));
        assertThat(after).isEqualTo(written(Map.of()));
        assertThat(after.has(member) || after.has("VpcConfig") || after.has("ImageConfigResponse")).isFalse();
    }

    @Test
    void writesTheConfigurationOfAnImageUnderAnotherName() {
        ObjectNode written = written(Map.of("PackageType", "\"Image\"", "ImageConfig", "{\"Command\":[\"c\"]}"));
        assertThat(written.get("ImageConfigResponse")).hasToString("{\"ImageConfig\":{\"Command\":[\"c\"]}}");
        assertThat(written.get("PackageType").asText()).isEqualTo("Image");
    }

    @Test
    void snapStartIsOnForPublishedVersionsOnly() {
        FunctionVersion one = aFunction("f").snapStart(SnapStart.PUBLISHED_VERSIONS).published(1).build().version("1").orElseThrow();

        assertThat(written(one).get("SnapStart")).hasToString("{\"ApplyOn\":\"PublishedVersions\",\"OptimizationStatus\":\"On\"}");
    }

    @Test
    void everyFormIsOneOfTheContract() throws Exception {
        Map<String,
                String> everything = new LinkedHashMap<>(Map.of("VpcConfig", "{\"SubnetIds\":[\"s\"],\"SecurityGroupIds\":[\"g\"]}",
                        "Layers", "[\"" + LAYER + "\"]",
                        "DeadLetterConfig", "{\"TargetArn\":\"t\"}", "KMSKeyArn", "\"k\"", "LoggingConfig", "{\"LogFormat\":\"JSON\"}",
                        "ImageConfig", "{\"WorkingDirectory\":\"/\"}", "DurableConfig", "{\"ExecutionTimeout\":1}"));
        assertOfContract(written(everything), ContractDocument.schema("FunctionConfiguration"), "");
    }

    @Test
    void namesWhatHasNoEffectHere() {
        assertThat(WithoutEffect
                .in(version(Map.of("VpcConfig", "{\"SubnetIds\":[\"s\"],\"SecurityGroupIds\":[\"g\"]}", "Layers", "[]", "SnapStart",
                        "{\"ApplyOn\":\"None\"}",
                        "DeadLetterConfig", "{\"TargetArn\":\"\"}"))))
                .isEmpty();
        assertThat(WithoutEffect.in(version(Map.of("Layers", "[\"" + LAYER + "\"]", "SnapStart", "{\"ApplyOn\":\"PublishedVersions\"}",
                "DurableConfig", "{\"ExecutionTimeout\":1}")))).isEqualTo(List.of("SnapStart", "DurableConfig"));
        assertThat(WithoutEffect.in(aFunction("f").url("http://localhost:1").layers("l").build().latest()))
                .isEqualTo(List.of("Layers"));
        assertThat(
                WithoutEffect.in(aFunction("f").code(new FunctionCode.Archive("hash", 1)).layers("l").build()
                        .latest()))
                .isEmpty();
    }

    private static void assertOfContract(JsonNode node, JsonNode schema, String path) {
        JsonNode resolved = schema.has("$ref") ? ContractDocument.schema(schema.get("$ref").asText().replaceAll(".*/", "")) : schema;
        if (node.isObject()) {
            node.properties().forEach(member -> {
                assertThat(resolved.path("properties").has(member.getKey())).as(path + "." + member.getKey()).isTrue();
                assertOfContract(member.getValue(), resolved.path("properties").get(member.getKey()), path + "." + member.getKey());
            });
        } else {
            assertThat(resolved.path("type").asText()).as(path).isEqualTo(
                    node.isArray() ? "array" : node.isTextual() ? "string" : node.isBoolean() ? "boolean" : "integer");
            node.forEach(element -> assertOfContract(element, resolved.path("items"), path + "[]"));
        }
    }

    private static ObjectNode written(Map<String, String> said) {
        return written(version(said));
    }

    private static ObjectNode written(FunctionVersion version) {
        ObjectNode document = Json.MAPPER.createObjectNode();
        new FunctionExtras(version).addTo(document);
        return document;
    }

    private static FunctionVersion version(Map<String, String> said) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        said.forEach((member, json) -> {
            try {
                body.set(member, Json.MAPPER.readTree(json));
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(json, e);
            }
        });
        return aFunction("f").said(FunctionMembers.ofCreate(CALLER, body)).build().latest();
    }
}
