package dev.sluice.poller;

import dev.sluice.cluster.Brokers;
import dev.sluice.cluster.MappingBrokers;
import dev.sluice.cluster.SourceBrokers;
import dev.sluice.dispatch.DeliveryClock;
import dev.sluice.dispatch.DeliveryObserver;
import dev.sluice.dispatch.Dispatcher;
import dev.sluice.dispatch.RetryPolicy;
import dev.sluice.fixture.Mappings;
import dev.sluice.invocation.FunctionInvoker;
import dev.sluice.invocation.Invocation;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.Fact;
import dev.sluice.mapping.FleetView;
import dev.sluice.mapping.PollerObserver;
import dev.sluice.resource.FunctionArn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;

/** A poller's surroundings without a broker: Kafka's own mock consumer, and a function that the test plays. */
final class PollingFixture {

    /** An address, not a name: nothing is looked up. */
    static final String LOOPBACK = "127.0.0.1:1";
    static final TopicPartition P0 = new TopicPartition("t", 0);
    static final TopicPartition P1 = new TopicPartition("t", 1);
    static final InvocationResult SUCCESS = new InvocationResult.Success(new byte[0]);
    static final InvocationResult ERROR =
            new InvocationResult.FunctionError("E", "{\"errorMessage\":\"no\"}".getBytes(StandardCharsets.UTF_8));

    final EventSourceMapping mapping = Mappings.aMapping().topics("t").batchSize(10).maximumBatchingWindow(Duration.ZERO)
            .startingPositionApplied(true).build();
    final LeaseTable leases = new LeaseTable();
    final ScriptedFunction function = new ScriptedFunction();
    final Told told = new Told();
    final ScriptedGroups groups = new ScriptedGroups();
    Duration backoff = Duration.ofMillis(5);
    MappingBrokers brokers = any -> new SourceBrokers.Found(new Brokers(LOOPBACK, Map.of()));
    PollerSettings settings = PollerSettings.DEFAULT;
    PollerObserver observer = PollerObserver.NONE;

    /** A consumer that remembers what was committed after it is closed. */
    static class TestConsumer extends MockConsumer<byte[], byte[]> {
        final Map<TopicPartition, Long> commits = new HashMap<>();
        private final Map<TopicPartition, OffsetAndMetadata> committedBefore = new HashMap<>();

        TestConsumer() {
            super("none");
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>(committedBefore);
            committed.keySet().retainAll(partitions);
            committed.putAll(super.committed(partitions));
            return committed;
        }

        /** As {@link #assigned}, in a group that has committed the offset 0 of these partitions before. */
        TestConsumer assignedAgain(int records, TopicPartition... partitions) {
            for (TopicPartition partition : partitions) {
                committedBefore.put(partition, new OffsetAndMetadata(0));
            }
            return assigned(records, partitions);
        }

        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
            super.commitSync(offsets);
            offsets.forEach((partition, offset) -> commits.put(partition, offset.offset()));
        }

