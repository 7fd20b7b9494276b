package dev.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.SecuredKafka;
import dev.sluice.fixture.TestKafka;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the ports of real brokers, and of other programs, are taken for. */
class ListenersIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Listeners listeners = new Listeners();

    @ParameterizedTest
    @CsvSource({"PLAINTEXT, SSL or SASL_SSL", "SASL_PLAINTEXT, SASL_SSL"})
    void tlsWhereNoneIsConfigured(String protocol, String wanted) {
        for (String tls : new String[] {SecuredKafka.shared().tlsServers(), SecuredKafka.shared().mutualTlsServers()}) {
            assertThat(problem(tls, protocol)).isEqualTo(tls + " speaks TLS, and security.protocol is " + protocol
                    + "; set security.protocol: " + wanted
                    + " among the properties of its entry under clusters in sluice.yaml, or name the port that speaks plaintext");
        }
    }

    @ParameterizedTest
    @CsvSource({"SSL, PLAINTEXT or SASL_PLAINTEXT", "SASL_SSL, SASL_PLAINTEXT"})
    void noTlsWhereItIsConfigured(String protocol, String wanted) {
        String open = TestKafka.shared().bootstrapServers();
        assertThat(problem(open, protocol)).isEqualTo(open + " speaks Kafka without TLS, and security.protocol is " + protocol
                + "; set security.protocol: " + wanted
                + " among the properties of its entry under clusters in sluice.yaml, or name the port that speaks TLS");
    }

    @Test
    void whatIsConfiguredIsSpoken() {
        assertThat(problem(TestKafka.shared().bootstrapServers(), null)).isEmpty();
        assertThat(problem(SecuredKafka.shared().saslServers(), "SASL_PLAINTEXT")).isEmpty();
        assertThat(problem(SecuredKafka.shared().tlsServers(), "ssl")).isEmpty();
        assertThat(problem(TestKafka.shared().bootstrapServers(), "NO_SUCH")).as("the client says so itself").isEmpty();
        assertThat(listeners.withoutStaticMembers(new Brokers(TestKafka.shared().bootstrapServers(), Map.of()))).isFalse();
    }

    /** An answer of Kafka 2.2, which has JoinGroup up to version 4, and none of a broker that has no groups. */
    @ParameterizedTest
    @CsvSource({"4, true", "5, false"})
    void knowsBrokersThatAreTooOldForNamesInGroups(int joinGroup, boolean old) throws Exception {
        String answer = "\u0000\u0000\u0000\u0010sluc\u0000\u0000\u0000\u0000\u0000\u0001\u0000\u000b\u0000\u0000\u0000" + (char) joinGroup;
        try (Answering broker = new Answering(answer)) {
            Brokers brokers = new Brokers(broker.address(), Map.of());
            assertThat(listeners.problem(brokers, PATIENCE)).isEmpty();
            assertThat(listeners.withoutStaticMembers(brokers)).isEqualTo(old);
        }
        Brokers tls = new Brokers("tls:1", Map.of("security.protocol", "SSL"));
        listeners.failed(tls, new KafkaException("no session", new UnsupportedVersionException(
                "The cluster does not support [GroupInstanceId] in JOIN_GROUP API version 3. Upgrade the cluster")));
        assertThat(listeners.withoutStaticMembers(tls)).isTrue();
    }

    @Test
    void anotherProgramIsQuotedAsFarAsItSpeaksText() throws Exception {
        try (Answering http = new Answering("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")) {
            assertThat(problem(http.address(), null)).isEqualTo(http.address()
                    + " accepts connections, but answers as no Kafka broker does (\"HTTP/1.1 400 Bad Request\"); is it the port of another"
                    + " program?");
        }
        try (Answering binary = new Answering("\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008")) {
            assertThat(problem(binary.address(), "SSL")).contains("answers as no Kafka broker does; is it");
        }
    }

    /** The request's id comes back, and then not what Kafka says. */
    @ParameterizedTest
    @ValueSource(strings = {"", "x", "\u0000\u0000\u0000\u00ff"})
    void whatTellsNothingIsLeftToKafkasClient(String answer) throws Exception {
        try (Answering other = new Answering(answer)) {
            assertThat(
                    listeners.problem(new Brokers(other.address(), Map.of()), Duration.ofMillis(500)).filter(said -> answer.length() < 2))
                    .isEmpty();
        }
        assertThat(problem("no-such-host.invalid:9092", null)).isEmpty();
        assertThat(problem("nonsense", null)).isEmpty();
    }

    // As OpenSSL: what is no TLS gets no answer at all.
    @Test
    void tlsThatHangsUpOnAnythingElseIsFoundOutByAHandshake() throws Exception {
        try (Answering silent = new Answering("", "\u0015\u0003\u0003\u0000\u0002\u0002\u0028")) {
            assertThat(problem(silent.address(), "PLAINTEXT")).contains(" speaks TLS, and security.protocol is PLAINTEXT");
            assertThat(problem(silent.address(), "SSL")).isEmpty();
        }
        try (Answering mute = new Answering("", "")) {
            assertThat(problem(mute.address(), "PLAINTEXT")).isEmpty();
        }
    }

    @Test
    void whatAnsweredAsConfiguredIsNotAskedAgainUntilAConnectionFails() throws Exception {
        try (Answering tls = new Answering("\u0015\u0003\u0003\u0000\u0002\u0002\u0050")) {
            Brokers brokers = new Brokers(tls.address(), Map.of("security.protocol", "SSL"));
            assertThat(listeners.problem(brokers, PATIENCE)).isEmpty();
            assertThat(listeners.problem(brokers, PATIENCE)).isEmpty();
            assertThat(tls.connections.get()).isEqualTo(1);

            listeners.failed(brokers, new SaslAuthenticationException("wrong password"));
            assertThat(listeners.problem(brokers, PATIENCE)).isEmpty();
            assertThat(tls.connections.get()).as("who refuses a user has answered as configured").isEqualTo(1);
            listeners.failed(brokers, new KafkaException("broken"));
            assertThat(listeners.problem(brokers, PATIENCE)).isEmpty();
            assertThat(tls.connections.get()).isEqualTo(2);
            assertThat(listeners.problem(new Brokers(tls.address(), Map.of()), PATIENCE)).as("with another protocol").isPresent();
        }
    }

    private String problem(String servers, String protocol) {
        return listeners.problem(new Brokers(servers, protocol == null ? Map.of() : Map.of("security.protocol", protocol)), PATIENCE)
                .orElse("");
    }

    /** Gives whoever connects the same bytes, and closes. */
    private static final class Answering implements AutoCloseable {

        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        private final AtomicInteger connections = new AtomicInteger();

        private Answering(String bytes) throws IOException {
            this(bytes, bytes);
        }

        /** @param toTls what it says to who begins a handshake */
        private Answering(String bytes, String toTls) throws IOException {
            Thread thread = new Thread(() -> {
                while (!socket.isClosed()) {
                    try (Socket client = socket.accept()) {
                        connections.incrementAndGet();
                        boolean tls = client.getInputStream().readNBytes(20)[0] == 0x16;
                        client.getOutputStream().write((tls ? toTls : bytes).getBytes(StandardCharsets.ISO_8859_1));
                    } catch (IOException closed) {
                        // Whether the test is over, the loop asks.
                    }
                }
            }, "answering");
            thread.setDaemon(true);
            thread.start();
        }

        private String address() {
            return "127.0.0.1:" + socket.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
