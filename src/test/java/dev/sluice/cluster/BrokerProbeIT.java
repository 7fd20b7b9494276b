package dev.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.ProbeResult.Kind;
import dev.sluice.embedded.EmbeddedKafka;
import dev.sluice.embedded.EmbeddedKafkaConfiguration;
import dev.sluice.embedded.HostAndPort;
import dev.sluice.fixture.FreePort;
import dev.sluice.fixture.SecuredKafka;
import dev.sluice.fixture.TestKafka;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerProbeIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    @Test
    void saysThatAllIsWell() throws Exception {
        TestKafka kafka = TestKafka.shared();
        String topic = kafka.createTopic(TestKafka.topicName("probe"), 1);

        assertThat(probe(kafka.bootstrapServers(), topic)).returns(Kind.REACHABLE, ProbeResult::kind).returns(true, ProbeResult::reachable);
    }

    @Test
    void namesTheMissingTopicAndDoesNotCreateIt() throws Exception {
        TestKafka kafka = TestKafka.shared();

        assertThat(probe(kafka.bootstrapServers(), "nobody-made-this").kind()).isEqualTo(Kind.TOPIC_MISSING);
        assertThat(probe(kafka.bootstrapServers(), "nobody-made-this").message()).contains("nobody-made-this");
        assertThat(kafka.admin().listTopics().names().get()).doesNotContain("nobody-made-this");
    }

    @Test
    void namesEachBootstrapAddressThatDoesNotAnswer() throws Exception {
        int closed = FreePort.one();

        ProbeResult result = probe("localhost:" + closed + ",no-such-host.invalid:9092");

        assertThat(result.kind()).isEqualTo(Kind.BOOTSTRAP_UNREACHABLE);
        assertThat(result.message()).contains("localhost:" + closed, "no-such-host.invalid:9092 (the host name can't be resolved)");
    }

    @Test
    void usesTheBootstrapAddressThatAnswers() throws Exception {
        assertThat(probe("localhost:" + FreePort.one() + "," + TestKafka.shared().bootstrapServers()).kind()).isEqualTo(Kind.REACHABLE);
    }

    @Test
    void namesBothAddressesWhenTheAdvertisedOneDoesNotAnswer() throws Exception {
        int closed = FreePort.one();
        int second = FreePort.one();
        try (EmbeddedKafka kafka = EmbeddedKafka.open(new EmbeddedKafkaConfiguration(directory, "localhost", 0,
                List.of(new HostAndPort("localhost", closed), new HostAndPort("localhost", second))))) {
            kafka.start().get(30, TimeUnit.SECONDS);
            String bootstrap = "localhost:" + kafka.port();

            ProbeResult result = probe(bootstrap);

            assertThat(result.kind()).isEqualTo(Kind.ADVERTISED_UNREACHABLE);
            assertThat(result.message()).startsWith(bootstrap + " answers, but the broker there advertises localhost:" + closed)
                    .contains("--embedded-kafka-advertise");
            assertThat(probe("localhost:" + second).kind()).isEqualTo(Kind.REACHABLE);
            assertThat(probe(kafka.localBootstrapServers()).kind()).isEqualTo(Kind.REACHABLE);
        }
    }

    @Test
    void isDoneInTimeWhenWhatListensDoesNotSpeakKafka() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            long before = System.nanoTime();

            ProbeResult result =
                    new BrokerProbe(new Listeners()).probe(new Brokers("127.0.0.1:" + silent.getLocalPort(), Map.of()), List.of(),
                            Duration.ofSeconds(1));

            assertThat(result.kind()).isEqualTo(Kind.NOT_KAFKA);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void namesTheLogInThatAPortWants() throws Exception {
        String sasl = SecuredKafka.shared().saslServers();
        assertThat(probe(sasl)).isEqualTo(new ProbeResult(Kind.WRONG_LISTENER, sasl + " wants a log-in (" + "PLAIN, SCRAM-SHA-512"
                + "), and security.protocol is PLAINTEXT; set security.protocol: SASL_PLAINTEXT, sasl.mechanism and sasl.jaas.config among the"
                + " properties of its entry under clusters in sluice.yaml"));
    }

    @Test
    void saysWhatIsWrongWithTheClientProperties() throws Exception {
        ProbeResult result = new BrokerProbe(new Listeners()).probe(new Brokers(SecuredKafka.shared().tlsServers(),
                Map.of("security.protocol", "SSL", "ssl.truststore.location", "no-such-file.jks", "ssl.truststore.password", "hunter2")),
                List.of(), TIMEOUT);

        assertThat(result.kind()).isEqualTo(Kind.REFUSED);
        assertThat(result.message()).contains("no-such-file.jks").doesNotContain("hunter2");
    }

    private static ProbeResult probe(String bootstrapServers, String... topics) throws InterruptedException {
        return new BrokerProbe(new Listeners()).probe(new Brokers(bootstrapServers, Map.of()), List.of(topics), TIMEOUT);
    }
}
