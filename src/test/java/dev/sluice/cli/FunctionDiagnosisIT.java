package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.events.KafkaEvent;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.fixture.ChildServer;
import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each cause on the function's side produced for real, found in the control API and on the command line, and its command run. */
class FunctionDiagnosisIT {

    /** Without which AWS takes no limit of attempts. */
    private static final String PROVISIONED = "\"ProvisionedPollerConfig\":{\"MinimumPollers\":1,\"MaximumPollers\":1}";

    @TempDir
    private Path directory;
    private final HandlerEndpoint endpoint = new HandlerEndpoint();
    private final TestKafka kafka = TestKafka.shared();
    private TestServer server;
    private FoundCause cause;

    @BeforeEach
    void serve() {
        server = TestServer.start(directory.resolve("data"), kafka.bootstrapServers(), Map.of());
        server.function("f", endpoint);
        cause = new FoundCause(server);
    }

    @AfterEach
    void stop() {
        endpoint.release();
        server.close();
        endpoint.close();
    }

    @Test
    void timesOut() {
        server.send("PUT", "/_sluice/functions/f", "{\"url\":\"" + endpoint.url() + "\",\"timeoutSeconds\":1}");
        endpoint.hold();
        JsonNode found = cause.await(mapping("one"), "timed-out");
        assertThat(found.path("sentence").asText()).isEqualTo("Task timed out after 1.00 seconds");
        assertThat(cause.run(found).out()).contains("Task timed out after 1.00 seconds");
    }

    @Test
    void isNotThere() {
        server.send("PUT", "/_sluice/functions/f", "{\"url\":\"http://localhost:1/\"}");
        JsonNode found = cause.await(mapping("one"), "not-invoked");
        assertThat(found.path("sentence").asText())
                .isEqualTo("Could not be invoked: http://localhost:1/ could not be reached: Connection refused");
        assertThat(cause.run(found).out()).contains("http://localhost:1/");
    }

    @Test
    void hasAReservedConcurrencyOfZero() {
        assertThat(server.send("PUT", "/2017-10-31/functions/f/concurrency", "{\"ReservedConcurrentExecutions\":0}").statusCode())
                .isEqualTo(200);
        String uuid = mapping("one");
        JsonNode found = cause.await(uuid, "concurrency-zero");
        assertThat(found.path("command").asText()).isEqualTo("aws lambda delete-function-concurrency --function-name f");
        assertThat(server.detail(uuid).path("diagnosis").findValuesAsText("code")).contains("throttled");
        // What the command does.
        assertThat(server.send("DELETE", "/2017-10-31/functions/f/concurrency", null).statusCode()).isEqualTo(204);
        await().atMost(TestServer.PATIENCE).until(() -> endpoint.values().contains("one"));
        cause.await(uuid, "nothing-new");
    }

    @Test
    void isThrottled() {
        endpoint.answerAlways(429);
        cause.run(cause.await(mapping("one"), "throttled"));
    }

    @Test
    void runsAsOftenAsItMay() {
        assertThat(server.send("PUT", "/2017-10-31/functions/f/concurrency", "{\"ReservedConcurrentExecutions\":1}").statusCode())
                .isEqualTo(200);
        endpoint.hold();
        cause.await(mapping("one"), "in-flight");
        JsonNode found = cause.await(mapping("two"), "waiting-for-slot");
        assertThat(found.path("sentence").asText()).isEqualTo("As many invocations of f run as may; 1 more waits for one to end.");
        assertThat(found.path("figures").toString()).contains("reserved concurrency 1");
        assertThat(cause.run(found).out()).contains("Reserved  1");
    }

    @Test
    void runsOutOfItsMemory() throws Exception {
        CompiledHandler handler = CompiledHandler.compile(directory, "Greedy", """
                public class Greedy {
                    public String handle(Object event) {
                        List<byte[]> all = new ArrayList<>();
                        while (true) {
                            all.add(new byte[16 << 20]);
                        }
                    }
                }""");
        Path jar = Files.write(directory.resolve("greedy.jar"), handler.zip());
        assertThat(server.send("PUT", "/_sluice/functions/greedy", "{\"jar\":\"" + jar + "\",\"handler\":\"example.Greedy::handle\","
                + "\"isolation\":\"process\",\"memoryMb\":128,\"timeoutSeconds\":30}").statusCode()).isEqualTo(200);
        JsonNode found = cause.await(mappingTo("greedy", "one"), "out-of-memory");
        assertThat(found.path("sentence").asText()).startsWith("The function ran out of its memory (128 MB): java.lang.OutOfMemoryError");
        assertThat(cause.run(found).out()).contains("OutOfMemoryError");
    }