        @Override
        public synchronized void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
            super.commitAsync(offsets, callback);
            offsets.forEach((partition, offset) -> commits.put(partition, offset.offset()));
        }

        /** Has the next poll assign these partitions, all beginning at 0, with this many records each. */
        TestConsumer assigned(int records, TopicPartition... partitions) {
            for (TopicPartition partition : partitions) {
                updateBeginningOffsets(Map.of(partition, 0L));
                updateEndOffsets(Map.of(partition, (long) records));
            }
            schedulePollTask(() -> {
                rebalance(List.of(partitions));
                for (TopicPartition partition : partitions) {
                    produce(partition, 0, records);
                }
            });
            return this;
        }

        void produce(TopicPartition partition, long from, int records) {
            for (long offset = from; offset < from + records; offset++) {
                addRecord(new ConsumerRecord<>(partition.topic(), partition.partition(), offset, null, new byte[] {1}));
            }
        }
    }

    /** Invocations that wait for the test, unless {@code answer} says how they all end. */
    static final class ScriptedFunction implements FunctionInvoker {
        final List<Invocation> submitted = new CopyOnWriteArrayList<>();
        volatile InvocationResult answer;
        volatile Error refusal;
        final Duration timeout = Duration.ofSeconds(3);

        @Override
        public Optional<Duration> timeout(FunctionArn function) {
            return Optional.of(timeout);
        }

        @Override
        public Pending submit(Invocation invocation) {
            if (refusal != null) {
                throw refusal;
            }
            submitted.add(invocation);
            invocation.listener().started("id");
            if (answer != null) {
                end(invocation, answer);
            }
            return () -> false;
        }

        void end(Invocation invocation, InvocationResult result) {
            invocation.listener().completed(result);
            invocation.listener().ended();
        }
    }

    /** What a loop told, in order. */
    static final class Told implements Fact.Listener {
        volatile int topicPartitions;

        final List<String> reports = new CopyOnWriteArrayList<>();

        @Override
        public void tell(Fact fact) {
            if (fact instanceof Fact.TopicPartitions partitions) {
                topicPartitions = partitions.count();
            } else {
                reports.add(text(fact));
            }
        }

        private static String text(Fact fact) {
            if (fact instanceof Fact.Failed failed) {
                return "failed " + failed.reason();
            }
            if (fact instanceof Fact.Processed processed) {
                return "processed " + processed.lastProcessingResult();
            }
            if (fact instanceof Fact.Problem problem) {
                return "problem " + problem.detail();
            }
            if (fact instanceof Fact.Unreadable unreadable) {
                return "unreadable " + unreadable.problem().detail();
            }
            String name = fact.getClass().getSimpleName();
            return Character.toLowerCase(name.charAt(0)) + name.substring(1);
        }
    }

    /** Groups whose members the test names; of all brokers, which advertise the hosts that it names. */
    static final class ScriptedGroups implements Groups {
        volatile List<Member> members = List.of();
        volatile List<String> advertised = List.of("127.0.0.1");
        volatile RuntimeException failure;
        final List<String> removed = new CopyOnWriteArrayList<>();

        @Override
        public List<FleetView.Elsewhere> holders(Brokers brokers, String group, Patience patience) {
            return List.of();
        }

        @Override
        public List<Member> members(Brokers brokers, String group, Patience patience) {
            failIfTold();
            return members;
        }

        @Override
        public void remove(Brokers brokers, String group, Collection<String> instanceIds, Patience patience) {
            failIfTold();
            removed.addAll(instanceIds);
        }

        @Override
        public List<String> advertisedHosts(Brokers brokers, Patience patience) {
            failIfTold();
            return advertised;
        }

        private void failIfTold() {
            if (failure != null) {
                throw failure;
            }
        }
    }

    PollerContext context(Consumers consumers, SourceDiagnosis diagnosis, LongSupplier nanos) {
        return new PollerContext(brokers, consumers, groups, new Dispatcher(function,
                new RetryPolicy(backoff, backoff, () -> 0.5),
                new Dispatcher.OnFailure(failed -> CompletableFuture.failedFuture(new IOException("no destination here")), false),
                DeliveryObserver.NONE, DeliveryClock.real()), diagnosis, observer, settings,
                nanos);
    }

    PollSession session(EventSourceMapping of, TestConsumer consumer) {
        PollerContext context = context((m, b, i) -> consumer, brokers -> "", System::nanoTime);
        PollLoop.Shared shared = shared(of, context);
        return new PollSession(of, consumer, context, shared, new PollSession.Standing(
                new GroupEntry(of, membership(0), context, shared.patience(), () -> false),
                new UnreadablePartitions(of, told, context.nanos())),
                new PollSession.Announcements(0, new Brokers(LOOPBACK, Map.of()), told));
    }

    PollLoop.Shared shared(EventSourceMapping of, PollerContext context) {
        BrokerPatience patience = new BrokerPatience(context.settings().brokerTimeout());
        return new PollLoop.Shared(leases, new StartingOffsets(of, of.status().startingPositionApplied(), patience, context.nanos()),
                patience, new FilterNotice(of));
    }

    /** As a poller of the mapping, on a loopback address. */
    Membership membership(int number) {
        return member(new Brokers(LOOPBACK, Map.of()), new MemberId("server", mapping.id(), number));
    }

    /** One whose brokers have been found. */
    static Membership member(Brokers found, MemberId id) {
        Membership membership = new Membership(id, false);
        membership.found(new SourceBrokers.Found(found));
        return membership;
    }
}
