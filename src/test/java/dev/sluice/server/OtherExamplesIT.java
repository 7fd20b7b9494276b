package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.Programs;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import dev.sluice.fixture.ZipOf;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples in other languages than Java: as they are uploaded to AWS, and as an HTTP service. */
class OtherExamplesIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path EXAMPLES = Path.of("src/examples");
    private static final Pattern LISTENS = Pattern.compile("handler listens on (http://\\S+)");

    @TempDir
    private static Path directory;
    private static TestKafka kafka;
    private static TestServer server;

    @BeforeAll
    static void start() {
        kafka = TestKafka.shared();
        server = TestServer.start(directory.resolve("data"), kafka.bootstrapServers(), Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
            "python, app.py, python3.12, app.handler, python3, None",
            "node-commonjs, index.js, nodejs20.x, index.handler, node, null",
            "node-esm, index.mjs, nodejs22.x, index.handler, node, null",
            "bootstrap, bootstrap, provided.al2023, any.thing, bash curl base64, null"})
    void theHandlerLogsEachRecordAndCountsThem(String name, String file, String runtime, String handler, String programs, String nothing)
            throws IOException {
        Programs.assume(List.of(programs.split(" ")));
        String zip =
                Base64.getEncoder().encodeToString(ZipOf.file(directory, file, Files.readString(EXAMPLES.resolve(name).resolve(file))));
        assertThat(server.send("POST", "/2015-03-31/functions", "{\"FunctionName\":\"" + name + "\",\"Runtime\":\"" + runtime
                + "\",\"Timeout\":30,\"Role\":\"arn:aws:iam::000000000000:role/r\",\"Handler\":\"" + handler + "\",\"Code\":{\"ZipFile\":\""
                + zip + "\"}}").statusCode()).isEqualTo(201);

        String topic = loggedAndCounted(name);

        assertThat(json("/_sluice/functions/" + name + "/logs").get("lines")).extracting(line -> line.get("text").asText())
                .map(line -> line.replaceFirst(".*\tINFO\t", "")).containsSubsequence(
                        topic + "-0@0 key=k1 value={\"order\":\"é, 1\"}", topic + "-0@1 key=" + nothing + " value=two",
                        topic + "-0@2 key=k3 value=" + nothing);
    }

    @Test
    void theHandlerInPlainNodeServesItsRecordsOverHttp() throws IOException {
        Programs.assume(List.of("node"));
        Process service = new ProcessBuilder("node", EXAMPLES.resolve("http-handler/handler.mjs").toString(), "0")
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader lines = service.inputReader(StandardCharsets.UTF_8)) {
            Matcher listens = LISTENS.matcher(lines.readLine());
            assertThat(listens.find()).isTrue();
            assertThat(server.send("PUT", "/_sluice/functions/http-handler", "{\"url\":\"" + listens.group(1) + "\"}").statusCode())
                    .isEqualTo(200);

            String topic = loggedAndCounted("http-handler");

            assertThat(List.of(lines.readLine(), lines.readLine(), lines.readLine())).containsExactly(
                    topic + "-0@0 key=k1 value={\"order\":\"é, 1\"}", topic + "-0@1 key=null value=two", topic + "-0@2 key=k3 value=null");
        } finally {
            service.destroyForcibly();
        }
    }

    /** Has three records delivered as one batch, the last a tombstone; their topic. */
    private static String loggedAndCounted(String function) {
        String topic = kafka.createTopic(TestKafka.topicName(function), 1);
        kafka.produce(topic, 0, "k1", "{\"order\":\"é, 1\"}");
        kafka.produce(topic, 0, null, "two");
        kafka.produce(topic, 0, "k3", null);
        String uuid = server.mapping(topic, function, "TRIM_HORIZON", "\"BatchSize\":3");
        List<String> answers = await().atMost(TestServer.PATIENCE).until(() -> answers(uuid), found -> !found.isEmpty());
        assertThat(answers).containsExactly("\"3 records\"");
        assertThat(kafka.lag(uuid, topic)).isZero();
        return topic;
    }

    private static List<String> answers(String uuid) {
        List<String> answers = new ArrayList<>();
        for (JsonNode delivery : json("/_sluice/deliveries?mapping=" + uuid).get("deliveries")) {
            json("/_sluice/deliveries/" + delivery.get("id").asText()).get("attempts")
                    .forEach(attempt -> answers.add(attempt.at("/answer/json").toString()));
        }
        return answers;
    }

    private static JsonNode json(String path) {
        String body = server.send("GET", path, null).body();
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException(body, e);
        }
    }
}
