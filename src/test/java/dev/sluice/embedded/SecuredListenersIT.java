package dev.sluice.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.embedded.BrokerSecurity.ClientAuth;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecuredListenersIT {

    @TempDir
    private Path directory;

    // What a newcomer does: take the file, and be in.
    @Test
    void aClientOfEachListenerNeedsNothingButItsFile() throws Exception {
        try (EmbeddedKafka kafka = started(security(ClientAuth.REQUIRED, Map.of()), List.of())) {
            assertThat(kafka.listeners()).extracting(EmbeddedKafka.Listener::protocol).containsExactly(SecurityProtocol.values());
            for (EmbeddedKafka.Listener listener : kafka.listeners()) {
                assertThat(advertised(settings(listener))).as(listener.toString()).isEqualTo(listener.bootstrapServers());
                assertThat(settings(listener)).containsEntry("bootstrap.servers", listener.bootstrapServers());
            }
        }
        if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("clients")))).isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("tls")))).isEqualTo("rwx------");
        }
    }

    @Test
    void onlyTheUsersOfTheConfigGetInAndNothingOfThemIsOnDisk() throws Exception {
        String password = "p\"w; \\ äöü\n" + "never on disk";
        BrokerSecurity security = security(ClientAuth.NONE, Map.of("al\"ice", password, "bob", "b"));
        try (EmbeddedKafka kafka = started(security, List.of())) {
            for (SecurityProtocol protocol : List.of(SecurityProtocol.SASL_PLAINTEXT, SecurityProtocol.SASL_SSL)) {
                Properties settings = settings(listener(kafka, protocol));
                for (String mechanism : List.of("SCRAM-SHA-256", "SCRAM-SHA-512", "PLAIN")) {
                    assertThat(advertised(as(settings, mechanism, "bob", "b"))).isNotEmpty();
                    assertThat(advertised(as(settings, mechanism, "al\"ice", password))).isNotEmpty();
                    assertRefused(as(settings, mechanism, "bob", "wrong"), SaslAuthenticationException.class);
                    assertRefused(as(settings, mechanism, "carol", "b"), SaslAuthenticationException.class);
                    assertRefused(as(settings, mechanism, "sluice", "sluice"), SaslAuthenticationException.class);
                }
            }
            assertThat(security.toString()).contains("bob").doesNotContain("never on disk");
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)).as(file.toString())
                        .doesNotContain("never on disk");
            }
        }
    }

    @Test
    void aListenerThatRequiresACertificateTakesNobodyWithout() throws Exception {
        try (EmbeddedKafka kafka = started(security(ClientAuth.REQUIRED, Map.of()), List.of())) {
            Properties settings = settings(listener(kafka, SecurityProtocol.SSL));
            settings.remove("ssl.keystore.location");
            settings.remove("ssl.keystore.type");
            assertRefused(settings, SslAuthenticationException.class);
        }
    }

    // Clients keep the CA they have been given; the broker's own certificate follows its names.
    @Test
    void theAuthorityStaysWhenTheBrokerIsStartedAgainOrGetsAnotherName() throws Exception {
        BrokerSecurity security = security(ClientAuth.REQUESTED, Map.of());
        String ca;
        byte[] broker;
        try (EmbeddedKafka kafka = started(security, List.of())) {
            assertThat(kafka.bootstrapServers()).startsWith("localhost:");
            ca = Files.readString(directory.resolve("clients/ca.pem"));
            broker = Files.readAllBytes(directory.resolve("tls/certificates.p12"));
        }
        try (EmbeddedKafka kafka = started(security, List.of())) {
            assertThat(kafka.listeners()).hasSize(4);
            assertThat(Files.readAllBytes(directory.resolve("tls/certificates.p12"))).isEqualTo(broker);
        }
        try (EmbeddedKafka kafka = started(security, List.of(HostAndPort.parse("sluice.example:9092")))) {
            assertThat(Files.readString(directory.resolve("clients/ca.pem"))).isEqualTo(ca);
            assertThat(Files.readAllBytes(directory.resolve("tls/certificates.p12"))).isNotEqualTo(broker);
            assertThat(listener(kafka, SecurityProtocol.SASL_SSL).bootstrapServers()).startsWith("sluice.example:");
            BrokerCertificates now = BrokerCertificates.in(directory.resolve("tls"), List.of("sluice.example"));
            assertThat(now.ca()).isEqualTo(ca);
        }
    }

    @Test
    void portsLieAsAmazonsDoAndTheFirstListenerNamesTheBroker() {
        EmbeddedKafkaConfiguration configuration =
                new EmbeddedKafkaConfiguration(directory, "localhost", 9092, List.of(), security(ClientAuth.NONE, Map.of()));
        assertThat(Stream.of(SecurityProtocol.values()).map(configuration::port)).containsExactly(9092, 9094, 9095, 9096);
        assertThatThrownBy(() -> new EmbeddedKafkaConfiguration(directory, "localhost", 65_532, List.of(), configuration.security()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("SASL_SSL").hasMessageContaining("65531");
        assertThatThrownBy(() -> new EmbeddedKafkaConfiguration(directory, "localhost", 9092,
                HostAndPort.parseList("localhost:9092,sluice:9094"), configuration.security())).hasMessageContaining("sluice:9094");
    }

    private BrokerSecurity security(ClientAuth clientAuth, Map<String, String> users) {
        return new BrokerSecurity(EnumSet.allOf(SecurityProtocol.class), clientAuth, users, directory.resolve("tls"),
                directory.resolve("clients"));
    }

    private EmbeddedKafka started(BrokerSecurity security, List<HostAndPort> advertised) throws Exception {
        EmbeddedKafka kafka =
                EmbeddedKafka.open(new EmbeddedKafkaConfiguration(directory.resolve("kafka"), "localhost", 0, advertised, security));
        kafka.start().get(60, TimeUnit.SECONDS);
        return kafka;
    }

    private static EmbeddedKafka.Listener listener(EmbeddedKafka kafka, SecurityProtocol protocol) {
        return kafka.listeners().stream().filter(listener -> listener.protocol() == protocol).findFirst().orElseThrow();
    }

    private static Properties settings(EmbeddedKafka.Listener listener) throws IOException {
        Properties settings = new Properties();
        try (Reader file = Files.newBufferedReader(listener.clientProperties())) {
            settings.load(file);
        }
        return settings;
    }

    private static Properties as(Properties settings, String mechanism, String user, String password) {
        Properties other = new Properties();
        other.putAll(settings);
        other.put("sasl.mechanism", mechanism);
        other.put("sasl.jaas.config", "org.apache.kafka.common.security." + (mechanism.equals("PLAIN") ? "plain.Plain" : "scram.Scram")
                + "LoginModule required username=" + quoted(user) + " password=" + quoted(password) + ";");
        return other;
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    private static String advertised(Properties settings) throws Exception {
        try (Admin admin = Admin.create(settings)) {
            var node = admin.describeCluster().nodes().get(30, TimeUnit.SECONDS).iterator().next();
            return node.host() + ":" + node.port();
        }
    }

    private static void assertRefused(Properties settings, Class<? extends Exception> how) {
        assertThatThrownBy(() -> advertised(settings)).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(how);
    }
}
