package dev.sluice.server;

import static dev.sluice.fixture.DeliveryGuarantees.assertExactlyOnce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.SecuredKafka;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mappings as production's templates have them, with its names in them, against a broker of this machine. */
class ProductionTemplateIT {

    private static final String NO_BROKER = "localhost:1";
    private static final String SERVERS = "broker1.prod.example:9096,broker2.prod.example:9096";

    @TempDir
    private Path directory;
    private final HandlerEndpoint endpoint = new HandlerEndpoint();
    private TestServer server;

    @AfterEach
    void stop() {
        server.close();
        endpoint.close();
    }

    private void serve(String kafka, String file) {
        server = TestServer.startWithFile(directory, kafka, Map.of("timeouts.broker", "1s"), file);
        server.function("f", endpoint);
    }

    // It used to try the production addresses for ever.
    @Test
    void selfManagedKafkaIsReadFromTheBrokersOfTheEntryThatItsAddressesMatch() {
        TestKafka kafka = TestKafka.shared();
        serve(NO_BROKER, "clusters:\n  - match: ['*.prod.example:9096']\n    bootstrapServers: " + kafka.bootstrapServers()
                + "\n    advertise: " + SERVERS + "\n");
        String topic = kafka.createTopic(TestKafka.topicName("template"), 1);
        kafka.produce(topic, "one", "two");

        String uuid = server.selfManagedMapping(SERVERS, topic, "f", "TRIM_HORIZON");

        await().atMost(TestServer.PATIENCE).until(() -> endpoint.values().size() == 2);
        assertExactlyOnce(endpoint.received(), List.of("one", "two"));
        assertThat(endpoint.events().get(0).path("bootstrapServers").asText()).as("as the function sees it in production")
                .isEqualTo(SERVERS);
        assertThat(server.get(uuid).path("SelfManagedEventSource").toString()).contains("broker1.prod.example:9096");
        assertThat(server.detail(uuid).path("detail").path("bootstrapServers").asText()).isEqualTo(kafka.bootstrapServers());
    }

    @Test
    void anArnMayMatchWithAnAsterisk() {
        TestKafka kafka = TestKafka.shared();
        serve(NO_BROKER, "clusters:\n  - match: ['arn:aws:kafka:*:cluster/*']\n    bootstrapServers: " + kafka.bootstrapServers()
                + "\n");
        String topic = kafka.createTopic(TestKafka.topicName("template"), 1);
        kafka.produce(topic, "one");

        server.mapping(topic, "f", "TRIM_HORIZON");

        await().atMost(TestServer.PATIENCE).until(() -> endpoint.values().equals(List.of("one")));
    }

    // KAFKA-4090: Kafka's client takes the beginning of TLS for a length and allocates it; five mappings took gigabytes.
    @Test
    void aPortOfTheWrongKindIsNamedBeforeAnyClientComesNearIt() {
        String tls = SecuredKafka.shared().tlsServers();
        serve(tls, "relaxed: false\n");

        String uuid = server.mapping("orders", "f", "LATEST");

        String problem = "PROBLEM: Connection error. Please check your event source connection configuration. " + tls
                + " speaks TLS, and security.protocol is PLAINTEXT";
        await().atMost(Duration.ofSeconds(5)).until(() -> server.result(uuid).startsWith(problem));
        server.awaitState(uuid, "Enabled");
        assertThat(Thread.getAllStackTraces().keySet()).as("no client of Kafka's")
                .noneMatch(thread -> thread.getName().contains("sluice-" + uuid));
    }
}
