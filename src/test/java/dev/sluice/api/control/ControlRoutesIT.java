package dev.sluice.api.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.sluice.api.http.ApiServer;
import dev.sluice.cluster.OutgoingRecord;
import dev.sluice.cluster.RecordPosition;
import dev.sluice.testing.HttpApi;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ControlRoutesIT {

    private final RecordedCluster cluster = new RecordedCluster();
    private final ApiServer server =
            new ApiServer(Set.of(), List.of(new ControlRoutes(null, null, null, cluster, null), new TopicRoutes(cluster)));

    @BeforeEach
    void start() {
        server.start("localhost", 0);
    }

    @AfterEach
    void stop() {
        server.close(Duration.ZERO);
    }

    @Test
    void healthSaysWhetherTheBrokersAnswer() {
        given().when().get("health")
                .then().statusCode(200).body("status", equalTo("up"), "kafka", equalTo("down"),
                        "bootstrapServers", equalTo("kafka:9092"), "kafkaSeenSecondsAgo", nullValue(),
                        "pid", equalTo((int) ProcessHandle.current().pid()));
        cluster.up = true;
        given().when().get("health").then().statusCode(200).body("kafka", equalTo("up"));
    }

    @Test
    void healthIsUnavailableUntilTheBrokersAnswerOnlyForThoseWhoWaitForThem() {
        given().when().get("health").then().statusCode(200);
        given().when().get("health?wait=kafka").then().statusCode(503);
        cluster.up = true;
        given().when().get("health?wait=kafka").then().statusCode(200);
    }

    @Test
    void refusesToWaitForAnythingElse() {
        given().when().get("health?wait=godot")
                .then().statusCode(400).header("Content-Type", "application/json")
                .body(equalTo("{\"message\":\"wait is 'godot'; allowed is kafka\"}"));
    }

    @Test
    void writesRecordsAndTellsWhere() {
        given().body("{\"records\":[{\"value\":\"a\"},{\"value\":\"b\"}]}")
                .when().post("topics/AWSKafkaTopic/records")
                .then().statusCode(200).body(
                        equalTo("""
                                {"records":[{"topic":"AWSKafkaTopic","partition":0,"offset":0},{"topic":"AWSKafkaTopic","partition":0,"offset":1}]}"""));
        assertThat(cluster.written).hasSize(2);
    }

    @Test
    void writesThroughTheListenerThatIsNamed() {
        given().body("{\"value\":\"a\"}").when().post("topics/t/records").then().statusCode(200);
        given().body("{\"value\":\"a\"}").when().post("topics/t/records?listener=sasl_ssl").then().statusCode(200);
        given().body("{\"value\":\"a\"}").when().post("topics/t/records?listener=ssl")
                .then().statusCode(400).body(equalTo("{\"message\":\"listener is 'ssl'; the embedded broker has plaintext, sasl_ssl; "
                        + "more come with: sluice serve --embedded-kafka-listeners\"}"));
        assertThat(cluster.through).containsExactly("null", "SASL_SSL");
    }

    @Test
    void writesNothingWhenOneRecordIsWrong() {
        given().body("{\"records\":[{\"value\":\"a\"},{}]}").when().post("topics/t/records").then().statusCode(400);
        assertThat(cluster.written).isEmpty();
    }

    @Test
    void takesARecordAsLargeAsLambdaDoes() {
        given().body("{\"value\":\"" + "x".repeat(6 * 1024 * 1024) + "\"}").when().post("topics/t/records").then().statusCode(200);
    }

    @Test
    void refusesATopicNameThatKafkaWouldRefuse() {
        given().body("{\"value\":\"a\"}").when().post("topics/a%20b/records")
                .then().statusCode(400).body(containsString("topic is 'a b'"));
    }

    @Test
    void refusesAFunctionNameBeforeItLooksAtTheBody() {
        given().body("{}").when().put("functions/a.b")
                .then().statusCode(400).body(containsString("name is 'a.b'; allowed are 1 to 64 letters, digits, - and _"));
    }

    @Test
    void refusesAClassPathThatTheServerCannotSee() {
        given().body("{\"classpath\":[\"target/classes\"],\"handler\":\"H\"}").when().put("functions/f")
                .then().statusCode(400)
                .body(containsString("classpath is \\\"target/classes\\\"; allowed is absolute paths that the server can see"));
    }

    private RequestSpecification given() {
        return HttpApi.given(server.port()).basePath("/_sluice");
    }

    /** One partition that takes everything. */
    private static final class RecordedCluster implements DefaultCluster, Topics {

        private final List<OutgoingRecord> written = new ArrayList<>();
        private final List<String> through = new ArrayList<>();
        private volatile boolean up;

        @Override
        public String bootstrapServers() {
            return "kafka:9092";
        }

        @Override
        public boolean up() {
            return up;
        }

        @Override
        public Set<String> listeners() {
            return new TreeSet<>(Set.of("PLAINTEXT", "SASL_SSL"));
        }

        @Override
        public synchronized List<RecordPosition> send(String topic, List<OutgoingRecord> records, String listener) {
            through.add(String.valueOf(listener));
            List<RecordPosition> positions = new ArrayList<>();
            for (OutgoingRecord record : records) {
                positions.add(new RecordPosition(0, written.size(), 0));
                written.add(record);
            }
            return positions;
        }
    }
}
