package dev.sluice.poller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.DeliveryObserver;
import dev.sluice.dispatch.Dispatcher;
import dev.sluice.dispatch.Fate;
import dev.sluice.dispatch.PartitionRecords;
import dev.sluice.dispatch.SteppedDispatcher;
import dev.sluice.filter.OtherFormat;
import dev.sluice.fixture.DeliveryGuarantees;
import dev.sluice.fixture.Mappings;
import dev.sluice.invocation.FunctionInvoker;
import dev.sluice.invocation.Invocation;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.Payload;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FailureHandling;
import dev.sluice.mapping.PollerObserver;
import dev.sluice.resource.FunctionArn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Whether the guarantees hold whatever happens, in whatever order: records arrive, two pollers of one server and a foreign member pass
 * partitions on, sessions end, members expire, the server is killed, functions fail in all their ways and late, or are gone for a while,
 * commits fail, batches are skipped, records are filtered out or too large, a topic is made anew. The seed is in each failure's message;
 * {@code -Dsluice.seed=N} plays it again.
 */
class RandomisedPollingTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RUNS = 60;
    private static final int STEPS = 300;
    /** No function can be invoked with it: over 6 MB in Base64. */
    private static final byte[] TOO_LARGE = new byte[4_800_000];
    private static final String PATTERN = "{\"value\":{\"wanted\":[true]}}";

    @Test
    void keepsEveryGuaranteeInTenThousandsOfSteps() {
        long seed = Long.getLong("sluice.seed", new Random().nextLong());
        Set<ch.qos.logback.classic.Logger> quiet = quiet();
        try {
            for (int run = 0; run < RUNS; run++) {
                new Play(seed + run).run();
            }
        } finally {
            quiet.forEach(logger -> logger.setLevel(null));
        }
    }

    /** Each loss of a partition and each dropped record is logged, which here happens thousands of times. */
    private static Set<ch.qos.logback.classic.Logger> quiet() {
        Set<ch.qos.logback.classic.Logger> loggers = Set.of("dev.sluice.poller", "dev.sluice.dispatch").stream()
                .map(name -> (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(name)).collect(Collectors.toSet());
        loggers.forEach(logger -> logger.setLevel(ch.qos.logback.classic.Level.OFF));
        return loggers;
    }

    /** One invocation as the function sees it. */
    private static final class Running {
        final long number;
        final Invocation invocation;
        Map<TopicPartition, List<Long>> records;
        Map<TopicPartition, Integer> lives;
        boolean timedOut;

        Running(long number, Invocation invocation) {
            this.number = number;
            this.invocation = invocation;
        }
    }

    /** A session and the consumer it owns. */
    private record Poller(PollSession session, ScriptedGroup.Member member) {
    }

    private static final class Play implements FunctionInvoker, DeliveryObserver {
        private final long seed;
        private final Random random;
        private final DeliveryGuarantees guarantees = new DeliveryGuarantees();
        private final PollingFixture fixture = new PollingFixture();
        private final ScriptedGroup group;
        private final EventSourceMapping mapping;
        private final List<Running> queued = new ArrayList<>();
        private final List<Running> running = new ArrayList<>();
        private final List<Poller> pollers = new ArrayList<>();
        private final List<String> history = new ArrayList<>();
        private SteppedDispatcher dispatcher;
        private LeaseTable leases;
        private long invocations;
        private long nanos;
        private boolean calm;
        private boolean filteredOut;

        Play(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.group = new ScriptedGroup(random, guarantees);
            FailureHandling rules = new FailureHandling(pick(null, -1, 0, 2), null, pick(null, true), random.nextBoolean(),
                    pick(null, "arn:aws:sqs:us-east-1:000000000000:failed"));
            String[] filters = random.nextBoolean() ? new String[] {PATTERN} : new String[0];
            this.mapping = Mappings.aMapping().topics("t", "u").filterPatterns(filters).batchSize(1 + random.nextInt(9))
                    .startingPositionApplied(true)
                    .maximumBatchingWindow(pick(null, Duration.ZERO)).failureHandling(rules).build();
            startServer();
        }

        @SafeVarargs
        private <T> T pick(T... values) {
            return values[random.nextInt(values.length)];
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            calmDown();
            assertThat(filteredOut).as("delivered what was filtered out").isFalse();
            assertThat(guarantees.violations()).as(this::told).isEmpty();
            assertThat(guarantees.undelivered()).as(this::told).isEmpty();
            assertThat(group.done()).as(this::told).isTrue();
        }

        private String told() {
            return "with seed " + seed + ", " + mapping.settings() + ", " + group + " after:\n" + String.join("\n", history);
        }

        private void step() {
            nanos += random.nextInt(3) * 100_000_000L;
            int dice = random.nextInt(100);
            if (dice < 25) {
                produce(pick(ScriptedGroup.PARTITIONS.toArray(TopicPartition[]::new)));
            } else if (dice < 60) {
                rounds();
            } else if (dice < 68) {
                startQueued();
            } else if (dice < 82) {
                endRunning();
            } else if (dice < 88) {
                endBackoff();
            } else if (dice < 93) {
                rebalance(random.nextInt(3) == 0);
            } else if (dice < 95) {
                group.foreignMemberReads();
            } else if (dice < 96) {
                pollers.forEach(poller -> poller.member().expire(poller.session()));
                history.add("members expire");
                rounds();
                rebalance(false);
            } else if (dice < 97) {
                closeOne();
            } else if (dice < 98) {
                pollers.forEach(poller -> poller.session().skip());
                history.add("skip");
            } else if (dice < 99) {
                pollers.forEach(poller -> poller.session().retryNow());
            } else if (random.nextBoolean()) {
                recreateTopic();
            } else {
                killServer();
            }
        }

        private void produce(TopicPartition partition) {
            boolean filters = !mapping.settings().filterPatterns().isEmpty();
            if (partition.topic().equals("t") && random.nextInt(30) == 0) {
                group.produce(partition, TOO_LARGE, !filters); // which is no JSON, and so passes no filter
                return;
            }
            boolean wanted = random.nextInt(3) > 0;
            String value = "{\"wanted\":" + wanted + ",\"life\":" + group.life(partition.topic()) + "}";
            group.produce(partition, value.getBytes(StandardCharsets.UTF_8), wanted || !filters);
        }

        private void recreateTopic() {
            Map<ScriptedGroup.Member, Set<TopicPartition>> without = new HashMap<>();
            pollers.forEach(poller -> without.put(poller.member(), poller.member().assignment().stream()
                    .filter(partition -> partition.topic().equals("t")).collect(Collectors.toSet())));
            group.assign(without, () -> {
                rounds();
                rounds();
            });
            group.recreate("u");
            history.add("u is made anew");
            if (random.nextBoolean()) {
                endRunning();
            }
            rebalance(false);
        }

        private void startServer() {
            leases = new LeaseTable();
            dispatcher = new SteppedDispatcher(this, new Dispatcher.OnFailure(failed -> random.nextInt(3) == 0 && !calm
                    ? CompletableFuture.failedFuture(new IOException("the queue is not there"))
                    : CompletableFuture.completedFuture(null), false), this, Clock.systemUTC());
            open();
            open();
            rebalance(false);
        }

        private void open() {
            ScriptedGroup.Member member = group.new Member();
            BrokerPatience patience = new BrokerPatience(Duration.ofSeconds(5));
            PollerContext context = new PollerContext(fixture.brokers, (m, b, i) -> member, fixture.groups, dispatcher.dispatcher(),
                    brokers -> "",
                    PollerObserver.NONE, new PollerSettings(Duration.ofSeconds(5), Duration.ZERO, Duration.ZERO, Duration.ofSeconds(60),
                            any -> false, OtherFormat.DROP),
                    () -> nanos);
            PollSession session = new PollSession(mapping, member, context,
                    new PollLoop.Shared(leases,
                            new StartingOffsets(mapping, mapping.status().startingPositionApplied(), patience, () -> nanos), patience,
                            new FilterNotice(mapping)),
                    new PollSession.Standing(new GroupEntry(mapping, fixture.membership(0), context, patience, () -> false),
                            new UnreadablePartitions(mapping, fixture.told, () -> nanos)),
                    new PollSession.Announcements(0, fixture.membership(0).brokers(), new PollingFixture.Told()));
            session.open(false);
            pollers.add(new Poller(session, member));
        }

        private void rounds() {
            pollers.forEach(poller -> poller.session().runOnce());
        }

        private void rebalance(boolean foreignMemberToo) {
            Map<ScriptedGroup.Member, Set<TopicPartition>> wanted = new HashMap<>();
            pollers.forEach(poller -> wanted.put(poller.member(), new HashSet<>()));
            for (TopicPartition partition : group.partitions()) {
                if (!pollers.isEmpty() && !(foreignMemberToo && random.nextBoolean())) {
                    wanted.get(pollers.get(random.nextInt(pollers.size())).member()).add(partition);
                }
            }
            history.add("rebalance to " + wanted.values());
            // A wake-up of the rebalance before it may end a poll before its tasks ran.
            group.assign(wanted, () -> {
                rounds();
                rounds();
            });
        }

        private void closeOne() {
            Poller gone = pollers.remove(random.nextInt(pollers.size()));
            history.add("close with " + gone.member().assignment());
            gone.session().close(Duration.ZERO);
            open();
            rebalance(false);
        }

        private void killServer() {
            history.add("kill");
            guarantees.serverEnded();
            pollers.clear();
            running.clear();
            queued.clear();
            startServer();
        }

        private void startQueued() {
            if (!queued.isEmpty()) {
                start(queued.remove(random.nextInt(queued.size())));
            }
        }

        private void start(Running started) {
            running.add(started);
            started.invocation.listener().started("request-" + started.number);
            started.lives = new HashMap<>();
            started.records = records(started.invocation.payload().get(), started.lives);
            history.add("attempt " + started.number + " with " + started.records);
            guarantees.attemptStarted(started.number, told(started.records, started.lives));
        }

        private void endRunning() {
            if (running.isEmpty()) {
                return;
            }
            Running ending = running.get(random.nextInt(running.size()));
            int dice = random.nextInt(10);
            if (ending.timedOut) {
                end(ending, null, Map.of());
            } else if (!calm && random.nextInt(60) == 0) {
                end(ending, new InvocationResult.NotValid("the function was deleted"), Map.of());
                functionIsBack();
            } else if (calm || dice < 5) {
                end(ending, PollingFixture.SUCCESS, ending.records);
            } else if (dice < 7) {
                partly(ending);
            } else if (dice == 7) {
                ending.timedOut = true;
                history.add("attempt " + ending.number + " times out");
                ending.invocation.listener().completed(new InvocationResult.TimedOut("request", Duration.ofSeconds(3)));
            } else {
                end(ending, dice == 8 ? PollingFixture.ERROR : new InvocationResult.Throttled("busy"), Map.of());
            }
        }

        /** Before its mapping was disabled, or after. */
        private void functionIsBack() {
            rounds();
            if (random.nextBoolean()) {
                pollers.forEach(poller -> poller.session().retryNow());
            } else {
                int count = pollers.size();
                for (int i = 0; i < count; i++) {
                    closeOne();
                }
            }
        }

        private void partly(Running ending) {
            Map<TopicPartition, List<Long>> delivered = new HashMap<>();
            List<String> failed = new ArrayList<>();
            ending.records.forEach((partition, offsets) -> offsets.forEach(offset -> {
                if (random.nextBoolean()) {
                    failed.add("{\"itemIdentifier\":{\"partition\":\"" + partition + "\",\"offset\":" + offset + "}}");
                } else {
                    delivered.computeIfAbsent(partition, name -> new ArrayList<>()).add(offset);
                }
            }));
            end(ending, new InvocationResult.Success(("{\"batchItemFailures\":" + failed + "}").getBytes(StandardCharsets.UTF_8)),
                    mapping.settings().failureHandling().reportBatchItemFailures() ? delivered : ending.records);
        }

        /** @param result null when it was told before */
        private void end(Running ending, InvocationResult result, Map<TopicPartition, List<Long>> delivered) {
            running.remove(ending);
            history.add("attempt " + ending.number + " ends, delivered " + delivered);
            guarantees.attemptEnded(ending.number, told(delivered, ending.lives));
            if (result != null) {
                ending.invocation.listener().completed(result);
            }
            ending.invocation.listener().ended();
        }

        private void endBackoff() {
            int backingOff = dispatcher.backingOff();
            if (backingOff > 0) {
                dispatcher.endBackoff(random.nextInt(backingOff));
            }
        }

        /** No more faults: everything that is there has to arrive. */
        private void calmDown() {
            calm = true;
            history.add("calm");
            pollers.forEach(poller -> poller.session().retryNow());
            rebalance(false);
            for (int i = 0; i < 5_000 && !group.done(); i++) {
                nanos += 500_000_000L;
                startQueued();
                endRunning();
                endBackoff();
                rounds();
            }
        }

        private static Map<TopicPartition, List<Long>> told(Map<TopicPartition, List<Long>> records, Map<TopicPartition, Integer> lives) {
            Map<TopicPartition, List<Long>> told = new HashMap<>();
            records.forEach((partition, offsets) -> told.put(ScriptedGroup.told(partition, lives.get(partition)), offsets));
            return told;
        }

        private Map<TopicPartition, List<Long>> records(Payload event, Map<TopicPartition, Integer> lives) {
            try {
                Map<TopicPartition, List<Long>> records = new HashMap<>();
                for (JsonNode partition : JSON.readTree(event.bytes(), 0, event.length()).get("records")) {
                    for (JsonNode record : partition) {
                        TopicPartition name = new TopicPartition(record.get("topic").textValue(), record.get("partition").intValue());
                        records.computeIfAbsent(name, first -> new ArrayList<>()).add(record.get("offset").longValue());
                        JsonNode value = JSON.readTree(record.get("value").binaryValue());
                        lives.put(name, value.get("life").intValue());
                        filteredOut |= !value.get("wanted").booleanValue() && !mapping.settings().filterPatterns().isEmpty();
                    }
                }
                return records;
            } catch (IOException broken) {
                throw new AssertionError("the event is no JSON", broken);
            }
        }

        @Override
        public Optional<Duration> timeout(FunctionArn function) {
            return Optional.of(Duration.ofSeconds(3));
        }

        @Override
        public Pending submit(Invocation invocation) {
            Running submitted = new Running(invocations++, invocation);
            if (random.nextBoolean()) {
                queued.add(submitted);
            } else {
                start(submitted);
            }
            return () -> queued.remove(submitted);
        }

        @Override
        public void attempted(Delivery delivery, Attempt attempt) {
        }

        @Override
        public void settled(Delivery delivery, Fate fate, List<? extends PartitionRecords> records) {
            if (fate != Fate.DELIVERED) {
                history.add(fate + " " + records.size());
                for (PartitionRecords partition : records) {
                    for (int i = 0; i < partition.size(); i++) {
                        guarantees.finished(ScriptedGroup.told(new TopicPartition(partition.topic(), partition.partition()),
                                life(partition.value(i))), partition.offset(i));
                    }
                }
            }
        }

        private static int life(byte[] value) {
            try {
                return value == TOO_LARGE ? 0 : JSON.readTree(value).get("life").intValue();
            } catch (IOException broken) {
                throw new AssertionError("the value is no JSON", broken);
            }
        }

        @Override
        public void destinationFailed(Delivery delivery, int records, String reason) {
        }

        @Override
        public void ended(Delivery delivery) {
        }
    }
}
