package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.SecuredKafka;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each cause on the brokers' side produced for real, found in the control API and on the command line, and its command run. */
class SourceDiagnosisIT {

    @TempDir
    private Path directory;
    private final HandlerEndpoint endpoint = new HandlerEndpoint();
    private final TestKafka kafka = TestKafka.shared();
    private final SecuredKafka secured = SecuredKafka.shared();
    private TestServer server;
    private FoundCause cause;

    private void serve(String file) {
        server = TestServer.startWithFile(directory, kafka.bootstrapServers(),
                Map.of("timeouts.broker", "1s", "timeouts.unrecoverable", "1h", "timeouts.refusedLogIn", "1s"), file);
        server.function("f", endpoint);
        cause = new FoundCause(server);
    }

    @AfterEach
    void stop() {
        server.close();
        endpoint.close();
    }

    @Test
    void refusesAndUnreadableSecrets() throws Exception {
        String user = TestKafka.topicName("user");
        secured.setPassword(user, "right");
        serve("secrets:\n  wrong: {value: {username: " + user + ", password: other}}\n  right: {value: {username: " + user
                + ", password: right}}\n  missing: {file: missing.json}\n");
        String refused = logIn("wrong");
        String notAllowed = logIn("right");
        String missing = logIn("missing");

        JsonNode found = cause.await(refused, "log-in-refused");
        assertThat(found.path("sentence").asText()).startsWith("The log-in is refused: ");
        assertThat(cause.run(found).out()).contains(secured.saslServers());
        cause.run(cause.await(notAllowed, "not-authorized"));
        assertThat(cause.await(missing, "configuration").path("sentence").asText()).startsWith("The secret arn:aws:secretsmanager");
        assertThat(server.send("GET", "/_sluice/mappings", null).body()).doesNotContain("other\"");
    }

    @Test
    void brokersWithoutTrust() {
        serve("clusters: [{match: ['" + secured.tlsServers() + "'], bootstrapServers: '" + secured.tlsServers()
                + "', properties: {security.protocol: SSL}}]\n");
        JsonNode found = cause.await(server.selfManagedMapping(secured.tlsServers(), "orders", "f", "LATEST"), "brokers-not-trusted");
        cause.run(found);
    }

    @Test
    void brokersThatWantACertificateAndACertificateThatIsNone() {
        StringBuilder trust = new StringBuilder();
        secured.trust()
                .forEach((name, value) -> trust.append(trust.isEmpty() ? "" : ", ").append(name).append(": '").append(value).append("'"));
        serve("secrets: {broken: {value: {certificate: none, privateKey: neither}}}\nclusters: [{match: ['" + secured.mutualTlsServers()
                + "'], bootstrapServers: '" + secured.mutualTlsServers() + "', properties: {" + trust + "}}]\n");
        String without = server.selfManagedMapping(secured.mutualTlsServers(), "orders", "f", "LATEST");
        String broken = server.mappingWithAccess(secured.tlsServers(), "{\"Type\":\"CLIENT_CERTIFICATE_TLS_AUTH\",\"URI\":"
                + "\"arn:aws:secretsmanager:us-east-1:000000000000:secret:broken-AbCdEf\"}", "orders", "f", "LATEST");
        cause.run(cause.await(without, "certificate-refused"));
        cause.run(cause.await(broken, "certificate-unusable"));
    }

    @Test
    void nobodyWhoKeepsSecrets() {
        serve("endpoints: {secretsmanager: 'http://localhost:1'}\n");
        JsonNode found = cause.await(logIn("any"), "secrets-unreachable");
        assertThat(found.path("sentence").asText() + found.path("figures")).contains("localhost:1");
        cause.run(found);
    }

