package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.PoisonedFunction;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a mapping's limits, filters and destination do to records on a real broker, from the request that sets them to the commits. */
class FailureHandlingIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = TestServer.PATIENCE;
    private static final String PROVISIONED = "\"ProvisionedPollerConfig\":{\"MinimumPollers\":1,\"MaximumPollers\":1}";

    @TempDir
    private static Path dataDir;
    private static TestKafka kafka;
    private static TestServer server;

    @BeforeAll
    static void start() {
        kafka = TestKafka.shared();
        server = TestServer.start(dataDir, kafka.bootstrapServers(), Map.of("relaxed", "true"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    // powertools-lambda-python#2969, #2973, #5362: partial failures of Kafka batches, testable locally.
    @Test
    void onlyTheRecordsThatAFunctionNamesComeAgainAndNothingIsCommittedPastThem() {
        try (PoisonedFunction function = new PoisonedFunction(true)) {
            String topic = topic("partial");
            kafka.produce(topic, "a", "poison", "b", "c");
            String uuid = mapping(server, topic, function, PROVISIONED, "\"FunctionResponseTypes\":[\"ReportBatchItemFailures\"]");
            await().atMost(PATIENCE).until(() -> function.calls().size() >= 3);

            assertThat(function.calls().get(0)).containsExactly("a", "poison", "b", "c");
            assertThat(function.calls().get(1)).containsExactly("poison");
            await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 3); // "a" is committed, "poison" is not
            server.awaitResult(uuid, "PROBLEM: Function call failed. The function reported 1 of");
            function.heal();
            await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
            assertThat(function.taken()).containsExactly("a", "b", "c", "poison");
            server.awaitResult(uuid, "OK");
        }
    }

    // aws-cdk PR#28010, PR#36164: a poison record must not block its partition; bisect, retries, a kafka:// destination.
    @Test
    void bisectingSendsThePoisonAloneToTheDestinationAndDeliversTheRestInOrder() {
        try (PoisonedFunction function = new PoisonedFunction(false)) {
            String topic = topic("bisected");
            String failed = topic("failed");
            for (String value : List.of("a", "b", "c", "poison", "d", "e")) {
                kafka.produce(topic, 0, "key-" + value, value);
            }
            String uuid = mapping(server, topic, function, PROVISIONED, "\"BisectBatchOnFunctionError\":true", "\"MaximumRetryAttempts\":1",
                    "\"DestinationConfig\":{\"OnFailure\":{\"Destination\":\"kafka://" + failed + "\"}}");

            await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
            assertThat(function.taken()).containsExactly("a", "b", "c", "d", "e");
            assertThat(function.calls().stream().filter(List.of("poison")::equals)).as("alone: once, and one retry").hasSize(2);
            List<ConsumerRecord<byte[], byte[]>> sent = kafka.records(failed, 0);
            assertThat(sent).hasSize(1);
            assertThat(new String(sent.get(0).key(), StandardCharsets.UTF_8)).isEqualTo("key-poison");
            JsonNode record = json(sent.get(0).value());
            assertThat(record.at("/requestContext/condition").asText()).isEqualTo("RetriesExhausted");
            assertThat(record.at("/payload/records/" + topic + "-0/0/offset").asLong()).isEqualTo(3);
        }
    }

    // localstack#11262: OnFailure with ReportBatchItemFailures lost the record; floci#3263: partial failures never tripped the limit.
    @Test
    void whatAFunctionKeepsNamingGoesToTheDestinationWhenItsRetriesAreUsedUp() {
        try (PoisonedFunction function = new PoisonedFunction(true)) {
            String topic = topic("named");
            String failed = topic("failed");
            kafka.produce(topic, "a", "poison 1", "b", "poison 2");
            String uuid = mapping(server, topic, function, PROVISIONED, "\"FunctionResponseTypes\":[\"ReportBatchItemFailures\"]",
                    "\"MaximumRetryAttempts\":2", "\"DestinationConfig\":{\"OnFailure\":{\"Destination\":\"kafka://" + failed + "\"}}");

            await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
            assertThat(function.taken()).containsExactly("a", "b");
            assertThat(function.calls()).hasSize(3);
            assertThat(kafka.records(failed, 0))
                    .extracting(record -> json(record.value()).at("/payload/records/" + topic + "-0/0/value").asText())
                    .containsExactly("cG9pc29uIDE=", "cG9pc29uIDI=");
        }
    }

    // users of azure-functions-kafka-extension#17, #614: retries and a dead letter, and no commit on failure.
    @Test
    void aDestinationThatIsNotThereKeepsTheRecordsUntilItIs() {
        try (PoisonedFunction function = new PoisonedFunction(false)) {
            String topic = topic("waiting");
            String missing = TestKafka.topicName("missing");
            kafka.produce(topic, "poison");
            String uuid = mapping(server, topic, function, PROVISIONED, "\"MaximumRetryAttempts\":0",
                    "\"DestinationConfig\":{\"OnFailure\":{\"Destination\":\"kafka://" + missing + "\"}}");

            await().atMost(PATIENCE)
                    .until(() -> server.result(uuid).contains("1 record kept, to be sent again. The on-failure destination kafka://"));
            assertThat(server.result(uuid)).startsWith("PROBLEM: Connection error.").contains(missing);
            assertThat(kafka.lag(uuid, topic)).isEqualTo(1);
            kafka.createTopic(missing, 1);
            await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
            assertThat(kafka.records(missing, 0)).hasSize(1);
            assertThat(function.calls()).as("the function is not asked again meanwhile").hasSize(1);
        }
    }

    @Test
    void whatADestinationDoesNotTakeIsDroppedAsOnAwsWhenTheConfigurationSaysSo(@TempDir Path data) {
        try (PoisonedFunction function = new PoisonedFunction(false);
                TestServer dropping = TestServer.start(data, kafka.bootstrapServers(), Map.of("onFailure.dropWhenUnavailable", "true"))) {
            String topic = topic("dropped");
            kafka.produce(topic, "poison");
            String uuid = mapping(dropping, topic, function, PROVISIONED, "\"MaximumRetryAttempts\":0",
                    "\"DestinationConfig\":{\"OnFailure\":{\"Destination\":\"kafka://" + TestKafka.topicName("missing") + "\"}}");

            await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
            await().atMost(PATIENCE).until(() -> dropping.result(uuid).contains("1 record dropped. The on-failure destination kafka://"));
        }
    }

    @Test
    void withADestinationMinusOneMeansTenRetries() {
        try (PoisonedFunction function = new PoisonedFunction(false)) {
            String topic = topic("ten");
            String failed = topic("failed");
            kafka.produce(topic, "poison");
            String uuid = mapping(server, topic, function, PROVISIONED, "\"MaximumRetryAttempts\":-1",
                    "\"DestinationConfig\":{\"OnFailure\":{\"Destination\":\"kafka://" + failed + "\"}}");

            await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
            assertThat(function.calls()).hasSize(11);
            assertThat(json(kafka.records(failed, 0).get(0).value()).at("/requestContext/approximateInvokeCount").asInt()).isEqualTo(11);
        }
    }

    @Test
    void recordsOverTheirAgeGoToTheDestinationWithoutACall() {
        try (PoisonedFunction function = new PoisonedFunction(false)) {
            String topic = topic("aged");
            String failed = topic("failed");
            kafka.produce(
                    new ProducerRecord<>(topic, 0, System.currentTimeMillis() - 61_000, null, "old".getBytes(StandardCharsets.UTF_8)));
            kafka.produce(topic, "young");
            String uuid = mapping(server, topic, function, PROVISIONED, "\"MaximumRecordAgeInSeconds\":60",
                    "\"DestinationConfig\":{\"OnFailure\":{\"Destination\":\"kafka://" + failed + "\"}}");

            await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
            assertThat(function.calls()).containsExactly(List.of("young"));
            assertThat(kafka.records(failed, 0)).hasSize(1);
        }
    }

    @Test
    void aRecordTooLargeForAnyEventGoesToTheDestinationWithoutACall() {
        try (PoisonedFunction function = new PoisonedFunction(false)) {
            String topic = kafka.createTopic(TestKafka.topicName("large"), 1, "max.message.bytes", "16000000");
            String failed = kafka.createTopic(TestKafka.topicName("failed"), 1, "max.message.bytes", "16000000");
            kafka.produce(topic, "before");
            kafka.produce(topic, "x".repeat(5_000_000));
            kafka.produce(topic, "after");
            String uuid = mapping(server, topic, function, PROVISIONED,
                    "\"DestinationConfig\":{\"OnFailure\":{\"Destination\":\"kafka://" + failed + "\"}}");

            await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
            assertThat(function.taken()).containsExactly("before", "after");
            JsonNode record = json(kafka.records(failed, 0).get(0).value());
            assertThat(record.at("/requestContext/condition").asText()).isEqualTo("MaximumPayloadSizeExceeded");
            assertThat(record.at("/responseContext").isNull()).isTrue();
        }
    }

    @Test
    void skippingGoesPastAPoisonBatchAndToWhatComesAfter() {
        try (PoisonedFunction function = new PoisonedFunction(false)) {
            String topic = topic("skipped");
            kafka.produce(topic, "poison 1", "poison 2");
            String uuid = mapping(server, topic, function);
            assertThat(server.send("POST", "/_sluice/mappings/" + uuid + "/skip", "").body()).isEqualTo("{\"skipped\":0}");
            await().atMost(PATIENCE).until(() -> function.calls().size() >= 2);
            kafka.produce(topic, "after");

            await().atMost(PATIENCE).until(() -> {
                server.send("POST", "/_sluice/mappings/" + uuid + "/skip", "");
                return function.taken().contains("after");
            });
            await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
            assertThat(function.taken()).containsExactly("after");
        }
    }

    // ministack PR#914, PR#1034, floci PR#3060: FilterCriteria was silently dropped.
    @Test
    void whatDoesNotPassTheFiltersIsCommittedAlsoWhenNothingPasses() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint()) {
            String topic = topic("filtered");
            String function = TestKafka.topicName("function");
            server.function(function, endpoint);
            String uuid = server.mapping(topic, function, "TRIM_HORIZON", "\"BatchSize\":2",
                    "\"FilterCriteria\":{\"Filters\":[{\"Pattern\":\"{\\\"value\\\":{\\\"kind\\\":[\\\"wanted\\\"]}}\"},"
                            + "{\"Pattern\":\"{\\\"value\\\":{\\\"n\\\":[{\\\"numeric\\\":[\\\">\\\",100]}]}}\"}]}");
            server.awaitState(uuid, "Enabled");
            for (int i = 0; i < 50; i++) {
                kafka.produce(topic, "{\"kind\":\"other\",\"n\":" + i + "}");
            }
            await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
            assertThat(endpoint.events()).isEmpty();

            kafka.produce(topic, "{\"kind\":\"wanted\"}", "{\"kind\":\"other\"}", "{\"n\":101}", "{\"n\":99}");
            await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
            assertThat(endpoint.values()).containsExactly("{\"kind\":\"wanted\"}", "{\"n\":101}");
        }
    }

    @Test
    void oneMappingOnThreeTopicsCommitsAllThreeInOneGroup() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint()) {
            List<String> topics = List.of(topic("one"), topic("two"), topic("three"));
            String function = TestKafka.topicName("function");
            server.function(function, endpoint);
            topics.forEach(topic -> kafka.produce(topic, "from " + topic));
            String uuid = server.mapping(String.join("\",\"", topics), function, "TRIM_HORIZON");

            topics.forEach(topic -> await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0));
            assertThat(endpoint.values()).containsExactlyInAnyOrderElementsOf(topics.stream().map(topic -> "from " + topic).toList());
        }
    }

    private static String topic(String name) {
        return kafka.createTopic(TestKafka.topicName(name), 1);
    }

    private static String mapping(TestServer at, String topic, PoisonedFunction function, String... members) {
        String name = TestKafka.topicName("function");
        function.registerAs(name, at);
        return at.mapping(topic, name, "TRIM_HORIZON", members);
    }

    private static JsonNode json(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
