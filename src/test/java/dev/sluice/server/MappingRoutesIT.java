package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.sluice.fixture.TestServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The five routes of mappings as a client without an SDK sees them. Nothing polls: the mappings are disabled. */
class MappingRoutesIT {

    private static final String MAPPINGS = "/2015-03-31/event-source-mappings";
    private static final String UNKNOWN = MAPPINGS + "/11111111-2222-3333-4444-555555555555";

    @TempDir
    private Path directory;
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start(directory, "localhost:1", Map.of());
        for (String function : List.of("orders", "invoices")) {
            server.given().body("{\"url\":\"http://localhost:1/\"}").when().put("/_sluice/functions/" + function).then().statusCode(200);
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aMappingFromCreateToDelete() {
        String uuid = create("orders", "topic");
        String path = MAPPINGS + "/" + uuid;
        awaitState(path, "Disabled");

        server.given().when().get(path)
                .then().statusCode(200)
                .body("UUID", equalTo(uuid))
                .body("EventSourceMappingArn", equalTo("arn:aws:lambda:us-east-1:000000000000:event-source-mapping:" + uuid))
                .body("FunctionArn", equalTo("arn:aws:lambda:us-east-1:000000000000:function:orders"))
                .body("EventSourceArn", equalTo(TestServer.CLUSTER)).body("Topics", contains("topic")).body("BatchSize", equalTo(100))
                .body("LastModified", notNullValue());
        server.given().body("{\"BatchSize\":7,\"FunctionName\":\"invoices\"}").when().put(path)
                .then().statusCode(202).body("UUID", equalTo(uuid)).body("State", equalTo("Updating")).body("BatchSize", equalTo(7));
        awaitState(path, "Disabled");
        server.given().when().get(MAPPINGS)
                .then().statusCode(200).body("EventSourceMappings.UUID", contains(uuid)).body("EventSourceMappings.BatchSize", contains(7))
                .body("NextMarker", nullValue());
        server.given().when().delete(path).then().statusCode(202).body("UUID", equalTo(uuid)).body("State", equalTo("Deleting"));
        await().atMost(TestServer.PATIENCE).until(() -> server.given().when().get(path).statusCode() == 404);
        server.given().when().get(MAPPINGS).then().statusCode(200).body("EventSourceMappings", empty());
    }

    @Test
    void aListIsReadPageByPageAndByFunctionOrSource() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(create(i < 3 ? "orders" : "invoices", "topic" + i));
        }

        List<String> read = new ArrayList<>();
        String marker = null;
        do {
            var page = server.given().when().get(MAPPINGS + "?MaxItems=2" + (marker == null ? "" : "&Marker=" + marker))
                    .then().statusCode(200).extract().jsonPath();
            read.addAll(page.getList("EventSourceMappings.UUID", String.class));
            marker = page.getString("NextMarker");
        } while (marker != null);
        assertThat(read).hasSize(5).hasSameElementsAs(new HashSet<>(all));
        server.given().when().get(MAPPINGS + "?FunctionName=invoices").then().statusCode(200).body("EventSourceMappings", hasSize(2));
        server.given().when().get(MAPPINGS + "?EventSourceArn=" + TestServer.CLUSTER + "&FunctionName=orders")
                .then().statusCode(200).body("EventSourceMappings", hasSize(3));
    }

    @Test
    void whatIsNotThereIsNotFoundInAwsWords() {
        String notFound = "{\"Type\":\"User\",\"Message\":\"The resource you requested does not exist.\"}";
        server.given().when().get(UNKNOWN).then().statusCode(404).body(equalTo(notFound));
        server.given().body("{\"BatchSize\":7}").when().put(UNKNOWN).then().statusCode(404).body(equalTo(notFound));
        server.given().when().delete(UNKNOWN).then().statusCode(404).body(equalTo(notFound));
    }

    @Test
    void whatIsRefusedChangesNothing() {
        String path = MAPPINGS + "/" + create("orders", "topic");
        awaitState(path, "Disabled");
        String before = server.given().when().get(path).asString();

        server.given().body("{\"BatchSize\":0}").when().put(path)
                .then().statusCode(400).header("x-amzn-ErrorType", "ValidationException");
        server.given().body("{\"FunctionName\":\"nobody\"}").when().put(path)
                .then().statusCode(400).header("x-amzn-ErrorType", "InvalidParameterValueException")
                .body(equalTo("{\"Type\":\"User\",\"message\":\"Function does not exist\"}"));
        server.given().body(members("orders", "topic")).when().post(MAPPINGS)
                .then().statusCode(409).header("x-amzn-ErrorType", "ResourceConflictException");

        server.given().when().get(path).then().statusCode(200).body(equalTo(before));
        server.given().when().get(MAPPINGS).then().body("EventSourceMappings", hasSize(1));
    }

    private String create(String function, String topic) {
        return server.given().body(members(function, topic)).when().post(MAPPINGS)
                .then().statusCode(202).extract().path("UUID");
    }

    private static String members(String function, String topic) {
        return "{\"FunctionName\":\"" + function + "\",\"EventSourceArn\":\"" + TestServer.CLUSTER + "\",\"Topics\":[\"" + topic
                + "\"],\"StartingPosition\":\"LATEST\",\"Enabled\":false}";
    }

    private void awaitState(String path, String state) {
        await().atMost(TestServer.PATIENCE).until(() -> server.given().when().get(path).path("State").equals(state));
    }
}