    @Test
    void hasNoSuchHandler() throws Exception {
        CompiledHandler handler = CompiledHandler.compile(directory, "Other", "public class Other { public void handle(Object o) { } }");
        Path jar = Files.write(directory.resolve("other.jar"), handler.zip());
        server.send("PUT", "/_sluice/functions/wrong", "{\"jar\":\"" + jar + "\",\"handler\":\"example.Missing::handle\"}");
        String uuid = mappingTo("wrong", "one");
        JsonNode found = cause.await(uuid, "function-error");
        assertThat(found.path("sentence").asText()).contains("example.Missing");
        assertThat(cause.run(found).out()).contains("example.Missing");
        server.send("PUT", "/_sluice/functions/wrong", "{\"jar\":\"" + jar + "\",\"handler\":\"example.Other::handle\"}");
        cause.await(uuid, "nothing-new");
    }

    // Only a server that has its JVM for itself moves code out of it.
    @Test
    void runsInAProcessOfItsOwn() throws Exception {
        CompiledHandler handler = CompiledHandler.compile(directory, "Zoned", "public class Zoned { public void handle(Object o) { } }");
        Path jar = Files.write(directory.resolve("zoned.jar"), handler.zip());
        try (ChildServer child = new ChildServer(directory.resolve("own"), "--kafka", kafka.bootstrapServers());
                TestServer own = TestServer.at(child)) {
            own.send("PUT", "/_sluice/functions/zoned", "{\"jar\":\"" + jar + "\",\"handler\":\"example.Zoned::handle\","
                    + "\"environment\":{\"TZ\":\"Europe/Berlin\"}}");
            String uuid = own.mapping(kafka.createTopic(TestKafka.topicName("zoned"), 1), "zoned", "LATEST");
            FoundCause here = new FoundCause(own);
            JsonNode found = here.await(uuid, "moved-to-process");
            assertThat(found.path("sentence").asText())
                    .isEqualTo("zoned runs in a process of its own, as its variable TZ is Europe/Berlin.");
            assertThat(here.run(found).out()).contains("process: its variable TZ is Europe/Berlin");
        }
    }

    @Test
    void isInAnotherRegion() throws Exception {
        byte[] zip = CompiledHandler.compile(directory, "Other", "public class Other { public void handle(Object o) { } }").zip();
        String create = "{\"FunctionName\":\"moved\",\"Runtime\":\"java17\",\"Handler\":\"example.Other::handle\",\"Role\":"
                + "\"arn:aws:iam::000000000000:role/r\",\"Code\":{\"ZipFile\":\"" + Base64.getEncoder().encodeToString(zip) + "\"}}";
        for (String region : List.of("us-east-1", "eu-west-1")) {
            assertThat(server.sendAs("000000000000", region, "POST", "/2015-03-31/functions", create).statusCode()).isEqualTo(201);
        }
        String uuid = server.mapping(kafka.createTopic(TestKafka.topicName("moved"), 1), "moved", "LATEST");
        server.sendAs("000000000000", "us-east-1", "DELETE", "/2015-03-31/functions/moved", null);
        JsonNode found = cause.await(uuid, "function-elsewhere");
        assertThat(found.path("sentence").asText())
                .isEqualTo("There is no function moved here, but one in account 000000000000, region eu-west-1.");
        assertThat(cause.run(found).out()).contains("eu-west-1");
    }

    @Test
    void takesOnlyAPartOrAnswersWhatNobodyUnderstands() throws Exception {
        CompiledHandler handler = CompiledHandler.compile(directory, "Partly", """
                public class Partly {
                    public Map<String, Object> part(KafkaEvent event) {
                        KafkaEvent.KafkaEventRecord first = event.getRecords().values().iterator().next().get(0);
                        return Map.of("batchItemFailures", List.of(Map.of("itemIdentifier",
                                Map.of("partition", first.getTopic() + "-" + first.getPartition(), "offset", first.getOffset()))));
                    }
                    public Map<String, Object> nonsense(KafkaEvent event) {
                        return Map.of("batchItemFailures", 5);
                    }
                }""");
        Path jar = Files.write(directory.resolve("partly.jar"), handler.zip());
        for (String method : List.of("part", "nonsense")) {
            assertThat(server.send("PUT", "/_sluice/functions/" + method, "{\"classpath\":[\"" + jar + "\",\"" + events() + "\"],"
                    + "\"handler\":\"example.Partly::" + method + "\",\"timeoutSeconds\":30}").statusCode()).isEqualTo(200);
        }
        String responses = "\"FunctionResponseTypes\":[\"ReportBatchItemFailures\"]";
        JsonNode partly = cause.await(mappingTo("part", "one", PROVISIONED, responses), "partly-taken");
        assertThat(partly.path("sentence").asText()).isEqualTo("The function reported 1 of 1 records as failed");
        cause.run(partly);
        cause.run(cause.await(mappingTo("nonsense", "one", PROVISIONED, responses), "unusable-answer"));
    }

