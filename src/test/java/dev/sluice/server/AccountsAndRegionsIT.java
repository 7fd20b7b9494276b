package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.PrintingHandler;
import dev.sluice.fixture.TestServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That accounts and regions don't see each other's functions and mappings, whatever a caller writes. */
class AccountsAndRegionsIT {

    private static final String FUNCTIONS = "/2015-03-31/functions";
    private static final String MAPPINGS = "/2015-03-31/event-source-mappings";

    @TempDir
    private static Path directory;
    private static TestServer server;
    private static String zip;

    /** Who asks. */
    private record Caller(String account, String region) {

        String arn(String function) {
            return "arn:aws:lambda:" + region + ":" + account + ":function:" + function;
        }

        HttpResponse<String> send(String method, String path, String body) {
            return server.sendAs(account, region, method, path, body);
        }

        HttpResponse<String> createFunction(String name) {
            return send("POST", FUNCTIONS, "{\"FunctionName\":\"" + name + "\",\"Role\":\"arn:aws:iam::111111111111:role/r\","
                    + "\"Runtime\":\"java17\",\"Handler\":\"" + PrintingHandler.HANDLER + "\",\"Code\":{\"ZipFile\":\"" + zip + "\"}}");
        }

        HttpResponse<String> createMapping(String function, String topic) {
            return send("POST", MAPPINGS, "{\"FunctionName\":\"" + function + "\",\"Topics\":[\"" + topic + "\"],\"EventSourceArn\":\""
                    + TestServer.CLUSTER + "\",\"StartingPosition\":\"LATEST\",\"Enabled\":false}");
        }
    }

    private static final Caller OWNER = new Caller("111111111111", "us-east-1");
    private static final Caller OTHER_ACCOUNT = new Caller("222222222222", "us-east-1");
    private static final Caller OTHER_REGION = new Caller("111111111111", "eu-west-1");

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(directory.resolve("data"), "localhost:1", Map.of());
        zip = Base64.getEncoder().encodeToString(PrintingHandler.jar(directory, 1));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aFunctionIsSeenChangedAndInvokedByItsOwnAccountAndRegionOnly() {
        assertThat(OWNER.createFunction("own").statusCode()).isEqualTo(201);
        for (Caller other : List.of(OTHER_ACCOUNT, OTHER_REGION)) {
            String missing = "{\"Type\":\"User\",\"Message\":\"Function not found: " + other.arn("own");
            assertThat(other.send("GET", FUNCTIONS + "/own", null).body()).isEqualTo(missing + "\"}");
            assertThat(other.send("GET", FUNCTIONS + "/own/configuration", null).body()).isEqualTo(missing + "\"}");
            assertThat(other.send("PUT", FUNCTIONS + "/own/code", "{\"ZipFile\":\"" + zip + "\"}").body()).isEqualTo(missing + "\"}");
            assertThat(other.send("DELETE", FUNCTIONS + "/own", null).body()).isEqualTo(missing + "\"}");
            assertThat(other.send("POST", FUNCTIONS + "/own/invocations", "{}").body()).isEqualTo(missing + ":$LATEST\"}");
            assertThat(other.send("GET", FUNCTIONS, null).body()).doesNotContain("own");
        }
        assertThat(OWNER.send("GET", FUNCTIONS + "/own", null).body()).contains(OWNER.arn("own"));
        assertThat(OWNER.send("GET", FUNCTIONS, null).body()).contains(OWNER.arn("own"));
        assertThat(OWNER.send("POST", FUNCTIONS + "/own/invocations", "{}").headers().firstValue("X-Amz-Executed-Version")).isPresent();
    }

    @Test
    void theSameNameIsAnotherFunctionInEveryAccountAndRegion() {
        for (Caller caller : List.of(OWNER, OTHER_ACCOUNT, OTHER_REGION)) {
            HttpResponse<String> created = caller.createFunction("everywhere");
            assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
            assertThat(created.body()).contains(caller.arn("everywhere"));
        }
        assertThat(OTHER_ACCOUNT.send("DELETE", FUNCTIONS + "/everywhere", null).statusCode()).isEqualTo(204);
        assertThat(OTHER_ACCOUNT.send("GET", FUNCTIONS + "/everywhere", null).statusCode()).isEqualTo(404);
        assertThat(OWNER.send("GET", FUNCTIONS + "/everywhere", null).statusCode()).isEqualTo(200);
        assertThat(OTHER_REGION.send("GET", FUNCTIONS + "/everywhere", null).statusCode()).isEqualTo(200);
    }

