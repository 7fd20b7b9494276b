package dev.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.SecuredKafka;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

/** Against a broker with log-ins and ACLs. */
class UnlikeAwsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SecuredKafka kafka = SecuredKafka.shared();
    private final UnlikeAws unlikeAws = new UnlikeAws();

    @Test
    void aUserWhoMayReadAndNothingElseLacksDescribeConfigs() throws Exception {
        String user = "reader-of-unlike-aws";
        kafka.setPassword(user, "secret");
        kafka.allowReading(user, ResourceType.TOPIC, "orders");
        Brokers brokers = new Brokers(kafka.saslServers(), SecuredKafka.scram(user, "secret"));

        assertThat(unlikeAws.of(brokers, PATIENCE)).hasSize(2).first().asString()
                .isEqualTo("it logs in at " + kafka.saslServers() + " without TLS; Lambda speaks SASL over TLS only");
        assertThat(unlikeAws.of(brokers, PATIENCE)).element(1).asString().contains("DescribeConfigs", "kafka-acls --add");

        kafka.allow(user, AclOperation.DESCRIBE_CONFIGS, ResourceType.CLUSTER, "kafka-cluster");
        assertThat(unlikeAws.of(brokers, PATIENCE)).as("asked once for one version").hasSize(2);
        unlikeAws.forget(any -> true);
        assertThat(unlikeAws.of(brokers, PATIENCE)).hasSize(1);
    }

    @Test
    void aClientCertificateThatNobodyAsksForIsNoLogInOnAws() throws Exception {
        Brokers unasked = new Brokers(kafka.tlsServers(), kafka.trustAndCertificate());
        assertThat(unlikeAws.of(unasked, PATIENCE)).first().asString()
                .isEqualTo(kafka.tlsServers()
                        + " does not ask for the client certificate that it shows; Lambda takes that for a failed log-in");
        Brokers asked = new Brokers(kafka.mutualTlsServers(), kafka.trustAndCertificate());
        assertThat(unlikeAws.of(asked, PATIENCE)).noneMatch(clause -> clause.contains("certificate"));
        assertThat(CertificateQuestion.asksForOne(kafka.mutualTlsServers(), PATIENCE)).isTrue();
        assertThat(CertificateQuestion.asksForOne(kafka.tlsServers(), PATIENCE)).isFalse();
    }

    @Test
    void brokersWithoutALogInAreAskedNothing() throws Exception {
        assertThat(unlikeAws.of(new Brokers("localhost:1", Map.of()), PATIENCE)).isEmpty();
        assertThat(unlikeAws.of(new Brokers("localhost:1", kafka.trust()), PATIENCE)).isEmpty();
    }

    @Test
    void whatIsNotLearntIsAskedAgain() throws Exception {
        String user = "late-of-unlike-aws";
        Brokers brokers = new Brokers(kafka.saslServers(), SecuredKafka.scram(user, "secret"));
        assertThat(unlikeAws.of(brokers, PATIENCE)).as("nobody is let in").hasSize(1);
        kafka.setPassword(user, "secret");
        assertThat(unlikeAws.of(brokers, PATIENCE)).hasSize(2);
    }
}