    /** AWS's event types, which the code must bring. */
    private static Path events() throws Exception {
        return Path.of(KafkaEvent.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    @Test
    void destinationTakesNothing() {
        endpoint.failAlways(true);
        String uuid = mapping("one", PROVISIONED, "\"MaximumRetryAttempts\":0",
                "\"DestinationConfig\":{\"OnFailure\":{\"Destination\":\"arn:aws:sqs:us-east-1:000000000000:nowhere\"}}");
        cause.run(cause.await(uuid, "destination-failed"));
    }

    @Test
    void recordsThatAreGivenUp() {
        endpoint.failAlways(true);
        String uuid = mapping("one", PROVISIONED, "\"MaximumRetryAttempts\":0");
        await().atMost(TestServer.PATIENCE)
                .until(() -> server.detail(uuid).path("diagnosis").findValuesAsText("code").contains("given-up"));
        assertThat(server.detail(uuid).path("diagnosis").toString()).contains("1 record was given up since the start, the last for"
                + " RetryAttemptsExhausted.", "sluice deliveries --mapping " + uuid + " --failed");
        assertThat(cause.sluice("deliveries", "--mapping", uuid, "--failed").out()).contains("failed");
    }

    @Test
    void recordThatIsTooLargeForLambda() {
        String topic = kafka.createTopic(TestKafka.topicName("large"), 1, "max.message.bytes", "10000000");
        String uuid = server.mapping(topic, "f", "TRIM_HORIZON");
        assertThat(
                server.send("POST", "/_sluice/topics/" + topic + "/records", "{\"value\":\"" + "x".repeat(5_000_000) + "\"}").statusCode())
                .isEqualTo(200);
        JsonNode found = cause.await(uuid, "record-too-large");
        assertThat(found.path("sentence").asText())
                .isEqualTo(topic + "-0 offset 0 is too large for an event of Lambda (6 MB) and was given up.");
        assertThat(cause.run(found).out()).contains(topic);
    }

    // A lag counts as growing when it has for 20 seconds.
    @Test
    void takesFewerRecordsThanAreWritten() {
        String topic = kafka.createTopic(TestKafka.topicName("slow"), 1);
        endpoint.hold();
        String uuid = server.mapping(topic, "f", "TRIM_HORIZON", "\"BatchSize\":1");
        ScheduledExecutorService writing = Executors.newSingleThreadScheduledExecutor();
        try {
            writing.scheduleAtFixedRate(() -> kafka.produce(topic, "one"), 0, 100, TimeUnit.MILLISECONDS);
            writing.scheduleAtFixedRate(() -> {
                endpoint.release();
                endpoint.hold();
            }, 1, 1, TimeUnit.SECONDS);
            JsonNode found = cause.await(uuid, "too-slow");
            assertThat(found.path("sentence").asText()).startsWith("Too slow: its lag has grown from ");
            assertThat(found.path("figures").toString()).contains("records/s are written", "records/s are done");
            assertThat(cause.run(found).out()).contains("delivered");
        } finally {
            writing.shutdownNow();
        }
        endpoint.release();
        cause.await(uuid, "nothing-new");
    }

    @Test
    void isBusy() {
        endpoint.hold();
        JsonNode found = cause.await(mapping("one"), "in-flight");
        assertThat(found.path("sentence").asText()).isEqualTo("1 record is with the function, in attempt 1.");
    }

    private String mapping(String value, String... members) {
        return mappingTo("f", value, members);
    }

    private String mappingTo(String function, String value, String... members) {
        String topic = kafka.createTopic(TestKafka.topicName("diagnosis"), 1);
        kafka.produce(topic, value);
        return server.mapping(topic, function, "TRIM_HORIZON", members);
    }
}
