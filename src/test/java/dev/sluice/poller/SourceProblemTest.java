package dev.sluice.poller;

import static dev.sluice.mapping.StateTransitionReason.EVENT_SOURCE_AUTHN_ERROR;
import static dev.sluice.mapping.StateTransitionReason.EVENT_SOURCE_AUTHZ_ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.mapping.StateTransitionReason;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceProblemTest {

    private static final String SERVER_REFUSES = "PROBLEM: Server failed to authenticate Lambda";
    private static final String LAMBDA_REFUSES = "PROBLEM: Lambda failed to authenticate server";

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(new SaslAuthenticationException("no"), "PROBLEM: SASL authentication failed.", EVENT_SOURCE_AUTHN_ERROR),
                Arguments.of(new UnsupportedSaslMechanismException("no"), "PROBLEM: SASL authentication failed.", EVENT_SOURCE_AUTHN_ERROR),
                Arguments.of(new TopicAuthorizationException(Set.of("t")), "PROBLEM: Cluster failed to authorize Lambda.",
                        EVENT_SOURCE_AUTHZ_ERROR),
                Arguments.of(GroupAuthorizationException.forGroupId("g"), "PROBLEM: Cluster failed to authorize Lambda.",
                        EVENT_SOURCE_AUTHZ_ERROR),
                Arguments.of(handshake("unable to find valid certification path to requested target"), LAMBDA_REFUSES,
                        EVENT_SOURCE_AUTHN_ERROR));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void hasAwssTextAndItsCodeForEachRefusal(Exception cause, String text, StateTransitionReason reason) {
        for (Exception failure : new Exception[] {cause, new KafkaException("wrapped", cause)}) {
            SourceProblem problem = SourceProblem.of(failure);

            assertThat(problem.lastProcessingResult()).isEqualTo(text);
            assertThat(problem.reason()).isEqualTo(reason);
            assertThat(problem.detail()).contains(cause.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bad_certificate", "certificate_required", "certificate_unknown", "certificate_expired",
            "unsupported_certificate", "unknown_ca"})
    void tellsByTheAlertThatItIsOurCertificateTheServerRefuses(String alert) {
        assertThat(SourceProblem.of(handshake("Received fatal alert: " + alert)).lastProcessingResult()).isEqualTo(SERVER_REFUSES);
        // Newer JDKs say the alert twice.
        assertThat(SourceProblem.of(handshake("(" + alert + ") Received fatal alert: " + alert)).lastProcessingResult())
                .isEqualTo(SERVER_REFUSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Received fatal alert: handshake_failure", "Received fatal alert: protocol_version",
            "No subject alternative names present", "(certificate_unknown) No subject alternative names present"})
    void takesNoOtherHandshakeForThat(String message) {
        assertThat(SourceProblem.of(handshake(message)).lastProcessingResult()).isEqualTo(LAMBDA_REFUSES);
    }

    @Test
    void triesEverythingElseForEver() {
        SourceProblem problem = SourceProblem.of(new TimeoutException("no answer"));

        assertThat(problem.reason()).isNull();
        assertThat(problem.lastProcessingResult())
                .isEqualTo("PROBLEM: Connection error. Please check your event source connection configuration. no answer");
    }

    private static Exception handshake(String message) {
        return new SslAuthenticationException("SSL handshake failed", new SSLHandshakeException(message));
    }
}
