package dev.sluice.server;

import static dev.sluice.fixture.DeliveryGuarantees.assertAtLeastOnce;
import static dev.sluice.fixture.DeliveryGuarantees.assertExactlyOnce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.ClustersFile;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.SecuredKafka;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a mapping whose brokers refuse the log-in, or the right to read, and of its neighbour on other brokers. */
class SourceAccessIT {

    private static final Duration PATIENCE = TestServer.PATIENCE;
    private static final String OTHER_CLUSTER = "arn:aws:kafka:us-east-1:000000000000:cluster/open/aaaaaaaa-fd1b-45ad-85dd-15b4a5a6247e-2";
    private static final String SASL_FAILED = "PROBLEM: SASL authentication failed.";
    private static final String NOT_AUTHORIZED = "PROBLEM: Cluster failed to authorize Lambda.";
    private static final String RIGHT = "the right password";
    private static final String WRONG = "the wrong password";
    /** Long enough to see that nothing happens before, short enough to wait for. */
    private static final String SOON = "4s";
    private static final String NEVER = "1h";

    @TempDir
    private Path dir;
    private SecuredKafka secured;
    private HandlerEndpoint endpoint;
    private TestServer server;
    private String user;
    private String topic;
    private String group;

    @BeforeEach
    void makeAUserThatMayReadItsTopicAndGroup() {
        secured = SecuredKafka.shared();
        endpoint = new HandlerEndpoint();
        user = TestKafka.topicName("user");
        group = TestKafka.topicName("group");
        topic = secured.unrestricted().createTopic(TestKafka.topicName("guarded"), 1);
        secured.setPassword(user, RIGHT);
        secured.allowReading(user, ResourceType.TOPIC, topic);
        secured.allowReading(user, ResourceType.GROUP, group);
    }

    @AfterEach
    void stop() {
        server.close();
        endpoint.close();
    }

    // pulumi/pulumi-aws#1251, #1290: the state of a mapping that can't reach its source must be seen.
    @Test
    void aWrongPasswordIsShownThenDisablesTheMappingAndOnlyEnablingStartsItAgain() {
        serve(WRONG, SOON);
        secured.unrestricted().produce(topic, "waits");
        String uuid = mapping("TRIM_HORIZON");

        server.awaitResult(uuid, SASL_FAILED);
        server.awaitState(uuid, "Enabled");
        assertThat(server.result(uuid)).as("tried again meanwhile").isEqualTo(SASL_FAILED);
        assertThat(server.detail(uuid).at("/detail/lastError").asText()).contains("SCRAM").doesNotContain(WRONG);
        server.awaitState(uuid, "Disabled");
        assertThat(reason(uuid)).isEqualTo("EVENT_SOURCE_AUTHN_ERROR");
        assertThat(server.result(uuid)).isEqualTo(SASL_FAILED);

        secured.setPassword(user, WRONG);
        server.update(uuid, "{\"BatchSize\":7}");
        server.awaitState(uuid, "Disabled");
        server.stop();
        server.start();
        assertThat(server.state(uuid)).as("neither an update nor a restart starts it").isEqualTo("Disabled");
        assertThat(endpoint.events()).isEmpty();

        server.update(uuid, "{\"Enabled\":true}");
        await().atMost(PATIENCE).until(() -> endpoint.values().contains("waits"));
        server.awaitState(uuid, "Enabled").awaitResult(uuid, "OK");
        assertThat(reason(uuid)).isEqualTo("USER_INITIATED");
    }

    @Test
    void aPasswordThatIsCorrectedInTimeNeedsNoActionAndLosesNothing() {
        serve(WRONG, NEVER);
        secured.unrestricted().produce(topic, "before the mapping");
        String uuid = mapping("LATEST");
        server.awaitResult(uuid, SASL_FAILED);
        secured.unrestricted().produce(topic, "while the password was wrong");
        server.awaitState(uuid, "Enabled");
        secured.setPassword(user, WRONG);
        secured.unrestricted().produce(topic, "afterwards");

        await().atMost(PATIENCE).until(() -> endpoint.values().contains("afterwards"));
        assertExactlyOnce(endpoint.received(), List.of("while the password was wrong", "afterwards"));
        server.awaitResult(uuid, "OK");
        assertThat(server.state(uuid)).isEqualTo("Enabled");
        await().atMost(PATIENCE).until(() -> secured.unrestricted().lag(group, topic) == 0);
    }