    @Test
    void aMappingIsSeenAndChangedByItsOwnAccountAndRegionOnly() {
        for (Caller caller : List.of(OWNER, OTHER_ACCOUNT, OTHER_REGION)) {
            assertThat(caller.createFunction("mapped").statusCode()).isEqualTo(201);
        }
        String uuid = server.uuid(OWNER.createMapping("mapped", "orders"));
        for (Caller other : List.of(OTHER_ACCOUNT, OTHER_REGION)) {
            String path = MAPPINGS + "/" + uuid;
            for (HttpResponse<String> answer : List.of(other.send("GET", path, null), other.send("PUT", path, "{\"BatchSize\":7}"),
                    other.send("DELETE", path, null))) {
                assertThat(answer.body()).isEqualTo("{\"Type\":\"User\",\"Message\":\"The resource you requested does not exist.\"}");
            }
            assertThat(other.send("GET", MAPPINGS, null).body()).doesNotContain(uuid);
            assertThat(other.send("GET", MAPPINGS + "?FunctionName=" + OWNER.arn("mapped"), null).body())
                    .isEqualTo("{\"EventSourceMappings\":[]}");
            // The same source and name: no duplicate, since it is another function.
            assertThat(other.createMapping("mapped", "orders").statusCode()).isEqualTo(202);
        }
        assertThat(OWNER.send("GET", MAPPINGS + "/" + uuid, null).body()).contains("\"BatchSize\":100");
    }

    @Test
    void aMappingNeverReachesAFunctionOfAnotherAccountOrRegion() {
        assertThat(OWNER.createFunction("wanted").statusCode()).isEqualTo(201);
        for (Caller other : List.of(OTHER_ACCOUNT, OTHER_REGION)) {
            assertThat(other.createFunction("mine").statusCode()).isEqualTo(201);
            String refusal = other.region().equals(OWNER.region()) ? "{\"Type\":\"User\",\"message\":\"Function does not exist\"}"
                    : "{\"Type\":\"User\",\"Message\":\"Functions from 'us-east-1' are not reachable in this region ('eu-west-1')\"}";
            assertThat(other.createMapping(OWNER.arn("wanted"), "wanted").body()).isEqualTo(refusal);
            String uuid = server.uuid(other.createMapping("mine", "mine"));
            assertThat(other.send("PUT", MAPPINGS + "/" + uuid, "{\"FunctionName\":\"" + OWNER.arn("wanted") + "\"}").body())
                    .isEqualTo(refusal);
        }
    }

    @Test
    void whoeverIsRefusedWhatAnotherAccountOrRegionHasIsToldSoInTheHeader() {
        assertThat(OWNER.createFunction("hinted").statusCode()).isEqualTo(201);
        String uuid = server.uuid(OWNER.createMapping("hinted", "hinted"));
        for (Caller other : List.of(OTHER_ACCOUNT, OTHER_REGION)) {
            String function = "Function hinted was not found in account " + other.account() + ", region " + other.region()
                    + ", but exists in account 111111111111, region us-east-1. ";
            for (HttpResponse<String> answer : List.of(other.send("GET", FUNCTIONS + "/hinted", null),
                    other.send("GET", FUNCTIONS + "/hinted/configuration", null), other.send("DELETE", FUNCTIONS + "/hinted", null),
                    other.send("POST", FUNCTIONS + "/hinted/invocations", "{}"), other.send("GET", FUNCTIONS + "/hinted/versions", null),
                    other.send("PUT", FUNCTIONS + "/hinted/configuration", "{\"Timeout\":9}"),
                    other.send("PUT", FUNCTIONS + "/hinted/code", "{\"ZipFile\":\"" + zip + "\"}"),
                    other.send("GET", FUNCTIONS + "/hinted/aliases", null), other.createMapping("hinted", "topic"))) {
                assertThat(answer.headers().firstValue("X-Sluice-Hint").orElse("")).as(answer.body())
                        .startsWith(function);
            }
            for (String method : List.of("GET", "PUT", "DELETE")) {
                HttpResponse<String> answer = other.send(method, MAPPINGS + "/" + uuid, method.equals("PUT") ? "{\"BatchSize\":7}" : null);
                assertThat(answer.headers().firstValue("X-Sluice-Hint").orElse("")).as(method)
                        .startsWith("Mapping " + uuid + " exists in account 111111111111, region us-east-1; ");
            }
        }
        assertThat(server.send("GET", "/_sluice/hints", null).body()).contains("\"message\":\"Function does not exist\"",
                "but exists in account");
    }

