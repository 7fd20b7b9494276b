package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.FreePort;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import dev.sluice.fixture.TokenEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a mapping that logs in with tokens, when their endpoint or the broker doesn't do what it should. */
class TokenLogInIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ARN = "arn:aws:secretsmanager:us-east-1:000000000000:secret:token-AbCdEf";

    @TempDir
    private Path directory;
    private final TokenEndpoint tokens = new TokenEndpoint("client", "right");
    private final HandlerEndpoint endpoint = new HandlerEndpoint();
    private TestServer server;
    private TestKafka kafka;
    private String broker;

    @BeforeEach
    void serve() throws IOException {
        server = TestServer.startWithFile(directory, null,
                Map.of("timeouts.broker", "1s", "timeouts.unrecoverable", "6s", "timeouts.refusedLogIn", "30s", "embeddedKafkaPort",
                        String.valueOf(FreePort.andTheOneBehind(3)),
                        "embeddedKafkaListeners", "plaintext,sasl_plaintext"),
                "secrets: {token: {file: token.json}}\n");
        server.function("f", endpoint);
        var listeners = JSON.readTree(server.send("GET", "/_sluice/clusters", null).body()).path("listeners");
        kafka = TestKafka.at(listeners.path(0).path("bootstrapServers").asText());
        broker = listeners.path(1).path("bootstrapServers").asText();
        for (int i = 1; i <= 5; i++) {
            kafka.createTopic("orders" + i, 1);
            kafka.produce("orders" + i, "one");
        }
    }

    @AfterEach
    void stop() {
        kafka.close();
        server.close();
        endpoint.close();
        tokens.close();
    }

    @Test
    void theRequestSaysScopeAndAudienceAndIsMadeOnceForAllMappings() throws IOException {
        secret(tokens.url("/token"), "right");
        for (int i = 1; i <= 5; i++) {
            mapping("orders" + i);
        }
        await().atMost(TestServer.PATIENCE).until(() -> endpoint.values().size() == 5);
        assertThat(tokens.forms()).containsExactly("grant_type=client_credentials&scope=kafka%3Aread%2Ball&audience=orders%40co");
    }

    @Test
    void anExpiredTokenIsRefusedByTheBroker() throws IOException {
        secret(tokens.url("/expired"), "right");
        String uuid = mapping("orders1");
        server.awaitResult(uuid, "PROBLEM: SASL authentication failed.").awaitState(uuid, "Disabled");
        assertThat(server.get(uuid).path("StateTransitionReason").asText()).isEqualTo("EVENT_SOURCE_AUTHN_ERROR");
    }

    // Accounts get locked: three mappings that are refused may not ask each time they try again.
    @Test
    void aRefusedClientIsNotShownToItsEndpointAgainAndAgain() throws IOException {
        secret(tokens.url("/token"), "wrong");
        String uuid = mapping("orders1");
        mapping("orders2");
        mapping("orders3");
        server.awaitResult(uuid, "PROBLEM: SASL authentication failed.").awaitState(uuid, "Disabled");
        assertThat(server.get(uuid).path("StateTransitionReason").asText()).isEqualTo("EVENT_SOURCE_AUTHN_ERROR");
        assertThat(tokens.refusals()).isBetween(1, 2);
    }

    @Test
    void anEndpointThatIsDownIsAProblemOfConnectionAndTheMappingRecoversByItself() throws IOException {
        secret("http://localhost:1/token", "right");
        String uuid = mapping("orders1");
        server.awaitResult(uuid,
                "PROBLEM: Connection error. Your event source VPC must be able to connect to Lambda and STS, Secrets Manager")
                .awaitState(uuid, "Enabled");
        assertThat(server.result(uuid)).contains("http://localhost:1/token");
        secret(tokens.url("/token"), "right");
        server.send("POST", "/_sluice/mappings/" + uuid + "/retry", "");
        await().atMost(Duration.ofSeconds(60)).until(() -> endpoint.values().contains("one"));
    }

    @Test
    void anEndpointThatHangsHoldsNoStopUp() throws IOException {
        secret(tokens.url("/hangs"), "right");
        String uuid = mapping("orders1");
        await().atMost(TestServer.PATIENCE).until(() -> tokens.hanging() > 0);
        long start = System.nanoTime();
        server.stop();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(9));
        assertThat(uuid).isNotEmpty();
    }

    // Kafka 4 refuses every endpoint that a system property doesn't list.
    @Test
    void theEndpointOfAnEntrysPropertiesIsAllowed() {
        server.stop();
        server.file(
                """
                        clusters:
                          - match: ['*.prod.example:9096']
                            bootstrapServers: %s
                            properties:
                              security.protocol: SASL_PLAINTEXT
                              sasl.mechanism: OAUTHBEARER
                              sasl.oauthbearer.token.endpoint.url: %s
                              sasl.login.callback.handler.class: org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler
                              sasl.jaas.config: org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId="client" clientSecret="right";
                        """
                        .formatted(broker, tokens.url("/token")));
        server.start();
        server.function("f", endpoint);

        server.mappingWithAccess("b1.prod.example:9096", "{\"Type\":\"BASIC_AUTH\",\"URI\":\"" + ARN + "\"}", "orders1", "f",
                "TRIM_HORIZON");

        await().atMost(TestServer.PATIENCE).until(() -> endpoint.values().contains("one"));
    }

    private String mapping(String topic) {
        return server.mappingWithAccess(broker,
                "{\"Type\":\"OAUTHBEARER_AUTH\",\"URI\":\"" + ARN + "\"},{\"Type\":\"OAUTHBEARER_SCOPE\",\"URI\":\"kafka:read+all\"},"
                        + "{\"Type\":\"OAUTHBEARER_AUDIENCE\",\"URI\":\"orders@co\"}",
                topic, "f", "TRIM_HORIZON");
    }

    private void secret(String url, String clientSecret) throws IOException {
        Files.writeString(directory.resolve("token.json"),
                JSON.valueToTree(Map.of("clientId", "client", "clientSecret", clientSecret, "tokenEndpoint", url)).toString());
    }
}
