package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.RecordingFunction;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which code a mapping's records go to when its function has versions, and what becomes of those whose code can't be run here. */
class InvokedVersionsIT {

    @TempDir
    private Path dir;
    private TestKafka kafka;
    private TestServer server;
    private String topic;

    @BeforeEach
    void start() {
        kafka = TestKafka.shared();
        // A wait that no test outlasts: what goes on in time was told to.
        server = TestServer.start(dir.resolve("data"), kafka.bootstrapServers(),
                Map.of("retry.initialBackoff", "10m", "retry.maxBackoff", "10m"));
        topic = kafka.createTopic(TestKafka.topicName("versions"), 1);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aMappingOnAVersionKeepsItWhenTheCodeIsUpdated() {
        RecordingFunction function = RecordingFunction.create(server, "f", dir, "one");
        server.awaitState(server.mapping(topic, "f:1", "TRIM_HORIZON"), "Enabled");
        kafka.produce(topic, "a");
        function.awaitTaken("one a");
        function.publish("two");
        kafka.produce(topic, "b");

        function.awaitTaken("one a", "one b");
    }

    @Test
    void invokesTheVersionThatTheCallerNames() {
        RecordingFunction.create(server, "f", dir, "one").publish("two");

        HttpResponse<String> answer = server.send("POST", "/2015-03-31/functions/f/invocations?Qualifier=1", "{\"records\":{}}");
        assertThat(answer.body()).isEqualTo("\"1\"");
        assertThat(answer.headers().firstValue("X-Amz-Executed-Version")).hasValue("1");
        HttpResponse<String> latest = server.send("POST", "/2015-03-31/functions/f/invocations", "{\"records\":{}}");
        assertThat(latest.headers().firstValue("X-Amz-Executed-Version")).hasValue("$LATEST");
        HttpResponse<String> unknown = server.send("POST", "/2015-03-31/functions/f:7/invocations", "{}");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("Function not found: arn:aws:lambda:us-east-1:000000000000:function:f:7");
    }

    private static String rubyZip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("app.py"));
            zip.write("def handler(event, context): pass".getBytes(StandardCharsets.UTF_8));
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    @Test
    void aFunctionOfAnotherRuntimeIsWaitedForWithWhatToDoAndDisturbsNobodyElse() throws IOException {
        RecordingFunction function = RecordingFunction.create(server, "f", dir, "one");
        assertThat(server.send("POST", "/2015-03-31/functions",
                "{\"FunctionName\":\"p\",\"Runtime\":\"ruby3.3\",\"Handler\":\"app.handler\","
                        + "\"Role\":\"arn:aws:iam::000000000000:role/r\",\"Code\":{\"ZipFile\":\"" + rubyZip() + "\"}}")
                .statusCode()).isEqualTo(201);
        String other = server.mapping(topic, "f", "TRIM_HORIZON");
        kafka.produce(topic, "a");
        function.awaitTaken("one a");

        HttpResponse<String> answer = server.send("POST", "/2015-03-31/functions/p/invocations", "{}");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.headers().firstValue("x-amzn-ErrorType")).hasValue("ServiceException");
        assertThat(answer.body()).contains("has the runtime ruby3.3").contains("sluice functions add NAME --invoke-url URL");
        String uuid = server.mapping(kafka.createTopic(topic + "-ruby", 1), "p", "TRIM_HORIZON");
        server.awaitState(uuid, "Enabled");
        kafka.produce(topic + "-ruby", "b");
        server.awaitResult(uuid, "PROBLEM: Function call failed. Could not be invoked: function p has the runtime ruby3.3");
        assertThat(server.state(uuid)).isEqualTo("Enabled");
        assertThat(server.result(uuid))
                .contains("sluice functions add NAME --invoke-url URL").hasSizeLessThan(500);
        assertThat(kafka.lag(uuid, topic + "-ruby")).isEqualTo(1);
        server.stop();
        server.start();
        kafka.produce(topic, "c");
        function.awaitTaken("one a", "one c");
        assertThat(server.state(other)).isEqualTo("Enabled");
    }
}