    @ParameterizedTest
    @CsvSource({"GET, ''", "GET, /configuration", "PUT, /code", "DELETE, ''", "POST, /invocations"})
    void answersArnsOfOtherRegionsAccountsAndPartitionsAsAwsDoes(String method, String rest) {
        String body = "GET".equals(method) || "DELETE".equals(method) ? null : "{\"ZipFile\":\"" + zip + "\"}";
        HttpResponse<String> region = OWNER.send(method, FUNCTIONS + "/" + OTHER_REGION.arn("f") + rest, body);
        assertThat(region.statusCode()).isEqualTo(404);
        assertThat(region.body()).isEqualTo(
                "{\"Type\":\"User\",\"Message\":\"Functions from 'eu-west-1' are not reachable in this region ('us-east-1')\"}");
        HttpResponse<String> account = OWNER.send(method, FUNCTIONS + "/" + OTHER_ACCOUNT.arn("f") + rest, body);
        assertThat(account.statusCode()).isEqualTo(403);
        assertThat(account.body()).isEqualTo("{\"message\":null}");
        assertThat(account.headers().firstValue("x-amzn-ErrorType")).hasValue("AccessDeniedException");
        String chinese = OWNER.arn("f").replace("arn:aws:", "arn:aws-cn:");
        HttpResponse<String> partition = OWNER.send(method, FUNCTIONS + "/" + chinese + rest, body);
        assertThat(partition.statusCode()).isEqualTo(404);
        assertThat(partition.body()).isEqualTo("{\"Type\":\"User\",\"Message\":\"Function not found: " + chinese + "\"}");
    }

    @Test
    void noRequestReachesAFunctionByAnArnOfAnotherPartition() {
        assertThat(OWNER.createFunction("here").statusCode()).isEqualTo(201);
        String chinese = OWNER.arn("here").replace("arn:aws:", "arn:aws-cn:");
        String notFound = "{\"Type\":\"User\",\"Message\":\"Function not found: " + chinese + "\"}";
        assertThat(OWNER.createFunction(chinese).body()).isEqualTo(notFound);
        assertThat(OWNER.send("GET", "/2017-03-31/tags/" + chinese, null).body()).isEqualTo(notFound);

        String uuid = server.uuid(OWNER.createMapping("here", "partitions"));
        String noFunction = "{\"Type\":\"User\",\"message\":\"Function does not exist\"}";
        assertThat(OWNER.createMapping(chinese, "partitions-2").body()).isEqualTo(noFunction);
        assertThat(OWNER.send("PUT", MAPPINGS + "/" + uuid, "{\"FunctionName\":\"" + chinese + "\"}").body()).isEqualTo(noFunction);
        assertThat(OWNER.send("GET", MAPPINGS + "?FunctionName=" + chinese, null).body()).isEqualTo("{\"EventSourceMappings\":[]}");
    }

    @ParameterizedTest
    @CsvSource({"cn-north-1, aws-cn", "us-gov-west-1, aws-us-gov", "us-isob-east-1, aws-iso-b", "eusc-de-east-1, aws-eusc"})
    void namesThePartitionOfARegionInItsArns(String region, String partition) {
        Caller caller = new Caller("111111111111", region);
        assertThat(caller.createFunction("f").body()).contains("arn:" + partition + ":lambda:" + region + ":111111111111:function:f");
        HttpResponse<String> created = caller.createMapping("f", "orders");
        assertThat(created.body()).contains("arn:" + partition + ":lambda:" + region + ":111111111111:function:f");
        assertThat(caller.send("GET", FUNCTIONS + "/arn:" + partition + ":lambda:" + region + ":111111111111:function:f", null)
                .statusCode()).isEqualTo(200);
    }
}
