package dev.sluice.poller;

import static dev.sluice.poller.PollingFixture.P0;
import static dev.sluice.poller.PollingFixture.P1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.Brokers;
import dev.sluice.cluster.MappingBrokers;
import dev.sluice.cluster.SourceBrokers;
import dev.sluice.fixture.Mappings;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FilteredOut;
import dev.sluice.mapping.PollerObserver;
import dev.sluice.mapping.StartingPosition;
import dev.sluice.mapping.Trouble;
import dev.sluice.poller.PollingFixture.TestConsumer;
import dev.sluice.telemetry.Journal;
import dev.sluice.telemetry.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

class PollLoopTest {

    private final PollingFixture fixture = new PollingFixture();
    private final AtomicInteger made = new AtomicInteger();
    private final CountDownLatch exited = new CountDownLatch(1);
    private EventSourceMapping updated;
    private static final SourceBrokers FOUND = new SourceBrokers.Found(new Brokers("k:1", Map.of()));

    private MappingBrokers brokers = any -> FOUND;

    @Test
    void commitsNothingThatAFailedPollHadReadButNotReturned() throws Exception {
        // As in Kafka's FetchCollector: it moves the positions partition by partition, and an Error drops what it has so far.
        TestConsumer broken = new TestConsumer() {
            @Override
            public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                if (super.poll(timeout).isEmpty()) {
                    return ConsumerRecords.empty();
                }
                throw new OutOfMemoryError("Java heap space");
            }
        };
        broken.assigned(10, P0, P1);
        PollLoop loop = loop((mapping, brokers, id) -> made.incrementAndGet() == 1 ? broken : new TestConsumer(), b -> "", 1);
        await().atMost(Duration.ofSeconds(5)).until(() -> made.get() >= 2);
        stop(loop);

