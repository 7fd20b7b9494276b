package dev.sluice.poller;

import static dev.sluice.fixture.DeliveryGuarantees.assertExactlyOnce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.Brokers;
import dev.sluice.embedded.EmbeddedKafka;
import dev.sluice.embedded.EmbeddedKafkaConfiguration;
import dev.sluice.filter.OtherFormat;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.Mappings;
import dev.sluice.fixture.TestKafka;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.MappingState;
import dev.sluice.mapping.Trouble;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A group that others use on brokers that aren't this machine's loopback: a real broker on another address of this machine. Where there is
 * none, as on a machine without a network, {@link GroupEntryTest} alone covers this.
 */
class ForeignGroupsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path brokerDir;
    private static EmbeddedKafka broker;
    private static TestKafka kafka;

    @TempDir
    private Path dir;

    @BeforeAll
    static void start() throws Exception {
        Optional<InetAddress> address = addressOfThisMachine();
        assumeThat(address).as("an IPv4 address of this machine beside the loopback").isPresent();
        broker = EmbeddedKafka.open(new EmbeddedKafkaConfiguration(brokerDir, address.orElseThrow().getHostAddress(), 0, List.of()));
        broker.start().get(30, TimeUnit.SECONDS);
        kafka = TestKafka.at(broker.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            kafka.close();
            broker.close();
        }
    }

    @Test
    void aGroupOfOthersIsLeftToThemUntilTheyHaveGone() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint(); FleetUnderTest server = server(endpoint, mapping -> false)) {
            String topic = kafka.createTopic(TestKafka.topicName("production"), 2);
            EventSourceMapping mapping = FleetUnderTest.mapping(topic, 2).state(MappingState.CREATING).build();
            String group = mapping.source().consumerGroupId();
            try (KafkaConsumer<String, String> app = member(group, topic)) {
                kafka.produce(topic, "1", "2");
                server.fleet.start(mapping);
                await().atMost(PATIENCE).until(() -> server.reports.contains("started 1"));
                await().atMost(PATIENCE).until(() -> !server.results.isEmpty());
                assertThat(server.results).last().asString().startsWith("PROBLEM: Connection error. ")
                        .contains("group " + group, "1 member (orders-app at ", "joinForeignGroups");
                assertThat(server.fleet.detail(mapping.id()).orElseThrow().lastError()).contains("orders-app");
                assertThat(server.fleet.detail(mapping.id()).orElseThrow().last().trouble()).isEqualTo(Trouble.GROUP_IN_USE);
                assertThat(app.poll(Duration.ofMillis(100))).isNotNull();
                assertThat(kafka.groupMembers(group)).as("nothing was taken from it").hasSize(1);
            }

            await().atMost(PATIENCE).until(() -> endpoint.values().size() >= 2);
            assertExactlyOnce(endpoint.received(), List.of("1", "2"));
            await().atMost(PATIENCE).until(() -> kafka.groupMembers(group).size() == 2);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(server.results).last().isEqualTo("OK"));
            assertThat(server.reports).containsExactly("started 1", "startingPositionApplied 1");
        }
    }

    @Test
    void aGroupOfOthersIsSharedWhenThatIsAllowed() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint(); FleetUnderTest server = server(endpoint, mapping -> true)) {
            String topic = kafka.createTopic(TestKafka.topicName("allowed"), 2);
            EventSourceMapping mapping = FleetUnderTest.mapping(topic, 1).build();
            try (KafkaConsumer<String, String> app = member(mapping.source().consumerGroupId(), topic)) {
                server.fleet.start(mapping);
                await().atMost(PATIENCE).until(() -> {
                    app.poll(Duration.ofMillis(50));
                    return app.assignment().size() == 1;
                });
                assertThat(kafka.groupMembers(mapping.source().consumerGroupId())).hasSize(2);
            }
        }
    }

    @Test
    void pollersOfThisServerAreNoOthersAlsoWhenTheyComeAgain() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint(); FleetUnderTest server = server(endpoint, mapping -> false)) {
            String topic = kafka.createTopic(TestKafka.topicName("own"), 2);
            EventSourceMapping mapping = FleetUnderTest.mapping(topic, 2).build();
            server.fleet.start(mapping);
            await().atMost(PATIENCE).until(() -> kafka.groupMembers(mapping.source().consumerGroupId()).size() == 2);
            server.fleet.start(Mappings.like(mapping).generation(2).startingPositionApplied(true).build());
            await().atMost(PATIENCE).until(() -> server.reports.contains("started 2"));
            await().atMost(PATIENCE).until(() -> kafka.groupMembers(mapping.source().consumerGroupId()).size() == 2);

            assertThat(server.results).isEmpty();
        }
    }

    @Test
    void aMappingStopsAtOnceWhileItWaitsForOthersToLeave() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint(); FleetUnderTest server = server(endpoint, mapping -> false)) {
            String topic = kafka.createTopic(TestKafka.topicName("stopped"), 1);
            EventSourceMapping mapping = FleetUnderTest.mapping(topic, 1).build();
            try (KafkaConsumer<String, String> app = member(mapping.source().consumerGroupId(), topic)) {
                server.fleet.start(mapping);
                await().atMost(PATIENCE).until(() -> server.reports.contains("started 1"));
                server.fleet.stop(Mappings.like(mapping).generation(2).state(MappingState.DISABLING).build());
                await().atMost(Duration.ofSeconds(4)).until(() -> server.reports.contains("stopped 2"));
                assertThat(app.assignment()).hasSize(1);
            }
        }
    }

    /** A member that has its partitions. */
    private static KafkaConsumer<String, String> member(String group, String topic) {
        KafkaConsumer<String, String> member = new KafkaConsumer<>(Map.of("bootstrap.servers", kafka.bootstrapServers(), "group.id", group,
                "client.id", "orders-app", "partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
                "auto.offset.reset", "earliest", "enable.auto.commit", "false"), new StringDeserializer(), new StringDeserializer());
        member.subscribe(List.of(topic));
        await().atMost(PATIENCE).until(() -> {
            member.poll(Duration.ofMillis(50));
            return !member.assignment().isEmpty();
        });
        return member;
    }

    private FleetUnderTest server(HandlerEndpoint endpoint, Predicate<EventSourceMapping> joinsForeignGroups) {
        PollerSettings settings = new PollerSettings(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(5),
                Duration.ofSeconds(60), joinsForeignGroups, OtherFormat.DROP);
        return new FleetUnderTest(dir, new Brokers(kafka.bootstrapServers(), Map.of()), endpoint, settings);
    }

    private static Optional<InetAddress> addressOfThisMachine() throws SocketException {
        return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .findFirst();
    }
}
