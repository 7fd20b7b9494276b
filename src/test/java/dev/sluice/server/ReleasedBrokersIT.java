package dev.sluice.server;

import static dev.sluice.fixture.DeliveryGuarantees.assertAtLeastOnce;
import static dev.sluice.fixture.DeliveryGuarantees.assertInOrderPerPartition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.HandlerEndpoint.Received;
import dev.sluice.fixture.ReleasedBroker;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Brokers that others run: those of the system property {@code sluice.brokers}, else one of them. */
class ReleasedBrokersIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ARN = "arn:aws:secretsmanager:us-east-1:000000000000:secret:";
    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir
    private Path directory;
    private final HandlerEndpoint plain = new HandlerEndpoint();
    private final HandlerEndpoint secured = new HandlerEndpoint();
    private TestServer server;

    static Stream<String> versions() {
        return Arrays.stream(System.getProperty("sluice.brokers", "3.9.1").split("[, ]+"));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        plain.close();
        secured.close();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void deliversInPlaintextAndOverTlsWithALogInAndGoesOnWhenTheBrokerComesBack(String version) throws Exception {
        try (ReleasedBroker broker = new ReleasedBroker(version, Files.createDirectory(directory.resolve("broker")));
                TestKafka kafka = TestKafka.at(broker.plaintext())) {
            String topic = kafka.createTopic("orders", 3);
            List<String> produced = new ArrayList<>(values("before", 300));
            broker.produce(topic, produced);
            serve(broker, ReleasedBroker.PASSWORD);

            String open = server.mappingOf(TestServer.CLUSTER, topic, "plain", "TRIM_HORIZON");
            String loggedIn =
                    server.mappingWithAccess(broker.saslOverTls(), access("login") + "," + ca(), topic, "secured", "TRIM_HORIZON");
            awaitAll(produced);
            broker.stop();
            server.awaitResult(open, "PROBLEM: Connection error.");
            broker.start();
            List<String> after = values("after", 300);
            broker.produce(topic, after);
            produced.addAll(after);
            awaitAll(produced);

            for (HandlerEndpoint endpoint : List.of(plain, secured)) {
                List<Received> received = endpoint.received();
                assertAtLeastOnce(received, produced);
                assertInOrderPerPartition(received);
            }
            for (String uuid : List.of(open, loggedIn)) {
                server.awaitResult(uuid, "OK").awaitState(uuid, "Enabled");
                await().atMost(LONG).until(() -> kafka.lag(uuid, topic) == 0);
            }
            refuses(broker, topic);
            if (version.matches("3\\..*|4\\.[01]\\..*")) {
                isTooOldForAQueue(broker, topic);
            }
        }
    }

    private void isTooOldForAQueue(ReleasedBroker broker, String topic) {
        String queue = server.uuid(server.send("POST", "/2015-03-31/event-source-mappings",
                "{\"FunctionName\":\"missing\",\"Topics\":[\"" + topic
                        + "\"],\"SelfManagedEventSource\":{\"Endpoints\":{\"KAFKA_BOOTSTRAP_SERVERS\":[\"" + broker.plaintext()
                        + "\"]}},\"SourceAccessConfigurations\":[{\"Type\":\"VPC_SUBNET\",\"URI\":\"subnet:subnet-local\"}],"
                        + "\"SelfManagedKafkaEventSourceConfig\":{\"ConsumptionMode\":\"Queue\"}}"));
        server.awaitResult(queue,
                "PROBLEM: Connection error. Please check your event source connection configuration. Queue mode needs Kafka"
                        + " 4.2 or newer, and " + broker.plaintext() + " is older.");
    }

    private void refuses(ReleasedBroker broker, String topic) throws IOException {
        String wrong = server.mappingWithAccess(broker.saslOverTls(), access("wrong") + "," + ca(), topic, "plain", "TRIM_HORIZON");
        server.awaitResult(wrong, "PROBLEM: SASL authentication failed.");
        secret("wrong", Map.of("username", ReleasedBroker.USER, "password", ReleasedBroker.PASSWORD));
        await().atMost(LONG).until(() -> server.result(wrong).equals("OK"));
        String untrusted = server.mappingWithAccess(broker.saslOverTls(), access("login"), topic, "refused", "TRIM_HORIZON");
        server.awaitResult(untrusted, "PROBLEM: Lambda failed to authenticate server");
        String missing = server.mappingWithAccess(broker.saslOverTls(), access("missing") + "," + ca(), topic, "missing", "TRIM_HORIZON");
        server.awaitResult(missing, "PROBLEM: Connection error.");
        assertThat(server.result(missing)).contains("The secret " + ARN + "missing");
    }

    private void serve(ReleasedBroker broker, String password) throws IOException {
        secret("login", Map.of("username", ReleasedBroker.USER, "password", password));
        secret("wrong", Map.of("username", ReleasedBroker.USER, "password", "other"));
        secret("ca", Map.of("certificate", broker.rootCertificate()));
        server = TestServer.startWithFile(directory, broker.plaintext(), Map.of("timeouts.refusedLogIn", "1s"),
                "secrets: {login: {file: login.json}, wrong: {file: wrong.json}, ca: {file: ca.json}, missing: {file: missing.json}}\n");
        server.function("plain", plain);
        server.function("secured", secured);
        server.function("refused", plain);
        server.function("missing", plain);
    }

    private void awaitAll(List<String> produced) {
        await().atMost(LONG).until(() -> plain.values().containsAll(produced) && secured.values().containsAll(produced));
    }

    private void secret(String name, Map<String, String> members) throws IOException {
        Files.writeString(directory.resolve(name + ".json"), JSON.valueToTree(members).toString());
    }

    private static List<String> values(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> name + " " + i).toList();
    }

    private static String access(String secret) {
        return "{\"Type\":\"BASIC_AUTH\",\"URI\":\"" + ARN + secret + "-AbCdEf\"}";
    }

    private static String ca() {
        return "{\"Type\":\"SERVER_ROOT_CA_CERTIFICATE\",\"URI\":\"" + ARN + "ca-AbCdEf\"}";
    }
}