    @ParameterizedTest
    @EnumSource(value = ResourceType.class, names = {"TOPIC", "GROUP"})
    void aMissingPermissionIsShownThenDisablesTheMappingUntilItIsEnabled(ResourceType type) {
        forbid(type);
        serve(RIGHT, SOON);
        secured.unrestricted().produce(topic, "waits");
        String uuid = mapping("TRIM_HORIZON");

        server.awaitResult(uuid, NOT_AUTHORIZED);
        assertThat(server.detail(uuid).at("/detail/lastError").asText()).contains(name(type));
        server.awaitState(uuid, "Enabled");
        server.awaitState(uuid, "Disabled");
        assertThat(reason(uuid)).isEqualTo("EVENT_SOURCE_AUTHZ_ERROR");
        assertThat(server.result(uuid)).isEqualTo(NOT_AUTHORIZED);
        assertThat(secured.unrestricted().committed(group)).isEmpty();

        secured.allowReading(user, type, name(type));
        server.update(uuid, "{\"Enabled\":true}");
        await().atMost(PATIENCE).until(() -> endpoint.values().contains("waits"));
        server.awaitResult(uuid, "OK");
    }

    @ParameterizedTest
    @EnumSource(value = ResourceType.class, names = {"TOPIC", "GROUP"})
    void aPermissionThatIsGivenLateNeedsNoAction(ResourceType type) {
        forbid(type);
        serve(RIGHT, NEVER);
        String uuid = mapping("LATEST");
        server.awaitResult(uuid, NOT_AUTHORIZED).awaitState(uuid, "Enabled");
        secured.allowReading(user, type, name(type));

        server.awaitResult(uuid, "No records processed");
        secured.unrestricted().produce(topic, "first");
        await().atMost(PATIENCE).until(() -> endpoint.values().contains("first"));
        server.awaitResult(uuid, "OK");
    }

    @ParameterizedTest
    @EnumSource(value = ResourceType.class, names = {"TOPIC", "GROUP"})
    void aPermissionThatIsTakenAwayAndGivenBackLosesNothing(ResourceType type) {
        serve(RIGHT, NEVER);
        String uuid = mapping("TRIM_HORIZON");
        secured.unrestricted().produce(topic, "1");
        await().atMost(PATIENCE).until(() -> endpoint.values().contains("1"));
        await().atMost(PATIENCE).until(() -> secured.unrestricted().lag(group, topic) == 0);
        forbid(type);
        // Without the right to the group it may be delivered, but not committed.
        secured.unrestricted().produce(topic, "2");
        server.awaitResult(uuid, NOT_AUTHORIZED);
        assertThat(server.state(uuid)).isEqualTo("Enabled");
        assertThat(secured.unrestricted().lag(group, topic)).isEqualTo(1);
        secured.allowReading(user, type, name(type));

        await().atMost(PATIENCE).until(() -> endpoint.values().contains("2"));
        await().atMost(PATIENCE).until(() -> secured.unrestricted().lag(group, topic) == 0);
        assertAtLeastOnce(endpoint.received(), List.of("1", "2"));
        server.awaitResult(uuid, "OK");
    }

    @Test
    void aRefusedMappingIsDisabledAndDeletedAtOnceWhenSomebodyAsks() {
        serve(WRONG, NEVER);
        String uuid = mapping("TRIM_HORIZON");
        server.awaitResult(uuid, SASL_FAILED).awaitState(uuid, "Enabled");
        server.update(uuid, "{\"Enabled\":false}");
        server.awaitState(uuid, "Disabled");
        assertThat(reason(uuid)).isEqualTo("USER_INITIATED");

        server.delete(uuid);
        await().atMost(PATIENCE).until(() -> server.get(uuid).path("State").isMissingNode());
    }

    @Test
    void aMappingOfOtherBrokersGoesOnWhileOneIsRefusedAndDisabled() {
        TestKafka open = TestKafka.shared();
        String openTopic = open.createTopic(TestKafka.topicName("open"), 1);
        serve(WRONG, SOON);
        try (HandlerEndpoint healthy = new HandlerEndpoint()) {
            server.function("healthy", healthy);
            String working = server.mappingOf(OTHER_CLUSTER, openTopic, "healthy", "TRIM_HORIZON");
            String refused = mapping("TRIM_HORIZON");
            server.awaitResult(refused, SASL_FAILED);
            open.produce(openTopic, "while one is refused");
            await().atMost(PATIENCE).until(() -> healthy.values().contains("while one is refused"));
            server.awaitState(refused, "Disabled");
            open.produce(openTopic, "while one is disabled");

            await().atMost(PATIENCE).until(() -> healthy.values().contains("while one is disabled"));
            assertThat(server.state(working)).isEqualTo("Enabled");
            server.awaitResult(working, "OK");
            await().atMost(PATIENCE).until(() -> open.lag(working, openTopic) == 0);
        }
    }