        assertThat(broken.commits.getOrDefault(P0, 0L)).isZero();
        assertThat(broken.commits.getOrDefault(P1, 0L)).isZero();
    }

    @Test
    void saysThatAnotherServerHasItsNameAndStaysAway() throws Exception {
        TestConsumer fenced = new TestConsumer() {
            @Override
            public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                super.poll(timeout);
                throw new FencedInstanceIdException("another member has this name");
            }
        };
        fenced.assigned(10, P0);
        PollLoop loop = loop((mapping, brokers, id) -> made.incrementAndGet() == 1 ? fenced : new TestConsumer(), b -> "", 1);
        await().atMost(Duration.ofSeconds(10)).until(() -> fixture.told.reports.stream().anyMatch(report -> report
                .startsWith("problem Another server polls with this data directory's identity (is one of the two a copied directory?)")));

        // It used to be back after 0.2 s.
        await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(3)).until(() -> made.get() == 1);
        stop(loop);
    }

    @Test
    void asksForItsBrokersBeforeEachSessionAndTakesCredentialsThatAppearLate() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        brokers = any -> switch (asked.incrementAndGet()) {
            case 1 -> new SourceBrokers.NotYet(Trouble.CONFIGURATION, "secret s is not there yet");
            case 2 -> throw new IllegalStateException("the secrets manager is away");
            default -> new SourceBrokers.Found(new Brokers("k:1", Map.of("sasl.jaas.config", "password " + asked.get())));
        };
        List<String> used = new CopyOnWriteArrayList<>();
        PollLoop loop = loop((mapping, found, id) -> {
            used.add(found.clientProperties().get("sasl.jaas.config"));
            if (made.incrementAndGet() == 1) {
                throw new SaslAuthenticationException("the password was changed");
            }
            return new TestConsumer();
        }, b -> "", 1);
        await().atMost(Duration.ofSeconds(5)).until(() -> made.get() == 2);
        stop(loop);

        assertThat(used).as("a password that rotates is read again").containsExactly("password 3", "password 4");
        assertThat(fixture.told.reports.get(0)).isEqualTo("problem secret s is not there yet");
        assertThat(fixture.told.reports).as("a mapping says why it waits")
                .contains("problem Its brokers could not be found out: the secrets manager is away");
        assertThat(loop.bootstrapServers()).isEqualTo("k:1");
    }

    // Kafka 2.2 and older; AWS takes brokers from 0.10.1 on.
    @Test
    void joinsOldBrokersWithoutAName() throws Exception {
        AtomicBoolean old = new AtomicBoolean();
        List<String> failures = new CopyOnWriteArrayList<>();
        brokers = new MappingBrokers() {
            @Override
            public SourceBrokers of(EventSourceMapping mapping) {
                return new SourceBrokers.Found(new Brokers("k:1", Map.of()));
            }

            @Override
            public boolean takesStaticMembers(Brokers any) {
                return !old.get();
            }

            @Override
            public void failed(Brokers any, Throwable failure) {
                failures.add(failure.getMessage());
                old.set(failure instanceof UnsupportedVersionException);
            }
        };
        List<String> names = new CopyOnWriteArrayList<>();
        PollLoop loop = loop((mapping, found, id) -> {
            names.add(String.valueOf(id));
            if (made.incrementAndGet() == 1) {
                throw new UnsupportedVersionException("The cluster does not support [GroupInstanceId] in JOIN_GROUP API version 3.");
            }
            return new TestConsumer();
        }, b -> "", 1);
        await().atMost(Duration.ofSeconds(5)).until(() -> made.get() == 2);
        stop(loop);

        assertThat(names.get(0)).startsWith("server-");
        assertThat(names.get(1)).isEqualTo("null");
        assertThat(failures.get(0)).contains("GroupInstanceId");
    }

    @Test
    void whoHangsWhenAskedForBrokersHoldsItsStopUpForLessThanASecond() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        brokers = any -> {
            asked.countDown();
            for (boolean interrupted = true; interrupted;) {
                try {
                    release.await();
                    interrupted = false;
                } catch (InterruptedException deaf) {
                    interrupted = true; // as a look-up of a name is
                }
            }
            return FOUND;
        };
        PollLoop loop = loop((mapping, found, id) -> new TestConsumer(), b -> "", 1);
        try {
            assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(loop.brokers()).isEmpty();
            loop.stop();
            assertThat(exited.await(1, TimeUnit.SECONDS)).isTrue();
        } finally {
            release.countDown();
        }
    }

    @Test
    void goesOnWhenEvenTheDiagnosisFails() throws Exception {
        PollLoop loop = loop((mapping, brokers, id) -> {
            if (made.incrementAndGet() == 1) {
                throw new KafkaException("no consumer");
            }
            return new TestConsumer();
        }, b -> {
            throw new OutOfMemoryError("an answer of 352 MB, as TLS read as Kafka");
        }, 1);
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertThat(made.get()).isGreaterThanOrEqualTo(2));
        stop(loop);
    }

    @Test
    void goesOnWhenTheEndOfASessionFails() throws Exception {
        TestConsumer broken = new TestConsumer() {
            @Override
            public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                super.poll(timeout);
                throw new KafkaException("broken");
            }

            @Override
            public synchronized long position(TopicPartition partition) {
                throw new TimeoutException("no valid position within 60 s");
            }
        };
        broken.assigned(10, P0);
        PollLoop loop = loop((mapping, brokers, id) -> made.incrementAndGet() == 1 ? broken : new TestConsumer(), b -> "", 1);
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertThat(made.get()).isGreaterThanOrEqualTo(2));
        stop(loop);
    }

    @Test
    void disablesAMappingThatMayJoinItsGroupButNotReadItsTopic() throws Exception {
        // 100 times as fast, so that the 60 s of patience are 0.6 s.
        PollLoop loop = loop((mapping, brokers, id) -> {
            made.incrementAndGet();
            TestConsumer consumer = new TestConsumer() {
                private int polls;

                @Override
                public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                    if (++polls > 2) {
                        throw new TopicAuthorizationException(Set.of("t"));
                    }
                    super.poll(timeout);
                    return ConsumerRecords.empty();
                }
            };
            return consumer.assigned(0, P0);
        }, b -> "", 100);
        await().atMost(Duration.ofSeconds(4))
                .untilAsserted(() -> assertThat(fixture.told.reports).contains("failed EVENT_SOURCE_AUTHZ_ERROR"));
        stop(loop);
    }

    @Test
    void aRefusedCommitIsAProblemOfTheMappingAndNotDeliveredPast() throws Exception {
        fixture.function.answer = PollingFixture.SUCCESS;
        CommitFailures commits = new CommitFailures();
        fixture.observer = commits;
        PollLoop loop = loop((mapping, brokers, id) -> {
            TestConsumer consumer = new TestConsumer() {
                @Override
                public synchronized void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
                    if (callback == null) {
                        super.commitAsync(offsets, null); // Kafka's mock commits the position itself this way
                    } else {
                        callback.onComplete(offsets, GroupAuthorizationException.forGroupId("g"));
                    }
                }
            };
            return made.incrementAndGet() == 1 ? consumer.assigned(10, P0) : consumer;
        }, b -> "", 1);
        await().atMost(Duration.ofSeconds(4))
                .untilAsserted(() -> assertThat(fixture.told.reports).contains("problem Not authorized to access group: g"));
        await().atMost(Duration.ofSeconds(4)).until(() -> made.get() >= 2);
        stop(loop);

        assertThat(commits.codes).as("it counts as a failed commit, too")
                .containsOnly(GroupAuthorizationException.class.getName());
        assertThat(fixture.function.submitted).hasSize(1);
    }

    @Test
    void disablesAMappingWhoseClusterTheConfigurationRefusesOnceThePatienceIsOver() throws Exception {
        brokers = any -> new SourceBrokers.Refused("no entry for arn:aws:kafka:x");
        // 100 times as fast, so that the 60 s of patience are 0.6 s.
        PollLoop loop = loop((mapping, brokers, id) -> {
            throw new AssertionError("there is nothing to poll");
        }, b -> "", 100);
        await().atMost(Duration.ofSeconds(4)).untilAsserted(() -> assertThat(fixture.told.reports).contains("failed ESM_CONFIG_NOT_VALID"));
        stop(loop);

        assertThat(loop.bootstrapServers()).isNull();
        assertThat(List.copyOf(fixture.told.reports).subList(0, 2)).as("tries, becomes Enabled, and only then gives up")
                .containsOnly("problem no entry for arn:aws:kafka:x");
        assertThat(fixture.told.reports.indexOf("started")).isPositive()
                .isLessThan(fixture.told.reports.indexOf("failed ESM_CONFIG_NOT_VALID"));
    }

    @Test
    void anUpdateBeforeTheBrokersEverAnsweredDoesNotMoveLatestToTheUpdate() throws Exception {
        TestConsumer consumer = new TestConsumer() {
            @Override
            public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times) {
                return Map.of(P0, new OffsetAndTimestamp(400, times.get(P0)));
            }
        };
        Node node = new Node(0, "127.0.0.1", 1);
        consumer.updatePartitions("t", List.of(new PartitionInfo("t", 0, node, new Node[] {node}, new Node[] {node})));
        consumer.updateEndOffsets(Map.of(P0, 1_000L));
        updated = Mappings.aMapping().topics("t").startingPosition(StartingPosition.LATEST).startingPositionApplied(false)
                .generation(2).lastModified(Instant.now()).build();
        PollLoop loop = loop((mapping, brokers, id) -> consumer, b -> "", 1);
        await().atMost(Duration.ofSeconds(5)).until(() -> fixture.told.reports.contains("startingPositionApplied"));
        stop(loop);

        assertThat(consumer.commits).as("records 400 to 999 were stamped after the creation").containsEntry(P0, 400L);
    }

    // Each round begins with the first question again: with the same time for all of them each time, none ever got to the last one.
    @Test
    void aMachineTooSlowForItsStartingPositionGetsMoreTimeFromRoundToRound() throws Exception {
        List<Duration> allowed = new CopyOnWriteArrayList<>();
        TestConsumer consumer = slow(allowed, Duration.ofSeconds(35));
        updated = Mappings.aMapping().topics("t").startingPositionApplied(false).build();
        PollLoop loop = loop((mapping, brokers, id) -> made.incrementAndGet() < 4 ? slow(allowed, Duration.ofSeconds(35)) : consumer,
                b -> "", 1);
        await().atMost(Duration.ofSeconds(10)).until(() -> fixture.told.reports.contains("startingPositionApplied"));
        stop(loop);

        assertThat(allowed).as("s").extracting(Duration::toSeconds).startsWith(4L, 9L, 19L, 39L);
    }

    /** A consumer that needs {@code time} to tell what is committed. */
    private static TestConsumer slow(List<Duration> allowed, Duration time) {
        TestConsumer consumer = new TestConsumer() {
            @Override
            public synchronized Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions, Duration within) {
                allowed.add(within);
                if (within.compareTo(time) < 0) {
                    throw new TimeoutException("Timeout of " + within.toMillis() + "ms expired");
                }
                return super.committed(partitions);
            }
        };
        Node node = new Node(0, "127.0.0.1", 1);
        consumer.updatePartitions("t", List.of(new PartitionInfo("t", 0, node, new Node[] {node}, new Node[] {node})));
        consumer.updateBeginningOffsets(Map.of(P0, 0L));
        return consumer;
    }

    @Test
    void aPatienceHasItsBound() {
        BrokerPatience patience = new BrokerPatience(Duration.ofSeconds(5));
        patience.endedBy(new KafkaException("not for want of time"));
        assertThat(patience.within()).isEqualTo(Duration.ofSeconds(5));
        patience.endedBy(new KafkaException("User rebalance callback throws an error", new TimeoutException("of committed")));
        assertThat(patience.within()).isEqualTo(Duration.ofSeconds(10));
        for (int i = 0; i < 10; i++) {
            patience.endedBy(new TimeoutException("of committed"));
        }
        assertThat(patience.within()).isEqualTo(Duration.ofSeconds(40));
    }

    @Test
    void aGroupOfOthersIsReportedAndJoinedOnceTheyHaveLeft() throws Exception {
        fixture.groups.advertised = List.of("192.0.2.1");
        fixture.groups.members = List.of(new Groups.Member("orders-app", null, "/10.0.0.5"));
        // 20 times as fast, so that the 5 s of patience are 0.25 s.
        PollLoop loop = loop((mapping, brokers, id) -> {
            made.incrementAndGet();
            return new TestConsumer().assigned(0, P0);
        }, b -> "the brokers can be reached", 20);
        await().atMost(Duration.ofSeconds(5)).until(() -> fixture.told.reports.contains("started"));
        assertThat(fixture.told.reports.get(0)).contains("orders-app at 10.0.0.5");
        assertThat(fixture.told.reports).doesNotContain("sourceWorks");
        fixture.groups.members = List.of();

        await().atMost(Duration.ofSeconds(5)).until(() -> fixture.told.reports.contains("sourceWorks"));
        stop(loop);
    }

    @Test
    void aTopicThatAppearsIsNoProblemAnyMoreAlsoWhenOtherMembersHaveItsPartitions() throws Exception {
        TestConsumer consumer = new TestConsumer() {
            @Override
            public synchronized Map<MetricName, ? extends Metric> metrics() {
                MetricName connections = new MetricName("connection-count", "consumer-metrics", "", Map.of());
                return Map.of(connections, new KafkaMetric(new Object(), connections, (Gauge<Integer>) (config, now) -> 1,
                        new MetricConfig(), Time.SYSTEM));
            }
        };
        consumer.assigned(0);
        PollLoop loop = loop((mapping, brokers, id) -> consumer, b -> "", 20);
        await().atMost(Duration.ofSeconds(5)).until(() -> fixture.told.reports.contains("problem Topic t does not exist on k:1 yet."));
        assertThat(fixture.told.reports).doesNotContain("sourceWorks");
        Node node = new Node(0, "k", 1);
        consumer.updatePartitions("t", List.of(new PartitionInfo("t", 0, node, new Node[] {node}, new Node[] {node})));

        await().atMost(Duration.ofSeconds(5)).until(() -> fixture.told.reports.contains("sourceWorks"));
        stop(loop);
    }

    @Test
    void leavesNoMetricsBehindOfAMappingThatNeverHadAConsumer() throws Exception {
        try (Metrics metrics = new Metrics(() -> new Journal.Losses(0, 0))) {
            fixture.observer = metrics;
            PollLoop loop = loop((mapping, brokers, id) -> {
                throw new KafkaException("no consumer");
            }, b -> "", 1);
            await().atMost(Duration.ofSeconds(5)).until(() -> metrics.scrape().contains(fixture.mapping.id().toString()));
            stop(loop);

            assertThat(metrics.scrape()).doesNotContain(fixture.mapping.id().toString());
        }
    }

    /** Remembers with which codes commits failed, and nothing else. */
    private static final class CommitFailures implements PollerObserver {
        private final List<String> codes = new CopyOnWriteArrayList<>();

        @Override
        public void commitFailed(EventSourceMapping mapping, String errorCode, String message) {
            codes.add(errorCode);
        }

        @Override
        public void polled(EventSourceMapping mapping, int records, int filteredOut) {
        }

        @Override
        public void filteredOut(EventSourceMapping mapping, FilteredOut filteredOut) {
        }

        @Override
        public void committed(EventSourceMapping mapping, long records) {
        }

        @Override
        public void pollingFailed(EventSourceMapping mapping, String errorCode, String message) {
        }

        @Override
        public void assigned(EventSourceMapping mapping, PollerAssignment assignment) {
        }

        @Override
        public void positions(EventSourceMapping mapping, int poller, List<PartitionPosition> positions) {
        }

        @Override
        public void stopped(EventSourceMapping mapping, int poller) {
        }
    }

    private PollLoop loop(Consumers consumers, SourceDiagnosis diagnosis, int speed) {
        EventSourceMapping mapping = updated == null ? fixture.mapping : updated;
        fixture.brokers = brokers;
        PollerContext context = fixture.context(consumers, diagnosis, () -> System.nanoTime() * speed);
        PollLoop loop = new PollLoop(
                new PollLoop.Generation(mapping, new ByCluster<>((found, first) -> fixture.shared(mapping, context)), null),
                new Membership(fixture.membership(0).id(), false), context, fixture.told, exited::countDown);
        Thread thread = new Thread(loop, "loop-under-test");
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((t, e) -> fixture.told.reports.add("died of " + e));
        thread.start();
        return loop;
    }

    private void stop(PollLoop loop) throws InterruptedException {
        loop.stop();
        assertThat(exited.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
