package dev.sluice.poller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cluster.Brokers;
import dev.sluice.fixture.Mappings;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.StateTransitionReason;
import dev.sluice.poller.PollingFixture.TestConsumer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class GroupEntryTest {

    /** Of TEST-NET-1: nobody's address. */
    private static final String ELSEWHERE = "192.0.2.1:9092";
    private static final Groups.Member APP = new Groups.Member("orders-app", null, "/10.0.0.5");

    private final PollingFixture fixture = new PollingFixture();
    private boolean joinsForeignGroups;

    @Test
    void aGroupOnThisMachinesLoopbackIsJoinedWhoeverIsInIt() {
        fixture.groups.members = List.of(APP);

        assertThat(entry("127.0.0.1:9092,[::1]:9092").refusal(advertising("127.0.0.1"))).isEmpty();
    }

    @Test
    void aGroupElsewhereIsNotJoinedWhileOthersAreInIt() {
        GroupEntry entry = entry(ELSEWHERE);
        fixture.groups.members = List.of(ours(1), APP);
        SourceProblem refusal = entry.refusal(advertising("192.0.2.1")).orElseThrow();
        fixture.groups.members = List.of(ours(1));

        assertThat(refusal.lastProcessingResult()).startsWith("PROBLEM: Connection error. ");
        assertThat(refusal.detail()).contains(fixture.mapping.source().consumerGroupId(), ELSEWHERE, "1 member (orders-app at 10.0.0.5)",
                "joinForeignGroups");
        assertThat(refusal.reason()).as("it is tried again for ever").isNull();
        assertThat(entry.refusal(advertising("192.0.2.1"))).as("they have left").isEmpty();
    }

    @Test
    void anotherServersPollersAreOthers() {
        fixture.groups.members = List.of(new Groups.Member("sluice-x", "server2-x-0", "/10.0.0.6"));

        assertThat(entry(ELSEWHERE).refusal(advertising("192.0.2.1"))).isPresent();
    }

    @Test
    void aForwardedPortIsNotTakenForThisMachinesOwnBroker() {
        fixture.groups.members = List.of(APP);

        assertThat(entry("127.0.0.1:9092").refusal(advertising("192.0.2.1"))).isPresent();
    }

    @Test
    void whoTheBrokersAreIsAskedAlsoWhenTheTopicDoesNotExistYet() {
        fixture.groups.members = List.of(APP);
        fixture.groups.advertised = List.of("192.0.2.1");

        assertThat(entry("127.0.0.1:9092").refusal(new TestConsumer())).isPresent();
    }

    @Test
    void whoIsAllowedToJoinsAnyGroup() {
        joinsForeignGroups = true;
        fixture.groups.failure = new IllegalStateException("not to be asked");

        assertThat(entry(ELSEWHERE).refusal(new TestConsumer())).isEmpty();
    }

    @Test
    void aCrowdIsCountedAndThreeAreNamed() {
        fixture.groups.members = List.of(APP, APP, APP, APP, APP);

        assertThat(entry(ELSEWHERE).refusal(new TestConsumer()).orElseThrow().detail()).contains("has 5 members (orders-app at 10.0.0.5,"
                + " orders-app at 10.0.0.5, orders-app at 10.0.0.5 and 2 more)");
    }

    @Test
    void aGroupThatMayNotBeSeenIsRefusedAsOneThatMayNotBeJoined() {
        fixture.groups.failure = new GroupAuthorizationException("Not authorized to access group g");

        assertThatThrownBy(() -> entry(ELSEWHERE).refusal(new TestConsumer())).satisfies(refused -> {
            SourceProblem problem = SourceProblem.of(refused);
            assertThat(problem.reason()).isEqualTo(StateTransitionReason.EVENT_SOURCE_AUTHZ_ERROR);
            assertThat(problem.detail()).contains("allow DESCRIBE of the group", "joinForeignGroups");
        });
    }

    @Test
    void whatAnEarlierRunLeftIsRemovedButForTheFirstPollerWhichComesBack() {
        fixture.groups.members = List.of(ours(0), ours(1), ours(12), APP, new Groups.Member("c", "other-server-0", "/1"),
                new Groups.Member("c", new MemberId("server", Mappings.aMapping().build().id(), 1).instanceId(), "/1"));
        GroupEntry entry = entry(updated(), 0);
        entry.clear(true);
        entry.clear(true);

        assertThat(fixture.groups.removed).as("once").containsExactly(ours(1).instanceId(), ours(12).instanceId());
    }

    @Test
    void aGroupIsEmptiedOfOurOwnWhenItHasToTakeTheStartingPosition() {
        fixture.groups.members = List.of(ours(0), ours(1));
        entry(updated(), 0).clear(false);

        assertThat(fixture.groups.removed).containsExactly(ours(0).instanceId(), ours(1).instanceId());
    }

    @Test
    void aNewMappingAndFurtherPollersHaveNothingToRemove() {
        fixture.groups.failure = new IllegalStateException("not to be asked");
        entry(ELSEWHERE).clear(false);
        entry(updated(), 1).clear(false);

        assertThat(fixture.groups.removed).isEmpty();
    }

    @Test
    void removingIsTriedAgainWhenNoBrokerAnswersAndNotWhenItIsNotAllowed() {
        fixture.groups.members = List.of(ours(1));
        GroupEntry entry = entry(updated(), 0);
        fixture.groups.failure = new TimeoutException("no broker");
        assertThatThrownBy(() -> entry.clear(true)).isInstanceOf(TimeoutException.class);
        fixture.groups.failure = new ClusterAuthorizationException("no");
        entry.clear(true);
        fixture.groups.failure = null;
        entry.clear(true);

        assertThat(fixture.groups.removed).isEmpty();
    }

    @Test
    void nobodyElsesGroupIsOneWithoutOthersThatCanBeSeen() {
        GroupEntry entry = entry(ELSEWHERE);
        fixture.groups.members = List.of(ours(0), ours(1));
        assertThat(entry.isOursAlone()).isTrue();
        fixture.groups.members = List.of(ours(0), APP);
        assertThat(entry.isOursAlone()).isFalse();
        fixture.groups.failure = DisconnectException.INSTANCE;
        assertThat(entry.isOursAlone()).isFalse();
    }

    @Test
    void aMemberIdTellsItsOwnFromAllOthers() {
        MemberId id = new MemberId("server", fixture.mapping.id(), 3);

        assertThat(id.instanceId()).isEqualTo("server-" + fixture.mapping.id() + "-3");
        assertThat(id.numberOf(id.instanceId())).hasValue(3);
        assertThat(id.numberOf(null)).isEmpty();
        assertThat(id.numberOf(id.instanceId() + "x")).isEmpty();
        assertThat(id.numberOf("server-" + UUID.randomUUID() + "-3")).isEmpty();
        assertThat(id.isOfThisServer("server-" + UUID.randomUUID() + "-3")).isTrue();
        assertThat(id.isOfThisServer("server2-" + fixture.mapping.id() + "-3")).isFalse();
        assertThat(id.isOfThisServer(null)).isFalse();
    }

    private Groups.Member ours(int number) {
        return new Groups.Member("sluice-" + fixture.mapping.id(), new MemberId("server", fixture.mapping.id(), number).instanceId(), "/1");
    }

    private EventSourceMapping updated() {
        return Mappings.like(fixture.mapping).generation(2).build();
    }

    private GroupEntry entry(String bootstrapServers) {
        return entry(fixture.mapping, 0, bootstrapServers);
    }

    private GroupEntry entry(EventSourceMapping mapping, int number) {
        return entry(mapping, number, ELSEWHERE);
    }

    private GroupEntry entry(EventSourceMapping mapping, int number, String bootstrapServers) {
        fixture.settings = new PollerSettings(fixture.settings.brokerTimeout(), fixture.settings.stopTimeout(),
                fixture.settings.revokeTimeout(), fixture.settings.accessPatience(), any -> joinsForeignGroups,
                fixture.settings.otherFormat());
        return new GroupEntry(mapping,
                PollingFixture.member(new Brokers(bootstrapServers, Map.of()), new MemberId("server", mapping.id(), number)),
                fixture.context((m, b, i) -> new TestConsumer(), b -> "", System::nanoTime),
                new BrokerPatience(fixture.settings.brokerTimeout()), () -> false);
    }

    private static TestConsumer advertising(String host) {
        TestConsumer consumer = new TestConsumer();
        Node node = new Node(0, host, 9092);
        consumer.updatePartitions("t", List.of(new PartitionInfo("t", 0, node, new Node[] {node}, new Node[] {node})));
        return consumer;
    }
}
