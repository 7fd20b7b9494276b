package dev.sluice.api.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.sluice.api.http.ApiServer;
import dev.sluice.cluster.OutgoingRecord;
import dev.sluice.cluster.RecordPosition;
import dev.sluice.cluster.TopicList;
import dev.sluice.cluster.TopicQuestion;
import dev.sluice.cluster.TopicReader;
import dev.sluice.cluster.TopicRecord;
import dev.sluice.fixture.HttpApi;
import dev.sluice.resource.Scope;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlRoutesIT {

    private final RecordedCluster cluster = new RecordedCluster();
    private final ApiServer server =
            new ApiServer(Set.of(),
                    List.of(new ControlRoutes(null, cluster, new Scope("222222222222", "eu-west-1")), new TopicRoutes(cluster, false)));

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
                        "pid", equalTo((int) ProcessHandle.current().pid()), "accountId", equalTo("222222222222"),
                        "region", equalTo("eu-west-1"));
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
    void readsRecordsAndTellsWhereToGoOn() {
        given().when().get("topics/t/records?from=-3&partition=1&limit=7&wait=2&next=1:5").then().statusCode(200).body(equalTo(
                "{\"records\":[{\"partition\":1,\"offset\":5,\"timestamp\":\"1970-01-01T00:00:00Z\",\"key\":\"k\",\"valueBase64\":\"/w==\","
                        + "\"headers\":[{\"name\":\"h\",\"value\":null}]},"
                        + "{\"partition\":1,\"offset\":6,\"timestamp\":null,\"key\":null,\"value\":null}],\"next\":\"0:2,1:7\",\"more\":true}"));
        assertThat(cluster.asked).isEqualTo(new TopicQuestion("t", 1, TopicQuestion.From.LAST, 3, Map.of(1, 5L), 7, Duration.ofSeconds(2)));
        given().when().get("topics").then().statusCode(200)
                .body(equalTo("{\"topics\":[{\"name\":\"orders\",\"partitions\":2,\"records\":9}]}"));
    }

    @ParameterizedTest
    @CsvSource({"from=x, from is 'x'; allowed are beginning", "limit=0, limit is '0'; allowed is a whole number from 1 to 1000",
            "wait=31, wait is '31'", "next=1, next is '1'; allowed is what an answer said", "partition=-1, partition is '-1'"})
    void refusesAQuestionThatIsWrong(String query, String message) {
        given().when().get("topics/t/records?" + query).then().statusCode(400).body(containsString(message));
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

    // A misspelt one would be an answer to another question.
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"health?wiat=kafka | The query has 'wiat': did you mean 'wait'?",
            "topics?limit=1 | The query has 'limit': none is allowed here",
            "topics/t/records?form=end | The query has 'form': did you mean 'from'?"})
    void refusesAParameterThatThereIsNot(String path, String message) {
        given().when().get(path).then().statusCode(400).body(containsString(message));
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
        private TopicQuestion asked;
        private volatile boolean up;

        @Override
        public boolean create(String topic, int partitions) {
            throw new AssertionError("nobody does");
        }

        @Override
        public Map<Integer, Long> empty(String topic) {
            throw new AssertionError("nobody may");
        }

        @Override
        public String bootstrapServers() {
            return "kafka:9092";
        }

        @Override
        public boolean up() {
            return up;
        }

        @Override
        public TopicReader.Page read(TopicQuestion question) {
            asked = question;
            return new TopicReader.Page(List.of(new TopicRecord(1, 5, 0, "k".getBytes(StandardCharsets.UTF_8), new byte[] {(byte) 0xff},
                    List.of(new OutgoingRecord.Header("h", null))), new TopicRecord(1, 6, -1, null, null, List.of())), Map.of(1, 7L, 0, 2L),
                    true);
        }

        @Override
        public List<TopicList.Topic> list() {
            return List.of(new TopicList.Topic("orders", 2, 9));
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
