package dev.sluice.poller;

import static dev.sluice.poller.PollingFixture.P0;
import static dev.sluice.poller.PollingFixture.P1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.Brokers;
import dev.sluice.cluster.SourceBrokers;
import dev.sluice.fixture.Mappings;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.ProvisionedPollers;
import dev.sluice.mapping.StartingPosition;
import dev.sluice.poller.PollingFixture.TestConsumer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PollersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final PollingFixture fixture = new PollingFixture();
    private final List<String> joined = new CopyOnWriteArrayList<>();
    private final List<String> exits = new CopyOnWriteArrayList<>();

    @Test
    void asManyPollersRunAsTheMappingHasEachAsAMemberOfItsOwn() throws Exception {
        Pollers pollers = pollers(provisioned(3), id -> consumer(4, id.equals("server-" + fixture.mapping.id() + "-0") ? P0 : P1));
        await().atMost(PATIENCE).until(() -> joined.size() == 3);

        assertThat(joined.get(0)).as("the others come once it has joined").endsWith("-0");
        assertThat(joined)
                .containsExactlyInAnyOrder(
                        IntStream.range(0, 3).mapToObj(n -> "server-" + fixture.mapping.id() + "-" + n).toArray(String[]::new));
        assertThat(fixture.told.reports).containsOnlyOnce("started");
        stop(pollers);
        assertThat(exits).as("the end of the last is the end of all").hasSize(1);
    }

    @Test
    void thereIsOneForAPartitionAtMost() throws Exception {
        Pollers pollers = pollers(provisioned(5), id -> consumer(2, P0));
        await().atMost(PATIENCE).until(() -> joined.size() == 2);

        await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> joined.size() == 2);
        stop(pollers);
    }

    @Test
    void nobodyFollowsAFirstOneThatCanNotJoin() throws Exception {
        Pollers pollers = pollers(provisioned(3), id -> {
            throw new KafkaException("no broker");
        });
        await().atMost(PATIENCE).until(() -> joined.size() >= 2);

        assertThat(joined).containsOnly("server-" + fixture.mapping.id() + "-0");
        stop(pollers);
    }

    @Test
    void aPositionThatTheGroupDidNotTakeHoldsForAllPollers() throws Exception {
        EventSourceMapping latest = Mappings.like(provisioned(2)).startingPosition(StartingPosition.LATEST).startingPositionApplied(false)
                .build();
        List<TestConsumer> consumers = new CopyOnWriteArrayList<>();
        Pollers pollers = pollers(latest, id -> {
            TestConsumer consumer = new TestConsumer() {
                @Override
                public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
                    if (subscription().isEmpty()) {
                        throw new CommitFailedException("the group has members");
                    }
                    super.commitSync(offsets);
                }
            };
            boolean first = consumers.isEmpty();
            consumers.add(consumer);
            partitions(consumer, 2);
            consumer.updateEndOffsets(Map.of(P0, 70L, P1, 90L));
            consumer.updateBeginningOffsets(Map.of(P0, 0L, P1, 0L));
            consumer.schedulePollTask(() -> consumer.rebalance(List.of(first ? P0 : P1)));
            return consumer;
        });
        await().atMost(PATIENCE).until(() -> consumers.size() == 2 && consumers.get(1).commits.containsKey(P1));
        stop(pollers);

        assertThat(consumers.get(0).commits).containsEntry(P0, 70L);
        assertThat(consumers.get(1).commits).as("where the first poller fixed it, not the earliest record").containsEntry(P1, 90L);
    }

    @Test
    void whatIsKnownOfPartitionsIsForgottenWhereTheSameNamesMeanAnotherCluster() throws Exception {
        AtomicReference<String> servers = new AtomicReference<>("a:1,b:1");
        fixture.brokers = any -> new SourceBrokers.Found(new Brokers(servers.get(), Map.of()));
        List<TestConsumer> consumers = new CopyOnWriteArrayList<>();
        Pollers pollers = pollers(fixture.mapping, id -> {
            TestConsumer consumer = new TestConsumer().assigned(1, P0);
            partitions(consumer, 1);
            consumers.add(consumer);
            return consumer;
        });
        await().atMost(PATIENCE).until(() -> fixture.function.submitted.size() == 1);
        servers.set("b:1,c:1"); // one of them was replaced
        consumers.get(0).setPollException(new KafkaException("broken"));
        await().atMost(PATIENCE).until(() -> consumers.size() == 2 && consumers.get(1).assignment().contains(P0));

        await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> fixture.function.submitted.size() == 1);
        servers.set("d:1");
        consumers.get(1).setPollException(new KafkaException("broken"));
        await().atMost(PATIENCE).until(() -> fixture.function.submitted.size() == 2);
        assertThat(consumers.get(2).commits).as("the starting position, before anything is read").containsEntry(P0, 0L);
        fixture.function.end(fixture.function.submitted.get(0), PollingFixture.SUCCESS);
        fixture.function.end(fixture.function.submitted.get(1), PollingFixture.SUCCESS);
        await().atMost(PATIENCE).until(() -> consumers.get(2).commits.get(P0) == 1L);
        stop(pollers);
    }

    private EventSourceMapping provisioned(int count) {
        return Mappings.like(fixture.mapping).provisionedPollers(new ProvisionedPollers(count, null, null)).build();
    }

    private Pollers pollers(EventSourceMapping mapping, Function<String, TestConsumer> consumers) {
        PollerContext context = fixture.context((m, b, id) -> {
            joined.add(id);
            return consumers.apply(id);
        }, b -> "", System::nanoTime);
        Pollers pollers = new Pollers(mapping, number -> new Membership(new MemberId("server", mapping.id(), number), false), context,
                new ByCluster<>((found, first) -> new LeaseTable()), fixture.told, () -> exits.add("exited"));
        pollers.start();
        return pollers;
    }

    private static TestConsumer consumer(int partitions, TopicPartition assigned) {
        TestConsumer consumer = new TestConsumer().assigned(0, assigned);
        partitions(consumer, partitions);
        return consumer;
    }

    private static void partitions(TestConsumer consumer, int count) {
        Node node = new Node(0, "127.0.0.1", 1);
        consumer.updatePartitions("t", IntStream.range(0, count)
                .mapToObj(number -> new PartitionInfo("t", number, node, new Node[] {node}, new Node[] {node})).toList());
    }

    private void stop(Pollers pollers) throws InterruptedException {
        pollers.stop();
        for (Thread thread : pollers.threads()) {
            thread.join(PATIENCE.toMillis());
            assertThat(thread.isAlive()).isFalse();
        }
        assertThat(exits).isNotEmpty();
    }
}
