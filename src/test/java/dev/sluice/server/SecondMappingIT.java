package dev.sluice.server;

import static dev.sluice.fixture.DeliveryGuarantees.assertExactlyOnce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.PrintingHandler;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The second mapping works as the first does, whichever was made first, and none has to wait for its turn. */
class SecondMappingIT {

    private static final Duration PATIENCE = TestServer.PATIENCE;
    /** Far below the half minute and the minute of those who poll now and then. */
    private static final Duration AT_ONCE = Duration.ofSeconds(10);

    @TempDir
    private Path dir;
    private TestKafka kafka;
    private TestServer server;
    private HandlerEndpoint one;
    private HandlerEndpoint two;

    @BeforeEach
    void start() {
        kafka = TestKafka.shared();
        server = TestServer.start(dir.resolve("data"), kafka.bootstrapServers(), Map.of());
        one = new HandlerEndpoint();
        two = new HandlerEndpoint();
        server.function("one", one);
        server.function("two", two);
    }

    @AfterEach
    void stop() {
        server.close();
        one.close();
        two.close();
    }

    // localstack#10103: of two functions with groups of their own on one topic, only one got the events.
    @Test
    void functionsWithGroupsOfTheirOwnOnOneTopicEachGetEverything() {
        String topic = kafka.createTopic(TestKafka.topicName("two-groups"), 2);
        kafka.produce(topic, "before both");
        String first = server.mapping(topic, "one", "TRIM_HORIZON", group());
        await().atMost(PATIENCE).until(() -> one.values().contains("before both"));
        String second = server.mapping(topic, "two", "TRIM_HORIZON", group());
        kafka.produce(topic, 1, List.of("after both"));

        await().atMost(PATIENCE).until(() -> one.values().size() >= 2 && two.values().size() >= 2);
        assertExactlyOnce(one.received(), List.of("before both", "after both"));
        assertExactlyOnce(two.received(), List.of("before both", "after both"));
        server.awaitResult(first, "OK").awaitResult(second, "OK");
    }

    // localstack#10752: the second topic, or the second function, was never triggered, depending on what was made first.
    @Test
    void theOrderInWhichTopicsAndMappingsAreMadeDoesNotMatter() {
        String before = kafka.createTopic(TestKafka.topicName("made-before"), 1);
        String after = TestKafka.topicName("made-after");
        kafka.produce(before, "1");
        String early = server.mapping(after, "one", "TRIM_HORIZON");
        server.mapping(before, "two", "TRIM_HORIZON");
        server.mapping(before, "one", "TRIM_HORIZON");
        kafka.createTopic(after, 1);
        kafka.produce(after, "2");
        server.mapping(after, "two", "TRIM_HORIZON");

        await().atMost(PATIENCE).until(() -> one.values().size() >= 2 && two.values().size() >= 2);
        assertExactlyOnce(one.received(), List.of("1", "2"));
        assertExactlyOnce(two.received(), List.of("1", "2"));
        server.awaitState(early, "Enabled");
    }

    // localstack#11003: the trigger fired only once a minute; localstack#5985, PR#12415: or once a second.
    @Test
    void everyRecordOfATrickleIsDeliveredAsItComes() {
        String topic = kafka.createTopic(TestKafka.topicName("trickle"), 1);
        String uuid = server.mapping(topic, "one", "LATEST");
        server.awaitState(uuid, "Enabled");
        for (int i = 0; i < 20; i++) {
            String value = "v" + i;
            kafka.produce(topic, value);
            await().atMost(AT_ONCE).pollInterval(Duration.ofMillis(5)).until(() -> one.values().contains(value));
        }
        assertThat(one.events()).hasSize(20);
    }

    // floci#536: while the first function started, the second one hung for 30 s.
    @Test
    void aFunctionThatIsSlowToStartHoldsNoOtherUp() throws IOException {
        String slowTopic = kafka.createTopic(TestKafka.topicName("slow"), 1);
        String topic = kafka.createTopic(TestKafka.topicName("quick"), 1);
        String slow;
        try (ServerSocket gate = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            function("slow", CompiledHandler.compile(dir, "Slow", """
                    public class Slow implements RequestHandler<Map<String, Object>, String> {
                        public Slow() {
                            try (java.net.Socket gate = new java.net.Socket("127.0.0.1", %d)) {
                                gate.getInputStream().read();
                            } catch (IOException opened) {
                                System.out.println("started at last");
                            }
                        }
                        @Override
                        public String handleRequest(Map<String, Object> event, Context context) {
                            return "";
                        }
                    }
                    """.formatted(gate.getLocalPort())).zip(), "example.Slow");
            function("quick", PrintingHandler.jar(dir, 1), PrintingHandler.HANDLER);
            kafka.produce(slowTopic, "waits");
            slow = server.mapping(slowTopic, "slow", "TRIM_HORIZON");
            awaitInFlight(slow);
            String quick = server.mapping(topic, "quick", "TRIM_HORIZON");
            kafka.produce(topic, "1");

            await().atMost(AT_ONCE).until(() -> kafka.lag(quick, topic) == 0);
            server.awaitResult(quick, "OK");
            assertThat(kafka.lag(slow, slowTopic)).isEqualTo(1);
        }
        awaitNoLag(slow, slowTopic);
    }

    // localstack#5599, #7219: a mapping made as the guide says was there, and nothing ever happened, without a word why.
    @Test
    void aMappingThatWaitsForItsTopicSaysSo() {
        String topic = TestKafka.topicName("nobody-made-this");
        String uuid = server.mapping(topic, "one", "TRIM_HORIZON");

        server.awaitState(uuid, "Enabled").awaitResult(uuid, "PROBLEM: Connection error.");
        assertThat(server.result(uuid)).contains(topic, kafka.bootstrapServers());
    }

    private void awaitInFlight(String uuid) {
        await().atMost(PATIENCE).until(() -> server.detail(uuid).at("/detail/partitions/0/inFlight").asInt() == 1);
    }

    private void awaitNoLag(String uuid, String topic) {
        await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
    }

    private static String group() {
        return "\"AmazonManagedKafkaEventSourceConfig\":{\"ConsumerGroupId\":\"" + TestKafka.topicName("group") + "\"}";
    }

    private void function(String name, byte[] jar, String handler) throws IOException {
        Path file = Files.write(dir.resolve(name + ".jar"), jar);
        assertThat(server.send("PUT", "/_sluice/functions/" + name,
                "{\"jar\":\"" + file + "\",\"handler\":\"" + handler + "\",\"timeoutSeconds\":60}").statusCode()).isEqualTo(200);
    }
}
