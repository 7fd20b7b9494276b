package dev.sluice.api.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.contract.ContractDocument;
import dev.sluice.api.http.Json;
import dev.sluice.function.ClassPathEntry;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionDefinition.Origin;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.FunctionVersion;
import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.Scope;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FunctionDocumentTest {

    private static final Scope CALLER = new Scope("111111111111", "eu-west-1");
    private static final FunctionSettings JAVA = new FunctionSettings("java21", "p.C", "arn:aws:iam::111111111111:role/r", "",
            FunctionSettings.DEFAULT_TIMEOUT, FunctionSettings.DEFAULT_MEMORY_MB, Map.of());

    @Test
    void writesACreatedFunctionAsRecorded() {
        String text = text(document(new FunctionCode.Archive("c2hh", 42), JAVA).pending("unseen"))
                .replaceAll("::runtime:[0-9a-f]{64}", "::runtime:HASH");
        assertThat(text)
                .isEqualTo("{'FunctionName':'f','FunctionArn':'arn:aws:lambda:eu-west-1:111111111111:function:f','Runtime':'java21',"
                        + "'Role':'arn:aws:iam::111111111111:role/r','Handler':'p.C','CodeSize':42,'Description':'','Timeout':3,'MemorySize':128,"
                        + "'LastModified':'2019-09-24T18:20:35.054+0000','CodeSha256':'c2hh','Version':'$LATEST','RevisionId':'unseen',"
                        + "'PackageType':'Zip','Architectures':['x86_64'],"
                        + "'EphemeralStorage':{'Size':512},'TracingConfig':{'Mode':'PassThrough'},'SnapStart':{'ApplyOn':'None','OptimizationStatus':'Off'},"
                        + "'LoggingConfig':{'LogFormat':'Text','LogGroup':'/aws/lambda/f'},"
                        + "'RuntimeVersionConfig':{'RuntimeVersionArn':'arn:aws:lambda:eu-west-1::runtime:HASH'},'State':'Pending',"
                        + "'StateReason':'The function is being created.','StateReasonCode':'Creating'}");
    }

    @Test
    void namesThePlaceOfTheCode() {
        assertThat(location(new FunctionCode.Archive("c2hh", 42))).isEqualTo("urn:sluice:archive:c2hh");
        assertThat(location(new FunctionCode.LocalJar(Path.of("/opt/f.jar")))).isEqualTo("file:///opt/f.jar");
        assertThat(location(FunctionCode.LocalTree.ofDirectory(Path.of("/opt/a b")))).isEqualTo("file:///opt/a%20b");
        assertThat(location(new FunctionCode.LocalTree(List.of(new ClassPathEntry(Path.of("/opt"), null),
                new ClassPathEntry(Path.of("/opt/lib"), "*.jar"))))).isEqualTo("file:///opt,file:///opt/lib/*.jar");
        assertThat(location(new FunctionCode.HttpEndpoint(URI.create("http://localhost:1/f"), false))).isEqualTo("http://localhost:1/f");
        assertThat(location(new FunctionCode.LocalDirectory(Path.of("/opt/a b"), List.of("node", "x")))).isEqualTo("file:///opt/a%20b");
        assertThat(location(new FunctionCode.Attached())).isEqualTo("urn:sluice:attached");
        assertThat(Stream.of(FunctionCode.class.getPermittedSubclasses())).hasSize(7);
    }

    @Test
    void leavesOutWhatAnEndpointHasNot() {
        FunctionSettings bare = new FunctionSettings(null, null, null, "", Duration.ofSeconds(60), 128, Map.of("B", "2", "A", "1"));
        ObjectNode document = document(new FunctionCode.HttpEndpoint(URI.create("http://localhost:1/f"), false), bare).active();
        assertThat(document.has("Runtime") || document.has("Handler") || document.has("Role") || document.has("RuntimeVersionConfig"))
                .isFalse();
        assertThat(document.path("FunctionArn").asText()).endsWith(":function:f");
        assertThat(document.path("LastUpdateStatus").asText()).isEqualTo("Successful");
        assertThat(text((ObjectNode) document.get("Environment"))).isEqualTo("{'Variables':{'A':'1','B':'2'}}");
        assertThat(document.path("CodeSha256").asText()).hasSize(44);
    }

    @Test
    void showsCodeThatRunsInAProcessAsAZipOfTheRuntimeThatWasSaid() {
        FunctionSettings python =
                new FunctionSettings("python3.12", "app.handler", null, "", FunctionSettings.DEFAULT_TIMEOUT, 128, Map.of());
        FunctionSettings bare = new FunctionSettings(null, null, null, "", FunctionSettings.DEFAULT_TIMEOUT, 128, Map.of());
        for (FunctionCode code : List.of(new FunctionCode.LocalDirectory(Path.of("/opt/a"), List.of()), new FunctionCode.Attached())) {
            ObjectNode document = document(code, python).active();
            assertThat(document.path("Runtime").asText()).isEqualTo("python3.12");
            assertThat(document.path("PackageType").asText()).isEqualTo("Zip");
            assertThat(document.path("CodeSize").asInt(-1)).isZero();
            assertThat(document.path("CodeSha256").asText()).hasSize(44);
            assertThat(document(code, bare).active().has("Runtime")).isFalse();
        }
    }

    @Test
    void listsFunctionsWithoutStates() {
        ObjectNode document = document(new FunctionCode.Archive("c2hh", 42), JAVA).listed();
        assertThat(document.has("State") || document.has("LastUpdateStatus") || document.has("RuntimeVersionConfig")).isFalse();
    }

    @Test
    void writesOnlyMembersOfTheContract() {
        var schema = ContractDocument.schema("FunctionConfiguration").path("properties");
        document(new FunctionCode.Archive("c2hh", 42), JAVA).active().fieldNames()
                .forEachRemaining(member -> assertThat(schema.has(member)).as(member).isTrue());
    }

    private static String location(FunctionCode code) {
        return document(code, JAVA).withCode(new FunctionDefinition(null, Origin.LAMBDA_API, version(code, JAVA))).path("Code")
                .path("Location").asText();
    }

    private static FunctionDocument document(FunctionCode code, FunctionSettings settings) {
        return new FunctionDocument(version(code, settings), new FunctionArn(CALLER, "f", null));
    }

    private static FunctionVersion version(FunctionCode code, FunctionSettings settings) {
        return FunctionVersion.latest("f", code, settings, Instant.parse("2019-09-24T18:20:35.054Z"), "r1");
    }

    private static String text(ObjectNode node) {
        return new String(Json.bytes(node), StandardCharsets.UTF_8).replace('"', '\'');
    }
}
