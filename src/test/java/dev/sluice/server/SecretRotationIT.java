package dev.sluice.server;

import static dev.sluice.fixture.DeliveryGuarantees.assertAtLeastOnce;
import static dev.sluice.fixture.DeliveryGuarantees.assertExactlyOnce;
import static dev.sluice.fixture.DeliveryGuarantees.assertInOrderPerPartition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.embedded.BrokerSecurity;
import dev.sluice.embedded.BrokerSecurity.ClientAuth;
import dev.sluice.embedded.EmbeddedKafka;
import dev.sluice.embedded.EmbeddedKafkaConfiguration;
import dev.sluice.fixture.FreePort;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import dev.sluice.secret.Secrets;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.management.ObjectName;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A secret gets another value while mappings poll with the old one. */
class SecretRotationIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ACCESS =
            "{\"Type\":\"SASL_SCRAM_512_AUTH\",\"URI\":\"arn:aws:secretsmanager:us-east-1:000000000000:secret:login-AbCdEf\"}";
    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir
    private Path directory;
    private final HandlerEndpoint endpoint = new HandlerEndpoint();
    private final HandlerEndpoint failing = new HandlerEndpoint();
    private final ListAppender<ILoggingEvent> refusals = new ListAppender<>();
    private final ListAppender<ILoggingEvent> changes = new ListAppender<>();
    private final List<String> produced = new ArrayList<>();
    private int port;
    private EmbeddedKafka broker;
    private TestKafka kafka;
    private TestServer server;

    @BeforeEach
    void listen() throws Exception {
        port = FreePort.andTheOneBehind(BrokerSecurity.portOffset(SecurityProtocol.SASL_PLAINTEXT));
        refusals.start();
        clientLog().addAppender(refusals);
        changes.start();
        secretLog().addAppender(changes);
        failing.failAlways(true);
    }

    @AfterEach
    void stop() {
        clientLog().detachAppender(refusals);
        secretLog().detachAppender(changes);
        if (server != null) {
            server.close();
        }
        kafka.close();
        broker.close();
        endpoint.close();
        failing.close();
    }

    // In order: what is in flight finishes, is committed, and the new consumer takes the old one's place in its group.
    @Test
    void aNewValueIsTakenWithoutAnybodyBeingRefusedAndWithoutARecordTwice() throws Exception {
        broker = broker(Map.of("alice", "a", "bob", "b"));
        secret("alice", "a");
        serve("1s");
        String topic = kafka.createTopic("orders", 3);
        String uuid = server.mappingWithAccess(sasl(), ACCESS, topic, "f", "TRIM_HORIZON");
        produce(topic, 3, "before");
        await().atMost(LONG).until(() -> endpoint.values().size() == 3);
        int events = endpoint.events().size();
        endpoint.hold();
        produce(topic, 3, "in flight");
        await().atMost(LONG).until(() -> endpoint.events().size() > events);

        secret("bob", "b");
        await().atMost(LONG)
                .until(() -> changes.list.stream().anyMatch(event -> event.getFormattedMessage().contains("has another value")));
        endpoint.release();
        produce(topic, 30, "after");

        await().atMost(LONG).until(() -> endpoint.values().containsAll(produced));
        assertExactlyOnce(endpoint.received(), produced);
        assertInOrderPerPartition(endpoint.received());
        assertThat(refused()).isZero();
        await().atMost(LONG).until(() -> kafka.lag(uuid, topic) == 0);
        server.awaitResult(uuid, "OK");
    }

    // The new password in, the old one out, the brokers restarted, as a rotation at night goes.
    @Test
    void twentyMappingsADestinationAndAReplaySurviveARotationUnderLoad() throws Exception {
        int mappings = 20;
        broker = broker(Map.of("alice", "old"));
        secret("alice", "old");
        serve("5m");
        List<String> topics = new ArrayList<>();
        for (int i = 0; i < mappings; i++) {
            topics.add(kafka.createTopic("orders-" + i, 1));
            server.mappingWithAccess(sasl(), ACCESS, topics.get(i), "f", "TRIM_HORIZON");
        }
        String bad = kafka.createTopic("bad", 1);
        String dead = kafka.createTopic("dead", 1);
        server.mappingWithAccess(sasl(), ACCESS, bad, "fails", "TRIM_HORIZON",
                "\"ProvisionedPollerConfig\":{\"MinimumPollers\":1,\"MaximumPollers\":1},\"MaximumRetryAttempts\":0",
                "\"DestinationConfig\":{\"OnFailure\":{\"Destination\":\"kafka://" + dead + "\"}}");
        kafka.produce(bad, "bad 1");
        topics.forEach(topic -> produce(topic, 5, "before"));
        await().atMost(LONG).until(() -> endpoint.values().containsAll(produced));
        await().atMost(LONG).until(() -> kafka.records(dead, 0).size() == 1);
        Set<String> clientsBefore = clients();
        int threadsBefore = clientThreads();
        long socketsBefore = sockets();
        String delivered = delivery();
        assertThat(replay(delivered)).isEqualTo("succeeded");

        secret("alice", "new");
        broker.close();
        broker = broker(Map.of("alice", "new"));
        topics.forEach(topic -> produce(topic, 5, "after"));
        kafka.produce(bad, "bad 2");

        await().atMost(LONG).until(() -> endpoint.values().containsAll(produced));
        await().atMost(LONG).until(() -> kafka.records(dead, 0).size() == 2);
        assertAtLeastOnce(endpoint.received(), produced);
        assertInOrderPerPartition(endpoint.received());
        assertThat(replay(delivered)).isEqualTo("succeeded");
        // Each client that was open is refused once as it connects again; whoever begins with the old value after that is not let near.
        assertThat(refused()).isLessThanOrEqualTo(2 * (mappings + 1) + 4);
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(clients().size()).isLessThanOrEqualTo(clientsBefore.size());
            assertThat(clientThreads()).isLessThanOrEqualTo(threadsBefore);
            assertThat(sockets()).isLessThanOrEqualTo(socketsBefore);
        });
        int refusedAtTheEnd = refused();
        produce(topics.get(0), 5, "later");
        await().atMost(LONG).until(() -> endpoint.values().containsAll(produced));
        assertThat(refused()).as("nobody goes on with the old one").isEqualTo(refusedAtTheEnd);
    }

    // Accounts get locked: twenty mappings that try again every few seconds are hundreds of refusals in a minute.
    @Test
    void mappingsWithAWrongPasswordAreRefusedTwiceAllTogether() throws Exception {
        broker = broker(Map.of("alice", "right"));
        secret("alice", "wrong");
        serve("5m");
        List<String> uuids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String topic = kafka.createTopic("orders-" + i, 1);
            uuids.add(server.mappingWithAccess(sasl(), ACCESS, topic, "f", "TRIM_HORIZON"));
            produce(topic, 1, "waits");
        }
        uuids.forEach(uuid -> server.awaitResult(uuid, "PROBLEM: SASL authentication failed.").awaitState(uuid, "Enabled"));
        await().atMost(LONG).until(() -> refused() == 2);

        secret("alice", "right");

        await().atMost(LONG).until(() -> endpoint.values().containsAll(produced));
        assertThat(refused()).isEqualTo(2);
        uuids.forEach(uuid -> server.awaitResult(uuid, "OK"));
    }

    private void serve(String secretAge) {
        kafka = TestKafka.at("localhost:" + port);
        server = TestServer.startWithFile(directory, "localhost:" + port, Map.of("timeouts.secretAge", secretAge),
                "secrets: {login: {file: login.json}}\n");
        server.function("f", endpoint);
        server.function("fails", failing);
    }

    private EmbeddedKafka broker(Map<String, String> users) throws Exception {
        EmbeddedKafka opened = EmbeddedKafka.open(new EmbeddedKafkaConfiguration(directory.resolve("kafka"), "localhost", port, List.of(),
                new BrokerSecurity(Set.of(SecurityProtocol.PLAINTEXT, SecurityProtocol.SASL_PLAINTEXT), ClientAuth.NONE, users, null,
                        null)));
        opened.start().get(60, TimeUnit.SECONDS);
        return opened;
    }

    private String sasl() {
        return "localhost:" + (port + BrokerSecurity.portOffset(SecurityProtocol.SASL_PLAINTEXT));
    }

    /** At once, as a rotation does it: nobody reads half of it. */
    private void secret(String user, String password) throws IOException {
        Path written = directory.resolve("login.new");
        Files.writeString(written, JSON.valueToTree(Map.of("username", user, "password", password)).toString());
        Files.move(written, directory.resolve("login.json"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void produce(String topic, int count, String name) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(topic + " " + name + " " + i);
        }
        kafka.produce(topic, values.toArray(String[]::new));
        produced.addAll(values);
    }

    private String delivery() throws IOException {
        JsonNode deliveries =
                JSON.readTree(server.send("GET", "/_sluice/deliveries?state=delivered&function=f", null).body()).path("deliveries");
        return deliveries.get(0).path("id").asText();
    }

    private String replay(String delivery) throws IOException {
        String answer = server.send("POST", "/_sluice/deliveries/" + delivery + "/replay", "").body();
        return JSON.readTree(answer).path("outcome").asText(answer);
    }

    private int refused() {
        String to = ":" + sasl().split(":")[1];
        return (int) List.copyOf(refusals.list).stream().map(ILoggingEvent::getFormattedMessage)
                .filter(message -> message.contains("failed authentication") && message.contains(to + ")")).count();
    }

    private static Logger clientLog() {
        return (Logger) LoggerFactory.getLogger("org.apache.kafka.clients.NetworkClient");
    }

    private static Logger secretLog() {
        return (Logger) LoggerFactory.getLogger(Secrets.class);
    }

    /** Of Sluice's clients of Kafka in this JVM, by what they have told JMX. */
    private static Set<String> clients() throws Exception {
        Set<String> clients = new TreeSet<>();
        for (String kind : List.of("consumer", "producer", "admin.client")) {
            clients.addAll(
                    ManagementFactory.getPlatformMBeanServer().queryNames(new ObjectName("kafka." + kind + ":type=app-info,id=*"), null)
                            .stream().map(ObjectName::toString).collect(Collectors.toSet()));
        }
        return clients;
    }

    /** Of this machine to the SASL listener; where there is no such file nobody counts them. */
    private long sockets() throws IOException {
        String to = String.format(":%04X", Integer.parseInt(sasl().split(":")[1]));
        long sockets = 0;
        for (String file : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            if (Files.exists(Path.of(file))) {
                sockets += Files.readAllLines(Path.of(file)).stream().map(line -> line.strip().split(" +"))
                        .filter(fields -> fields.length > 3 && fields[2].endsWith(to) && fields[3].equals("01")).count();
            }
        }
        return sockets;
    }

    private static int clientThreads() {
        return (int) Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(name -> name.startsWith("kafka-admin-client-thread") || name.startsWith("kafka-producer-network-thread")
                        || name.startsWith("kafka-coordinator-heartbeat-thread"))
                .count();
    }
}
