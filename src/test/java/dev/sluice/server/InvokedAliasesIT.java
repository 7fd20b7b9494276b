package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.RecordingFunction;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a mapping follows the alias it was made with, and the concurrency that is reserved for its function. */
class InvokedAliasesIT {

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
        topic = kafka.createTopic(TestKafka.topicName("aliases"), 1);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void followsItsAliasFromOneBatchToTheNext() {
        RecordingFunction function = RecordingFunction.create(server, "f", dir, "one");
        function.publish("two");
        function.createAlias("live", "1");
        server.awaitState(server.mapping(topic, "f:live", "TRIM_HORIZON"), "Enabled");
        kafka.produce(topic, "a");
        function.awaitTaken("one a");
        function.updateAlias("live", "2");
        kafka.produce(topic, "b");

        function.awaitTaken("one a", "two b");
        HttpResponse<String> answer = server.send("POST", "/2015-03-31/functions/f:live/invocations", "{\"records\":{}}");
        assertThat(answer.headers().firstValue("X-Amz-Executed-Version")).hasValue("2");
    }

    @Test
    void anAliasThatIsUpdatedEndsTheBackoff() {
        RecordingFunction function = RecordingFunction.create(server, "f", dir, "broken");
        function.publish("mended");
        function.createAlias("live", "1");
        String uuid = server.mapping(topic, "f:live", "TRIM_HORIZON");
        kafka.produce(topic, "a");
        server.awaitResult(uuid, "PROBLEM: Function call failed");
        assertThat(function.taken()).isEmpty();
        function.updateAlias("live", "2");

        function.awaitTaken("mended a");
        server.awaitResult(uuid, "OK");
        await().atMost(TestServer.PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
    }

    @Test
    void anAliasThatIsDeletedIsMissedWhenTheNextBatchIsDue() {
        RecordingFunction function = RecordingFunction.create(server, "f", dir, "one");
        function.createAlias("live", "1");
        String uuid = server.mapping(topic, "f:live", "TRIM_HORIZON");
        kafka.produce(topic, "a");
        function.awaitTaken("one a");
        function.deleteAlias("live");
        await().during(Duration.ofMillis(500)).atMost(TestServer.PATIENCE).until(() -> server.state(uuid).equals("Enabled"));
        kafka.produce(topic, "b");
        server.awaitState(uuid, "Disabled");
        assertThat(server.get(uuid).get("StateTransitionReason").asText()).isEqualTo("FUNCTION_CONFIG_NOT_VALID");
        assertThat(server.result(uuid)).startsWith("PROBLEM: Function call failed. Function not found: ").contains(":function:f:live");

        function.createAlias("live", "1");
        server.update(uuid, "{\"Enabled\":true}");
        function.awaitTaken("one a", "one b");
    }

    @Test
    void withNothingReservedItWaitsAndLosesNothing() {
        RecordingFunction function = RecordingFunction.create(server, "f", dir, "one");
        function.reserve(0);
        String uuid = server.mapping(topic, "f", "TRIM_HORIZON");
        kafka.produce(topic, "a", "b");
        server.awaitResult(uuid, "PROBLEM: Function call failed. Throttled: ReservedFunctionConcurrentInvocationLimitExceeded");
        assertThat(server.state(uuid)).isEqualTo("Enabled");
        assertThat(kafka.lag(uuid, topic)).isEqualTo(2);
        HttpResponse<String> invoked = server.send("POST", "/2015-03-31/functions/f/invocations", "{}");
        assertThat(invoked.statusCode()).isEqualTo(429);
        assertThat(invoked.body()).contains("\"Reason\":\"ReservedFunctionConcurrentInvocationLimitExceeded\"");
        function.unreserve();

        function.awaitTaken("one a", "one b");
        server.awaitResult(uuid, "OK");
    }
}
