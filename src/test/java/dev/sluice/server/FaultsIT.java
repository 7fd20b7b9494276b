package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a test can have come over a function, make, empty and hear, by the control API. */
class FaultsIT {

    private static final String FAULTS = "/_sluice/functions/f/faults";

    private static final String EVENT =
            "{\"records\":{\"t-0\":[{\"topic\":\"t\",\"partition\":0,\"offset\":0,\"value\":\"dg==\"}]}}";

    @TempDir
    private Path directory;
    private final HandlerEndpoint handler = new HandlerEndpoint();
    private final TestKafka kafka = TestKafka.shared();
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start(directory.resolve("data"), kafka.bootstrapServers(), Map.of("allowReset", "true"));
        server.function("f", handler);
    }

    @AfterEach
    void stop() {
        server.close();
        handler.close();
    }

    @Test
    void anInvocationFailsWithoutTheFunctionHavingSeenIt() {
        server.given().body("{\"kind\":\"error\",\"message\":\"not today\"}").when().post(FAULTS).then().statusCode(200)
                .body("faults", equalTo(1));
        server.given().body("{\"kind\":\"throttle\",\"times\":2}").when().post(FAULTS).then().statusCode(200).body("faults", equalTo(3));

        server.given().body(EVENT).when().post("/2015-03-31/functions/f/invocations").then().statusCode(200)
                .header("X-Amz-Function-Error", "Unhandled").body("errorMessage", equalTo("not today"))
                .body("errorType", equalTo("Sluice.InjectedFault"));
        server.given().body(EVENT).when().post("/2015-03-31/functions/f/invocations").then().statusCode(429);
        assertThat(handler.values()).isEmpty();

        server.given().when().delete(FAULTS).then().statusCode(204);
        server.given().body(EVENT).when().post("/2015-03-31/functions/f/invocations").then().statusCode(200);
        assertThat(handler.values()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "{}|kind is missing; allowed is error, throttle or delay",
            "{\"kind\":\"rain\"}|kind is 'rain'; allowed is error, throttle or delay",
            "{\"kind\":\"error\",\"times\":0}|times is 0; allowed is a whole number from 1 to 10000",
            "{\"kind\":\"delay\"}|millis is missing",
            "{\"kind\":\"delay\",\"millis\":900001}|millis is 900001; allowed is a whole number from 1 to 900000",
            "{\"kind\":\"throttle\",\"message\":\"x\"}|Unknown member message"})
    void whatIsNoFaultIsRefused(String body, String reason) {
        server.given().body(body).when().post(FAULTS).then().statusCode(400).body("message", containsString(reason));
    }

    @Test
    void aFunctionThatIsNotThereHasNone() {
        server.given().body("{\"kind\":\"error\"}").when().post("/_sluice/functions/nobody/faults").then().statusCode(404)
                .body("message", containsString("There is no function 'nobody'"));
    }

    @Test
    void aTopicIsMadeAndEmptied() {
        String topic = TestKafka.topicName("emptied");
        server.given().body("{\"partitions\":2}").when().put("/_sluice/topics/" + topic).then().statusCode(201);
        server.given().body("{\"partitions\":3}").when().put("/_sluice/topics/" + topic).then().statusCode(200)
                .body("made", equalTo(false));
        server.given().body("{\"partitions\":0}").when().put("/_sluice/topics/" + topic).then().statusCode(400)
                .body("message", containsString("partitions is 0; allowed is a whole number from 1 to 1000"));
        server.given().body("{\"partition\":1,\"value\":\"v\",\"timestamp\":\"2026-01-31T12:00:00Z\"}").when()
                .post("/_sluice/topics/" + topic + "/records").then().statusCode(200);
        server.given().when().get("/_sluice/topics/" + topic + "/records?from=beginning").then()
                .body("records[0].timestamp", equalTo("2026-01-31T12:00:00Z"));
        server.given().when().delete("/_sluice/topics/" + topic + "/records").then().statusCode(200)
                .body("partitions.begin", equalTo(List.of(0, 1)));
        server.given().when().get("/_sluice/topics/" + topic + "/records?from=beginning").then().body("records.size()", equalTo(0));
        server.given().when().delete("/_sluice/topics/" + TestKafka.topicName("nobodys") + "/records").then().statusCode(404);
        server.given().body("{\"value\":\"v\",\"timestamp\":\"yesterday\"}").when().post("/_sluice/topics/" + topic + "/records").then()
                .statusCode(400)
                .body("message", equalTo("timestamp is 'yesterday'; allowed is a time since 1970 such as 2026-01-31T12:00:00Z"));
    }

    @Test
    void whatBecomesOfRecordsIsHeard() {
        String topic = TestKafka.topicName("heard");
        kafka.createTopic(topic, 1);
        String mapping = server.mapping(topic, "f", "TRIM_HORIZON");
        kafka.produce(topic, "v");
        server.given().when().get("/_sluice/mappings/" + mapping + "/outcomes?after=0&wait=30").then().statusCode(200)
                .body("change", greaterThan(0));
        server.given().when().get("/_sluice/mappings/" + mapping + "/outcomes?wait=61").then().statusCode(400)
                .body("message", equalTo("wait is '61'; allowed is a whole number from 0 to 60"));
    }

    @Test
    void nobodyDeletesRecordsOfAServerThatDoesNotAllowIt() {
        server.close();
        server = TestServer.start(directory.resolve("other"), kafka.bootstrapServers(), Map.of());
        server.given().when().delete("/_sluice/topics/t/records").then().statusCode(403)
                .body("message", containsString("start it with: sluice serve --allow-reset"));
    }
}