    @Test
    void openTransaction() {
        serve("");
        String topic = topic();
        String uuid = server.mapping(topic, "f", "TRIM_HORIZON");
        server.awaitState(uuid, "Enabled");
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", TestKafka.topicName("tx")),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, "open".getBytes(StandardCharsets.UTF_8)));
            producer.flush();
            JsonNode found = cause.await(uuid, "open-transaction");
            assertThat(found.path("sentence").asText())
                    .isEqualTo(topic + "-0: records from offset 0 on wait for an open transaction to end.");
            assertThat(cause.run(found).out()).contains("wait for an open transaction");
            producer.commitTransaction();
        }
        await().atMost(TestServer.PATIENCE).until(() -> endpoint.values().contains("open"));
        cause.await(uuid, "nothing-new");
    }

    @Test
    void groupWhoseOtherMemberDoesNotAnswer() {
        serve("");
        String topic = topic();
        String group = TestKafka.topicName("theirs");
        try (KafkaConsumer<byte[], byte[]> theirs =
                new KafkaConsumer<>(Map.of("bootstrap.servers", kafka.bootstrapServers(), "group.id", group),
                        new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            theirs.subscribe(List.of(topic));
            await().atMost(TestServer.PATIENCE).until(() -> {
                theirs.poll(Duration.ofMillis(200));
                return !theirs.assignment().isEmpty();
            });
            String uuid =
                    server.mapping(topic, "f", "LATEST", "\"AmazonManagedKafkaEventSourceConfig\":{\"ConsumerGroupId\":\"" + group + "\"}");
            cause.run(cause.await(uuid, "waiting-for-group"));
        }
    }

    // Two containers with one volume's copy: each has the other's place in the group.
    @Test
    void copyOfADataDirectory() throws IOException {
        serve("");
        String topic = topic();
        String uuid = server.mapping(topic, "f", "LATEST");
        server.awaitState(uuid, "Enabled");
        server.stop();
        Path copy = Files.createDirectory(directory.resolve("copy"));
        try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = copy.resolve(directory.resolve("data").relativize(file));
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
        server.start();
        try (TestServer other = TestServer.start(copy, kafka.bootstrapServers(), Map.of())) {
            await().atMost(Duration.ofSeconds(60)).until(() -> Stream.of(server, other)
                    .anyMatch(each -> each.detail(uuid).path("diagnosis").path(0).path("code").asText().equals("same-data-directory")));
            TestServer fenced = Stream.of(server, other)
                    .filter(each -> each.detail(uuid).path("diagnosis").toString().contains("same-data-directory")).findFirst()
                    .orElseThrow();
            FoundCause found = new FoundCause(fenced);
            found.run(found.first(uuid));
        }
    }

    @Test
    void disabledByTheBrokersRefusal() {
        String user = TestKafka.topicName("user");
        secured.setPassword(user, "right");
        secured.allowReading(user, ResourceType.GROUP, "*");
        server = TestServer.startWithFile(directory, kafka.bootstrapServers(),
                Map.of("timeouts.broker", "1s", "timeouts.unrecoverable", "2s", "timeouts.refusedLogIn", "1s"),
                "secrets: {right: {value: {username: " + user + ", password: right}}}\n");
        server.function("f", endpoint);
        cause = new FoundCause(server);
        String topic = TestKafka.topicName("orders");
        secured.unrestricted().createTopic(topic, 1);
        String uuid = mapping("right", topic);
        JsonNode found = cause.await(uuid, "disabled-by-problem");
        assertThat(found.path("sentence").asText()).startsWith("Disabled, EVENT_SOURCE_AUTHZ_ERROR: ");
        secured.allowReading(user, ResourceType.TOPIC, topic);
        cause.run(found);
        server.awaitState(uuid, "Enabled");
        cause.await(uuid, "nothing-new");
    }

    private String logIn(String secret) {
        String topic = TestKafka.topicName("orders");
        secured.unrestricted().createTopic(topic, 1);
        return mapping(secret, topic);
    }

    private String mapping(String secret, String topic) {
        return server.mappingWithAccess(secured.saslServers(), "{\"Type\":\"SASL_SCRAM_512_AUTH\",\"URI\":"
                + "\"arn:aws:secretsmanager:us-east-1:000000000000:secret:" + secret + "-AbCdEf\"}", topic, "f", "TRIM_HORIZON");
    }

    private String topic() {
        return kafka.createTopic(TestKafka.topicName("diagnosis"), 1);
    }
}