    @Test
    void aSelfManagedSourceLogsInAsTheEntryWithItsAddressSays() {
        secured.allowReading(SecuredKafka.PLAIN_USER, ResourceType.TOPIC, topic);
        secured.allowReading(SecuredKafka.PLAIN_USER, ResourceType.GROUP, group);
        server = TestServer.startWithFile(dir, TestKafka.shared().bootstrapServers(), settings(SOON),
                plain(WRONG));
        server.function("f", endpoint);
        secured.unrestricted().produce(topic, "waits");
        String uuid = server.selfManagedMapping(secured.saslServers(), topic, "f", "TRIM_HORIZON",
                "\"SelfManagedKafkaEventSourceConfig\":{\"ConsumerGroupId\":\"" + group + "\"}");
        server.awaitResult(uuid, SASL_FAILED);
        server.awaitState(uuid, "Disabled");
        assertThat(reason(uuid)).isEqualTo("EVENT_SOURCE_AUTHN_ERROR");

        server.stop();
        server.file(plain(SecuredKafka.PLAIN_PASSWORD));
        server.start();
        server.update(uuid, "{\"Enabled\":true}");
        await().atMost(PATIENCE).until(() -> endpoint.values().contains("waits"));
        assertThat(endpoint.events().get(0).get("eventSource").asText()).isEqualTo("SelfManagedKafka");
    }

    @Test
    void aBrokerWhoseCertificateNobodyTrustsIsShownThenDisablesTheMapping() {
        failsThenWorks(secured.tlsServers(), Map.of("security.protocol", "SSL"), "PROBLEM: Lambda failed to authenticate server",
                secured.trust());
    }

    @Test
    void aBrokerThatWantsACertificateOfItsClientIsShownThenDisablesTheMapping() {
        failsThenWorks(secured.mutualTlsServers(), secured.trust(), "PROBLEM: Server failed to authenticate Lambda",
                secured.trustAndCertificate());
    }

    private void failsThenWorks(String servers, Map<String, String> before, String problem, Map<String, String> after) {
        server = TestServer.startWithFile(dir, TestKafka.shared().bootstrapServers(), settings(SOON),
                new ClustersFile().with(TestServer.CLUSTER, servers, before).text());
        server.function("f", endpoint);
        secured.unrestricted().produce(topic, "waits");
        String uuid = mapping("TRIM_HORIZON");
        server.awaitResult(uuid, problem).awaitState(uuid, "Enabled");
        server.awaitState(uuid, "Disabled");
        assertThat(reason(uuid)).isEqualTo("EVENT_SOURCE_AUTHN_ERROR");
        assertThat(server.result(uuid)).isEqualTo(problem);

        server.stop();
        server.file(new ClustersFile().with(TestServer.CLUSTER, servers, after).text());
        server.start();
        server.update(uuid, "{\"Enabled\":true}");
        await().atMost(PATIENCE).until(() -> endpoint.values().contains("waits"));
        server.awaitResult(uuid, "OK");
    }

    private void serve(String password, String unrecoverable) {
        server = TestServer.startWithFile(dir, TestKafka.shared().bootstrapServers(), settings(unrecoverable),
                new ClustersFile().with(TestServer.CLUSTER, secured.saslServers(), SecuredKafka.scram(user, password)).text());
        server.function("f", endpoint);
    }

    private static Map<String, String> settings(String unrecoverable) {
        return Map.of("timeouts.broker", "1s", "timeouts.unrecoverable", unrecoverable, "timeouts.refusedLogIn", "1s");
    }

    private String plain(String password) {
        return new ClustersFile().with(null, secured.saslServers(), SecuredKafka.plain(SecuredKafka.PLAIN_USER, password)).text();
    }

    private String mapping(String position) {
        return server.mapping(topic, "f", position, "\"AmazonManagedKafkaEventSourceConfig\":{\"ConsumerGroupId\":\"" + group + "\"}");
    }

    private void forbid(ResourceType type) {
        secured.forbidReading(user, type, name(type));
    }

    private String name(ResourceType type) {
        return type == ResourceType.TOPIC ? topic : group;
    }

    private String reason(String uuid) {
        return server.get(uuid).get("StateTransitionReason").asText();
    }
}
