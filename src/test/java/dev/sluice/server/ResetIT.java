package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a test has made belongs to an account of its own, and goes at its end. */
class ResetIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MINE = "111111111111";
    private static final String OTHER = "222222222222";

    @TempDir
    private Path directory;
    private final HandlerEndpoint mine = new HandlerEndpoint();
    private final HandlerEndpoint other = new HandlerEndpoint();
    private final TestKafka kafka = TestKafka.shared();
    private TestServer server;

    @AfterEach
    void stop() {
        server.close();
        mine.close();
        other.close();
    }

    @Test
    void twoAccountsHaveFunctionsOfOneNameAndOneIsTakenAwayWithoutTheOther() throws IOException {
        server = TestServer.startWithFile(directory, kafka.bootstrapServers(), Map.of("allowReset", "true"),
                "functions: {declared: {url: 'http://localhost:1/'}}\nmappings: {m: {function: declared, topic: declared-"
                        + TestKafka.topicName("t")
                        + ", bootstrapServers: '" + kafka.bootstrapServers() + "', enabled: false}}\n");
        function(MINE, mine);
        function(OTHER, other);
        server.function("everybodys", other);
        String first = mapping(MINE, TestKafka.topicName("mine"));
        String second = mapping(OTHER, TestKafka.topicName("other"));
        kafka.produce(topic(first), "to me");
        kafka.produce(topic(second), "to the other");
        await().atMost(TestServer.PATIENCE)
                .until(() -> mine.values().equals(List.of("to me")) && other.values().equals(List.of("to the other")));

        assertThat(server.send("POST", "/_sluice/reset?accountId=" + MINE, "").body()).isEqualTo("{\"mappings\":1,\"functions\":1}");

        assertThat(server.send("GET", "/_sluice/mappings/" + first, null).statusCode()).isEqualTo(404);
        assertThat(server.detail(second).path("State").asText()).isEqualTo("Enabled");
        assertThat(functions()).containsExactlyInAnyOrder("declared null", "everybodys null", "f " + OTHER);
        function(MINE, mine);
        assertThat(mapping(MINE, topicOfNobody())).as("as if it had never been").isNotEmpty();

        // At once, while mappings are on their way.
        assertThat(server.send("POST", "/_sluice/reset", "").statusCode()).isEqualTo(200);
        assertThat(functions()).containsExactly("declared null");
        assertThat(JSON.readTree(server.send("GET", "/_sluice/mappings", null).body()).path("mappings")).hasSize(1);
        assertThat(server.send("POST", "/_sluice/reset?accountId=1", "").body()).contains("accountId is '1'; allowed is 12 digits");
    }

    @Test
    void nobodyResetsAServerThatDoesNotAllowIt() {
        server = TestServer.start(directory.resolve("data"), kafka.bootstrapServers(), Map.of());
        server.function("f", mine);
        var refused = server.send("POST", "/_sluice/reset", "");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("start it with: sluice serve --allow-reset");
        assertThat(server.send("GET", "/_sluice/functions/f", null).statusCode()).isEqualTo(200);
    }

    @Test
    void aFunctionOfAnAccountIsNamedWithIt() {
        server = TestServer.start(directory.resolve("data"), kafka.bootstrapServers(), Map.of());
        function(MINE, mine);
        assertThat(server.send("GET", "/_sluice/functions/f", null).body())
                .contains("is registered in account " + MINE + ", region us-east-1; name it by accountId and region");
        assertThat(server.send("GET", "/_sluice/functions/f?accountId=" + MINE + "&region=us-east-1", null).body())
                .contains("\"accountId\":\"" + MINE + "\"");
        assertThat(server.send("PUT", "/_sluice/functions/f?accountId=" + MINE, "{\"url\":\"http://localhost:1/\"}").body())
                .contains("region is missing; it goes with accountId");
        assertThat(server.sendAs(OTHER, "us-east-1", "GET", "/2015-03-31/functions/f", null).statusCode()).isEqualTo(404);
        assertThat(server.sendAs(MINE, "us-east-1", "GET", "/2015-03-31/functions/f", null).statusCode()).isEqualTo(200);
        assertThat(server.send("DELETE", "/_sluice/functions/f?accountId=" + MINE + "&region=us-east-1", null).statusCode()).isEqualTo(204);
        assertThat(server.sendAs(MINE, "us-east-1", "GET", "/2015-03-31/functions/f", null).statusCode()).isEqualTo(404);
    }

    private void function(String account, HandlerEndpoint endpoint) {
        var made = server.send("PUT", "/_sluice/functions/f?accountId=" + account + "&region=us-east-1",
                "{\"url\":\"" + endpoint.url() + "\"}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
    }

    private String mapping(String account, String topic) {
        kafka.createTopic(topic, 1);
        return server.uuid(server.send("POST", "/_sluice/mappings?accountId=" + account + "&region=us-east-1", "{\"EventSourceArn\":\""
                + TestServer.CLUSTER + "\",\"Topics\":[\"" + topic + "\"],\"FunctionName\":\"f\",\"StartingPosition\":\"TRIM_HORIZON\"}"));
    }

    private String topic(String uuid) {
        return server.detail(uuid).path("Topics").path(0).asText();
    }

    private static String topicOfNobody() {
        return TestKafka.topicName("again");
    }

    private List<String> functions() throws IOException {
        JsonNode all = JSON.readTree(server.send("GET", "/_sluice/functions", null).body()).path("functions");
        return StreamSupport.stream(all.spliterator(), false)
                .map(function -> function.path("name").asText() + " " + function.path("accountId").asText("null")).toList();
    }
}
