package dev.sluice.poller;

import static dev.sluice.fixture.DeliveryGuarantees.assertExactlyOnce;
import static dev.sluice.fixture.DeliveryGuarantees.assertInOrderPerPartition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.Brokers;
import dev.sluice.filter.OtherFormat;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.Mappings;
import dev.sluice.fixture.TestKafka;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.MappingState;
import dev.sluice.mapping.ProvisionedPollers;
import dev.sluice.mapping.StartingPosition;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.coordinator.group.generated.GroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What several pollers of one mapping, and a group with members of others, do to its records: nothing. */
class PollersIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** The type of a key in Kafka's topic of groups. */
    private static final short GROUP_METADATA = 2;
    private static TestKafka kafka;

    @TempDir
    private Path dir;

    @BeforeAll
    static void start() {
        kafka = TestKafka.shared();
    }

    @Test
    void threePollersShareFourPartitionsAndReportAsOne() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint(); FleetUnderTest server = server(endpoint)) {
            String topic = kafka.createTopic(TestKafka.topicName("shared"), 4);
            EventSourceMapping mapping = FleetUnderTest.mapping(topic, 3).state(MappingState.CREATING).build();
            server.fleet.start(mapping);
            awaitMembers(mapping, 3);
            List<String> values = new ArrayList<>(produce(topic, 4, "a", 100));

            await().atMost(PATIENCE).until(() -> endpoint.values().size() >= 400);
            assertThat(server.fleet.detail(mapping.id()).orElseThrow().partitions()).extracting(partition -> partition.partition())
                    .containsExactly(0, 1, 2, 3);
            EventSourceMapping disabled = Mappings.like(mapping).generation(2).state(MappingState.DISABLING).build();
            server.fleet.stop(disabled);
            await().atMost(PATIENCE).until(() -> server.reports.contains("stopped 2"));
            assertThat(kafka.groupMembers(mapping.source().consumerGroupId())).isEmpty();
            assertThat(kafka.lag(mapping.source().consumerGroupId(), topic)).isZero();

            server.fleet.start(Mappings.like(mapping).generation(3).state(MappingState.ENABLING).startingPositionApplied(true).build());
            values.addAll(produce(topic, 4, "b", 100));
            await().atMost(PATIENCE).until(() -> endpoint.values().size() >= 800);
            awaitMembers(mapping, 3);
            assertExactlyOnce(endpoint.received(), values);
            assertInOrderPerPartition(endpoint.received());
            assertThat(endpoint.overlapped()).isFalse();
            assertThat(server.reports).containsExactly("startingPositionApplied 1", "started 1", "stopped 2", "started 3");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(server.results).isNotEmpty().last().isEqualTo("OK"));
        }
    }

    @Test
    void thereIsOnePollerForAPartitionAtMostAndMoreWhenPartitionsAreAdded() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint();
                FleetUnderTest server = server(endpoint, Map.of("metadata.max.age.ms", "300"))) {
            String topic = kafka.createTopic(TestKafka.topicName("growing"), 1);
            EventSourceMapping mapping = FleetUnderTest.mapping(topic, 3).build();
            server.fleet.start(mapping);
            await().atMost(PATIENCE).until(() -> server.reports.contains("started 1"));
            kafka.produce(topic, "first");
            await().atMost(PATIENCE).until(() -> endpoint.values().contains("first"));
            assertThat(kafka.groupMembers(mapping.source().consumerGroupId())).hasSize(1);

            kafka.increasePartitions(topic, 2);
            awaitMembers(mapping, 2);
            produce(topic, 2, "more", 20);
            await().atMost(PATIENCE).until(() -> endpoint.values().size() >= 41);
            assertThat(kafka.groupMembers(mapping.source().consumerGroupId())).hasSize(2);
        }
    }

    @Test
    void scalingUpAndDownWhileRecordsFlowLosesAndReordersNothing() throws Exception {
        try (HandlerEndpoint endpoint = new HandlerEndpoint(); FleetUnderTest server = server(endpoint)) {
            String topic = kafka.createTopic(TestKafka.topicName("scaled"), 4);
            EventSourceMapping mapping = FleetUnderTest.mapping(topic, 1).build();
            List<String> produced = new CopyOnWriteArrayList<>();
            AtomicBoolean enough = new AtomicBoolean();
            Thread producer = new Thread(() -> {
                for (int round = 0; !enough.get(); round++) {
                    // Always something in flight and something waiting, and no backlog to work off at the end.
                    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5))
                            .until(() -> enough.get() || produced.size() - endpoint.values().size() < 400);
                    produced.addAll(produce(topic, 4, "r" + round, 5));
                }
            }, "test-producer");
            producer.start();
            try {
                long generation = 1;
                server.fleet.start(mapping);
                for (int pollers : new int[] {1, 3, 1}) {
                    if (generation > 1) {
                        server.fleet.start(Mappings.like(mapping).generation(generation).startingPositionApplied(true)
                                .provisionedPollers(new ProvisionedPollers(pollers, null, null)).build());
                    }
                    awaitMembers(mapping, pollers);
                    int before = endpoint.values().size();
                    await().atMost(PATIENCE).until(() -> endpoint.values().size() > before + 100);
                    generation++;
                }
            } finally {
                enough.set(true);
                producer.join(PATIENCE.toMillis());
            }

            await().atMost(PATIENCE).until(() -> Set.copyOf(endpoint.values()).containsAll(produced));
            assertExactlyOnce(endpoint.received(), produced);
            assertInOrderPerPartition(endpoint.received());
            assertThat(endpoint.overlapped()).isFalse();
            await().atMost(PATIENCE).until(() -> kafka.lag(mapping.source().consumerGroupId(), topic) == 0);
        }
    }

    @Test
    void anInvocationGoesOnWhileItsPartitionMovesToAnotherPollerOfThisServer() {
        // A poller that waited for the held invocations would hold the rebalance up for a minute.
        PollerSettings patient = new PollerSettings(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(60),
                Duration.ofSeconds(60), mapping -> false, OtherFormat.DROP);
        try (HandlerEndpoint endpoint = new HandlerEndpoint();
                FleetUnderTest server = new FleetUnderTest(dir, new Brokers(kafka.bootstrapServers(), Map.of()), endpoint, patient)) {
            String topic = kafka.createTopic(TestKafka.topicName("moving"), 2);
            List<String> values = produce(topic, 2, "v", 20);
            endpoint.hold();
            EventSourceMapping mapping = FleetUnderTest.mapping(topic, 2).build();
            server.fleet.start(mapping);
            awaitMembers(mapping, 2);
            await().atMost(PATIENCE).until(() -> endpoint.events().size() == 2);
            endpoint.release();

            await().atMost(PATIENCE).until(() -> endpoint.values().size() >= 40);
            assertExactlyOnce(endpoint.received(), values);
            assertInOrderPerPartition(endpoint.received());
            assertThat(endpoint.overlapped()).isFalse();
        }
    }

    @Test
    void aForeignMemberThatComesAndGoesBesideThreePollersLosesAndReordersNothing() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint(); FleetUnderTest server = server(endpoint)) {
            String topic = kafka.createTopic(TestKafka.topicName("visited"), 4);
            EventSourceMapping mapping = FleetUnderTest.mapping(topic, 3).build();
            String group = mapping.source().consumerGroupId();
            server.fleet.start(mapping);
            awaitMembers(mapping, 3);
            List<String> values = new ArrayList<>(produce(topic, 4, "a", 50));
            List<String> foreign = new ArrayList<>();
            try (KafkaConsumer<String, String> other = foreignMember(group)) {
                other.subscribe(List.of(topic));
                await().atMost(PATIENCE).until(() -> {
                    other.poll(Duration.ofMillis(50)).forEach(record -> foreign.add(record.value()));
                    return other.assignment().size() == 1;
                });
                values.addAll(produce(topic, 4, "b", 50));
                await().atMost(PATIENCE).until(() -> {
                    other.poll(Duration.ofMillis(50)).forEach(record -> foreign.add(record.value()));
                    return foreign.stream().filter(value -> value.startsWith("b")).count() >= 50;
                });
                other.commitSync();
            }
            values.addAll(produce(topic, 4, "c", 50));

            await().atMost(PATIENCE).until(() -> {
                Set<String> seen = new TreeSet<>(endpoint.values());
                seen.addAll(foreign);
                return seen.containsAll(values);
            });
            assertInOrderPerPartition(endpoint.received());
            assertThat(endpoint.overlapped()).isFalse();
            await().atMost(PATIENCE).until(() -> kafka.lag(group, topic) == 0);
            List<String> delivered = new ArrayList<>(endpoint.values());
            delivered.addAll(foreign);
            assertThat(delivered.size() - values.size()).as("delivered twice: one batch in flight for each partition at most, once for"
                    + " the coming and once for the going").isBetween(0, 2 * 4 * 10);
        }
    }

    @Test
    void afterKill9AsManyPollersGoOnAtOnce() {
        restartedAfterKill9(3, 3);
    }

    @Test
    void afterKill9FewerPollersLeaveNoPartitionToTheMembersThatAreGone() {
        restartedAfterKill9(4, 2);
    }

    @Test
    void afterKill9TheStartingPositionThatWasNotAppliedYetIsCommittedAllTheSame() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint()) {
            String topic = kafka.createTopic(TestKafka.topicName("unapplied"), 2);
            produce(topic, 2, "old", 5);
            Instant created = Instant.now().plusMillis(1);
            EventSourceMapping mapping = FleetUnderTest.mapping(topic, 2).startingPosition(StartingPosition.LATEST).created(created)
                    .lastModified(created.minusSeconds(60)).build();
            leaveWithoutGoodbye(mapping, 2);
            await().atMost(PATIENCE).until(() -> Instant.now().isAfter(created));
            List<String> values = produce(topic, 2, "new", 5);
            try (FleetUnderTest server = server(endpoint)) {
                server.fleet.start(mapping);
                await().atMost(Duration.ofSeconds(15)).until(() -> endpoint.values().containsAll(values));
                assertThat(server.reports).startsWith("startingPositionApplied 1");
                assertExactlyOnce(endpoint.received(), values);
            }
        }
    }

    @Test
    void aFunctionSlowerThanMaxPollIntervalHoldsNoOtherPartitionUpAndCausesNoRebalance() {
        try (HandlerEndpoint endpoint = new HandlerEndpoint();
                FleetUnderTest server = server(endpoint, Map.of("max.poll.interval.ms", "5000"))) {
            String topic = kafka.createTopic(TestKafka.topicName("slow"), 2);
            EventSourceMapping mapping = Mappings.like(FleetUnderTest.mapping(topic, 1).build()).provisionedPollers(null).build();
            String group = mapping.source().consumerGroupId();
            endpoint.hold(topic, 0);
            server.fleet.start(mapping);
            awaitMembers(mapping, 1);
            kafka.produce(topic, "slow");
            await().atMost(PATIENCE).until(() -> endpoint.events().size() == 1);
            int generation = generation(group);
            assertThat(generation).isPositive();
            String member = kafka.groupMembers(group).iterator().next().consumerId();
            List<String> others = IntStream.range(0, 1_000).mapToObj(i -> "other-" + i).toList();
            long held = System.nanoTime();
            kafka.produce(topic, 1, others);
            await().atMost(Duration.ofSeconds(15)).until(() -> endpoint.values().size() >= 1_000);
            assertExactlyOnce(endpoint.received(), others);
            await().atMost(PATIENCE).until(() -> System.nanoTime() - held >= Duration.ofSeconds(15).toNanos());

            assertThat(generation(group)).isEqualTo(generation);
            assertThat(kafka.groupMembers(group)).extracting(MemberDescription::consumerId).containsExactly(member);
            endpoint.release();
            await().atMost(PATIENCE).until(() -> endpoint.values().contains("slow"));
            await().atMost(PATIENCE).until(() -> kafka.lag(group, topic) == 0);
            assertThat(endpoint.values()).hasSize(1_001);
        }
    }

    /** The group's generation as its coordinator has written it down; no Admin tells it. */
    private static int generation(String group) {
        int generation = -1;
        for (ConsumerRecord<byte[], byte[]> record : kafka.records("__consumer_offsets", 0)) {
            ByteBuffer key = ByteBuffer.wrap(record.key());
            if (key.getShort() == GROUP_METADATA && record.value() != null
                    && new GroupMetadataKey(new ByteBufferAccessor(key), (short) 0).group().equals(group)) {
                ByteBuffer value = ByteBuffer.wrap(record.value());
                short version = value.getShort();
                generation = new GroupMetadataValue(new ByteBufferAccessor(value), version).generation();
            }
        }
        return generation;
    }

    private void restartedAfterKill9(int before, int after) {
        try (HandlerEndpoint endpoint = new HandlerEndpoint()) {
            String topic = kafka.createTopic(TestKafka.topicName("killed"), 4);
            EventSourceMapping mapping = FleetUnderTest.mapping(topic, after).generation(2).startingPositionApplied(true).build();
            leaveWithoutGoodbye(mapping, before);
            assertThat(kafka.groupMembers(mapping.source().consumerGroupId())).hasSize(before);
            List<String> values = produce(topic, 4, "v", 20);
            try (FleetUnderTest server = server(endpoint)) {
                long begun = System.nanoTime();
                server.fleet.start(mapping);
                await().atMost(Duration.ofSeconds(3)).pollInterval(Duration.ofMillis(20)).until(() -> !endpoint.values().isEmpty());
                await().atMost(Duration.ofSeconds(15)).until(() -> endpoint.values().containsAll(values));
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).as("no session of 45 s was waited out")
                        .isLessThan(Duration.ofSeconds(15));
                awaitMembers(mapping, after);
                assertExactlyOnce(endpoint.received(), values);
            }
        }
    }

    /** What {@code kill -9} leaves: static members that hold their partitions until their sessions time out. */
    private static void leaveWithoutGoodbye(EventSourceMapping mapping, int pollers) {
        List<KafkaConsumer<byte[], byte[]>> members = new ArrayList<>();
        for (int number = 0; number < pollers; number++) {
            members.add(new KafkaConsumer<>(Consumers.config(mapping, new Brokers(kafka.bootstrapServers(), Map.of()),
                    new MemberId(FleetUnderTest.SERVER, mapping.id(), number).instanceId()), new ByteArrayDeserializer(),
                    new ByteArrayDeserializer()));
        }
        for (KafkaConsumer<byte[], byte[]> member : members) {
            member.subscribe(mapping.source().topics());
        }
        await().atMost(PATIENCE).until(() -> {
            for (KafkaConsumer<byte[], byte[]> member : members) {
                try {
                    member.poll(Duration.ofMillis(20));
                } catch (NoOffsetForPartitionException nothingCommitted) {
                    member.seekToBeginning(nothingCommitted.partitions());
                    member.pause(nothingCommitted.partitions());
                }
            }
            return members.stream().noneMatch(member -> member.assignment().isEmpty());
        });
        members.forEach(member -> member.close(CloseOptions.timeout(Duration.ofSeconds(2))
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP)));
    }

    private static KafkaConsumer<String, String> foreignMember(String group) {
        return new KafkaConsumer<>(Map.of("bootstrap.servers", kafka.bootstrapServers(), "group.id", group,
                "partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
                "auto.offset.reset", "earliest", "enable.auto.commit", "false"), new StringDeserializer(), new StringDeserializer());
    }

    /** Until the group has so many members, all of this server, each with a partition and no partition twice. */
    private static void awaitMembers(EventSourceMapping mapping, int count) {
        Set<String> expected = IntStream.range(0, count)
                .mapToObj(number -> new MemberId(FleetUnderTest.SERVER, mapping.id(), number).instanceId()).collect(Collectors.toSet());
        await().atMost(PATIENCE).untilAsserted(() -> {
            List<MemberDescription> members = List.copyOf(kafka.groupMembers(mapping.source().consumerGroupId()));
            assertThat(members).extracting(member -> member.groupInstanceId().orElse("none")).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(members).allSatisfy(member -> assertThat(member.assignment().topicPartitions()).isNotEmpty());
        });
    }

    private static List<String> produce(String topic, int partitions, String prefix, int each) {
        List<String> all = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            String start = prefix + "-" + p + "-";
            List<String> values = IntStream.range(0, each).mapToObj(i -> start + i).toList();
            kafka.produce(topic, p, values);
            all.addAll(values);
        }
        return all;
    }

    private FleetUnderTest server(HandlerEndpoint endpoint) {
        return server(endpoint, Map.of());
    }

    private FleetUnderTest server(HandlerEndpoint endpoint, Map<String, String> clientProperties) {
        return new FleetUnderTest(dir, new Brokers(kafka.bootstrapServers(), clientProperties), endpoint, PollerSettings.DEFAULT);
    }
}
