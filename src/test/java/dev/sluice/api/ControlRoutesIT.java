package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.OutgoingRecord;
import dev.sluice.cluster.RecordPosition;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ControlRoutesIT {

    private final RecordedCluster cluster = new RecordedCluster();
    private final ApiServer server = new ApiServer(Set.of(), List.of(new ControlRoutes(null, null, null, cluster, null)));
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() {
        server.start("localhost", 0);
    }

    @AfterEach
    void stop() {
        server.close(Duration.ZERO);
    }

    @Test
    void healthSaysWhetherTheBrokersAnswer() throws Exception {
        assertThat(send("GET", "health", null).body()).isEqualTo("{\"status\":\"up\",\"kafka\":\"down\",\"bootstrapServers\":\"kafka:9092\"}");
        cluster.up = true;
        assertThat(send("GET", "health", null).body()).contains("\"kafka\":\"up\"");
    }

    @Test
    void healthIsUnavailableUntilTheBrokersAnswerOnlyForThoseWhoWaitForThem() throws Exception {
        assertThat(send("GET", "health", null).statusCode()).isEqualTo(200);
        assertThat(send("GET", "health?wait=kafka", null).statusCode()).isEqualTo(503);
        cluster.up = true;
        assertThat(send("GET", "health?wait=kafka", null).statusCode()).isEqualTo(200);
    }

    @Test
    void refusesToWaitForAnythingElse() throws Exception {
        HttpResponse<String> answer = send("GET", "health?wait=godot", null);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"message\":\"wait is 'godot'; allowed is kafka\"}");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    }

    @Test
    void writesRecordsAndTellsWhere() throws Exception {
        HttpResponse<String> answer = send("POST", "topics/AWSKafkaTopic/records", "{\"records\":[{\"value\":\"a\"},{\"value\":\"b\"}]}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("""
                {"records":[{"topic":"AWSKafkaTopic","partition":0,"offset":0},{"topic":"AWSKafkaTopic","partition":0,"offset":1}]}""");
        assertThat(cluster.written).hasSize(2);
    }

    @Test
    void writesNothingWhenOneRecordIsWrong() throws Exception {
        HttpResponse<String> answer = send("POST", "topics/t/records", "{\"records\":[{\"value\":\"a\"},{}]}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(cluster.written).isEmpty();
    }

    @Test
    void takesARecordAsLargeAsLambdaDoes() throws Exception {
        assertThat(send("POST", "topics/t/records", "{\"value\":\"" + "x".repeat(6 * 1024 * 1024) + "\"}").statusCode()).isEqualTo(200);
    }

    @Test
    void refusesATopicNameThatKafkaWouldRefuse() throws Exception {
        HttpResponse<String> answer = send("POST", "topics/a%20b/records", "{\"value\":\"a\"}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("topic is 'a b'");
    }

    @Test
    void refusesAFunctionNameBeforeItLooksAtTheBody() throws Exception {
        HttpResponse<String> answer = send("PUT", "functions/a.b", "{}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("name is 'a.b'; allowed are 1 to 64 letters, digits, - and _");
    }

    @Test
    void refusesAClassPathThatTheServerCannotSee() throws Exception {
        HttpResponse<String> answer = send("PUT", "functions/f", "{\"classpath\":[\"target/classes\"],\"handler\":\"H\"}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("classpath is \\\"target/classes\\\"; allowed is absolute paths that the server can see");
    }

    private HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest.BodyPublisher publisher = body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        return client.send(HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/_sluice/" + path))
                .method(method, publisher).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** One partition that takes everything. */
    private static final class RecordedCluster implements DefaultCluster {

        private final List<OutgoingRecord> written = new ArrayList<>();
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
        public synchronized List<RecordPosition> send(String topic, List<OutgoingRecord> records) {
            List<RecordPosition> positions = new ArrayList<>();
            for (OutgoingRecord record : records) {
                positions.add(new RecordPosition(0, written.size(), 0));
                written.add(record);
            }
            return positions;
        }
    }
}
