package dev.sluice.cluster;

import static dev.sluice.fixture.Mappings.aMapping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedded.BrokerSecurity;
import dev.sluice.embedded.BrokerSecurity.ClientAuth;
import dev.sluice.embedded.EmbeddedKafka;
import dev.sluice.embedded.EmbeddedKafkaConfiguration;
import dev.sluice.embedded.HostAndPort;
import dev.sluice.fixture.TestAccess;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.SourceAccessConfiguration;
import dev.sluice.secret.ConfiguredSecrets;
import dev.sluice.secret.ConfiguredSecrets.Entry;
import dev.sluice.secret.SecretSource;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** To whom a credential is shown, and to whom not; against a broker that advertises a host elsewhere. */
class BrokerAccessIT {

    private static final String ARN = "arn:aws:secretsmanager:us-east-1:000000000000:secret:";
    private static final SecretSource SECRETS = new ConfiguredSecrets(Map.of("right",
            new Entry.Value("{\"username\":\"alice\",\"password\":\"right\"}"), "wrong",
            new Entry.Value("{\"username\":\"alice\",\"password\":\"wrong\"}")));

    @TempDir
    private static Path directory;
    private static EmbeddedKafka broker;
    private static String sasl;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedKafka.open(new EmbeddedKafkaConfiguration(directory, "localhost", 0,
                List.of(HostAndPort.parse("elsewhere.example:9092")),
                new BrokerSecurity(EnumSet.of(SecurityProtocol.SASL_PLAINTEXT), ClientAuth.NONE, Map.of("alice", "right"), null, null)));
        broker.start().get(60, TimeUnit.SECONDS);
        sasl = "localhost:" + broker.port();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    // A credential goes nowhere in plaintext that is neither this machine nor named by the user.
    @Test
    void brokersThatAdvertiseAHostElsewhereGetNoLogInWithoutTls() throws Exception {
        BrokerAccess access = access(new ClusterDirectory("localhost:1", Map.of(), List.of()));
        assertThat(access.of(mapping(sasl, "right"))).isInstanceOfSatisfying(SourceBrokers.Refused.class,
                refused -> assertThat(refused.reason()).contains("advertise elsewhere.example", "without TLS"));
    }

    @Test
    void aHostThatTheConfigNamesMayHearIt() throws Exception {
        BrokerAccess access = access(new ClusterDirectory("localhost:1", Map.of(),
                List.of(new ClusterConfiguration(List.of(), List.of(sasl, "elsewhere.example:9092"), Map.of(), null))));
        Brokers found = access.of(mapping(sasl, "right")).found().orElseThrow();
        assertThat(found.toClientSettings()).containsEntry("security.protocol", "SASL_PLAINTEXT").containsEntry("sasl.mechanism", "PLAIN");
        assertThat(found.toString()).doesNotContain("jaas.config=o", "\"right\"");
    }

    @Test
    void brokersElsewhereAreLoggedInToOverTlsWhateverTheyMaySpeak() throws Exception {
        BrokerAccess access = access(new ClusterDirectory("localhost:1", Map.of(), List.of()));
        SourceBrokers answer = access.of(mapping("192.0.2.1:9096", "right"));
        assertThat(answer.found().orElseThrow().toClientSettings()).containsEntry("security.protocol", "SASL_SSL");
    }

    @Test
    void plaintextAndPropertiesAskForNoSecret() throws Exception {
        BrokerAccess plaintext = access(new ClusterDirectory("localhost:1", Map.of(), List.of(new ClusterConfiguration(List.of(),
                List.of("192.0.2.1:9092"), Map.of(), null, SecurityProtocol.PLAINTEXT, List.of()))));
        EventSourceMapping missing = mapping("192.0.2.1:9092", "missing");
        assertThat(plaintext.of(missing).found().orElseThrow().credentials()).isNull();
        assertThat(plaintext.use(missing)).contains(CredentialUse.PLAINTEXT);

        BrokerAccess properties = access(new ClusterDirectory("localhost:1", Map.of(), List.of(new ClusterConfiguration(List.of(),
                List.of("192.0.2.1:9092"), Map.of("security.protocol", "SSL"), null))));
        assertThat(properties.of(missing).found().orElseThrow().credentials()).isNull();
        assertThat(properties.use(missing)).contains(CredentialUse.PROPERTIES);

        assertThat(TestAccess.to(new ClusterDirectory("localhost:1", Map.of(), List.of())).use(missing))
                .contains(CredentialUse.NOWHERE_TO_LOOK);
    }

    @Test
    void anEntrysSecretsAreForMappingsThatNameNoneAndItsPropertiesWinKeyByKey() throws Exception {
        BrokerAccess access = access(new ClusterDirectory("localhost:1", Map.of(), List.of(new ClusterConfiguration(List.of(),
                List.of(sasl, "elsewhere.example:9092"), Map.of("sasl.mechanism", "SCRAM-SHA-256"), null, null,
                List.of(new SourceAccessConfiguration("SASL_SCRAM_512_AUTH", ARN + "right-AbCdEf"))))));
        EventSourceMapping without = aMapping().selfManagedKafka(sasl)
                .sourceAccessConfigurations(new SourceAccessConfiguration("VPC_SUBNET", "subnet:subnet-1")).build();
        assertThat(access.of(without).found().orElseThrow().toClientSettings()).containsEntry("sasl.mechanism", "SCRAM-SHA-256");
        assertThat(access.use(without)).contains(CredentialUse.SECRETS);
        assertThat(access.secrets(List.of(mapping(sasl, "wrong")))).containsExactlyInAnyOrder(ARN + "right-AbCdEf", ARN + "wrong-AbCdEf");
    }

    @Test
    void aRefusalIsTheBrokersOwn() throws Exception {
        BrokerAccess access = access(new ClusterDirectory("localhost:1", Map.of(), List.of()));
        assertThat(access.of(mapping(sasl, "wrong"))).isInstanceOfSatisfying(SourceBrokers.Failed.class,
                failed -> assertThat(failed.cause()).isInstanceOf(SaslAuthenticationException.class)
                        .hasMessageContaining("Invalid username"));
        assertThat(access.of(mapping(sasl, "missing"))).isInstanceOfSatisfying(SourceBrokers.Refused.class,
                refused -> assertThat(refused.reason()).contains("There is no secret " + ARN + "missing-AbCdEf"));
    }

    private static BrokerAccess access(ClusterDirectory clusters) {
        return TestAccess.to(clusters, SECRETS);
    }

    private static EventSourceMapping mapping(String server, String secret) {
        return aMapping().selfManagedKafka(server)
                .sourceAccessConfigurations(new SourceAccessConfiguration("BASIC_AUTH", ARN + secret + "-AbCdEf")).build();
    }
}
