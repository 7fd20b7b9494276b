package dev.sluice.queue;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.sluice.dispatch.DeliveryClock;
import dev.sluice.dispatch.DeliveryObserver;
import dev.sluice.dispatch.Dispatcher;
import dev.sluice.dispatch.SteppedDispatcher;
import dev.sluice.filter.OtherFormat;
import dev.sluice.fixture.Mappings;
import dev.sluice.invocation.FunctionInvoker;
import dev.sluice.invocation.Invocation;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.Fact;
import dev.sluice.mapping.PollerObserver;
import dev.sluice.poller.FilterNotice;
import dev.sluice.poller.Mailbox;
import dev.sluice.queue.ScriptedShareConsumer.Group;
import dev.sluice.queue.ScriptedShareConsumer.State;
import dev.sluice.resource.FunctionArn;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What becomes of a lane's records, on a consumer that behaves as Kafka's was measured to. */
class LaneDeliveriesTest implements FunctionInvoker {

    private static final Duration LOCK = Duration.ofSeconds(30);
    private static final int BATCH = 3;
    private static final int STEPS = 10_000;
    private static final Pattern OFFSET = Pattern.compile("\"offset\":(\\d+)");
    private static final InvocationResult TAKEN = new InvocationResult.Success("{}".getBytes(StandardCharsets.UTF_8));
    private static final InvocationResult FAILED =
            new InvocationResult.FunctionError("E", "{\"errorMessage\":\"no\"}".getBytes(StandardCharsets.UTF_8));

    private final EventSourceMapping mapping =
            Mappings.aMapping().selfManagedKafka("k:1").topics("t").function("f").queue().batchSize(BATCH).build();
    private final Logger log = (Logger) LoggerFactory.getLogger("dev.sluice");
    private long now;
    private final Group group = new Group(1_000, LOCK, () -> now);
    private final SteppedDispatcher dispatcher =
            new SteppedDispatcher(this, new Dispatcher.OnFailure(failed -> CompletableFuture.completedFuture(null), false),
                    DeliveryObserver.NONE, Clock.systemUTC());
    private final List<Invocation> running = new ArrayList<>();
    /** By offset, how often the function was given it, and how often a lane lost it without having been asked to. */
    private final Map<Long, Integer> given = new HashMap<>();
    private final Map<Long, Integer> lost = new HashMap<>();
    private final Map<Long, Boolean> taken = new HashMap<>();
    private Lane lane = new Lane(1);

    private final class Lane {

        private final ScriptedShareConsumer consumer;
        private final Mailbox mailbox;
        private final Held held;
        private final LaneDeliveries deliveries;
        private final ReceivedShare received;
        private final List<Invocation> mine = new ArrayList<>();

        private Lane(int slots) {
            consumer = new ScriptedShareConsumer(group, slots * BATCH);
            QueueContext context = new QueueContext(dispatcher.dispatcher(), LaneDeliveriesTest.this, PollerObserver.NONE, any -> true,
                    OtherFormat.DROP, false, () -> now, DeliveryClock.real(Clock.systemUTC(), () -> now));
            mailbox = new Mailbox(consumer::wakeup, context.clock(), () -> {});
            held = new Held(consumer);
            Fact.Listener nobody = fact -> {};
            deliveries = new LaneDeliveries(mapping, context, nobody, mailbox, held, "k:1");
            received = new ReceivedShare(mapping, context.observer(), context.otherFormat(), new FilterNotice(mapping));
        }

        private boolean fetch() {
            mailbox.run();
            if (!deliveries.isEmpty()) {
                return false;
            }
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ZERO);
            if (!records.isEmpty()) {
                deliveries.begin(received.keep(records, held, now), (int) LOCK.toMillis(), group.deliveryLimit);
            }
            return !records.isEmpty();
        }
    }

    @BeforeEach
    void keepQuiet() {
        log.setLevel(Level.OFF);
    }

    @AfterEach
    void logAgain() {
        log.setLevel(null);
    }

    @Test
    void whatTheFunctionTookIsAcceptedAndNotBefore() {
        group.produce(2);
        assertThat(lane.fetch()).isTrue();
        lane.deliveries.attend(Duration.ZERO);
        assertThat(group.records.values()).allMatch(record -> record.state == State.ACQUIRED);

        end(running.remove(0), TAKEN);
        lane.deliveries.attend(Duration.ZERO);
        assertThat(group.records.values()).allMatch(record -> record.state == State.ACCEPTED);
        assertThat(lane.deliveries.isEmpty()).isTrue();
    }

    @Test
    void whatFailsIsReleasedAfterItsWait() {
        group.produce(1);
        lane.fetch();
        end(running.remove(0), FAILED);
        lane.deliveries.attend(Duration.ZERO);
        assertThat(group.records.get(0L).state).isEqualTo(State.ACQUIRED);

        dispatcher.endBackoff(0);
        lane.deliveries.attend(Duration.ZERO);
        assertThat(group.records.get(0L).state).isEqualTo(State.AVAILABLE);
        lane.fetch();
        assertThat(group.records.get(0L).deliveries).isEqualTo(2);
    }

    @Test
    void aFunctionThatTakesLongerThanTheLockHasItsRecordsOnce() {
        group.produce(2);
        lane.fetch();
        for (int i = 0; i < 40; i++) {
            now += LOCK.dividedBy(4).toNanos();
            lane.deliveries.attend(Duration.ZERO);
        }
        end(running.remove(0), TAKEN);
        lane.deliveries.attend(Duration.ZERO);

        assertThat(group.records.values()).allMatch(record -> record.state == State.ACCEPTED && record.deliveries == 1);
        assertThat(lane.consumer.polls).as("one for the records, one for each renewal").isLessThanOrEqualTo(41);
    }

    // A poll beside a function that runs would begin a fetch, of what nobody has room for.
    @Test
    void whoHasLostItsLocksNeitherAcknowledgesNorPollsBeforeTheFunctionEnds() {
        group.produce(2);
        lane.fetch();
        now += LOCK.multipliedBy(2).toNanos();
        int polls = lane.consumer.polls;
        lane.deliveries.attend(Duration.ZERO);
        assertThat(lane.consumer.polls).isEqualTo(polls);
        assertThat(group.records.values()).allMatch(record -> record.state == State.AVAILABLE);

        end(running.remove(0), TAKEN);
        lane.deliveries.attend(Duration.ZERO);
        assertThat(lane.deliveries.isEmpty()).isTrue();
        assertThat(lane.fetch()).as("they come again").isTrue();
        assertThat(group.records.get(0L).deliveries).isEqualTo(2);
    }

    @Test
    void whateverHappensNothingIsAcceptedUntakenAndNoCountIsSpentWithoutACause() {
        long seed = Long.getLong("sluice.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            step(random);
            check("-Dsluice.seed=" + seed + ", step " + step);
        }
        for (int i = 0; i < 50_000 && group.records.values().stream().anyMatch(record -> record.state != State.ACCEPTED); i++) {
            lane.fetch();
            if (!running.isEmpty()) {
                end(running.remove(0), TAKEN);
            }
            if (dispatcher.backingOff() > 0) {
                dispatcher.endBackoff(0);
            }
            lane.deliveries.attend(Duration.ZERO);
        }
        check("-Dsluice.seed=" + seed + ", at the end");
        assertThat(group.records.values()).as("-Dsluice.seed=" + seed).allMatch(record -> record.state == State.ACCEPTED);
        assertThat(group.records).hasSizeGreaterThan(1_000);
    }

    private void step(Random random) {
        int what = random.nextInt(100);
        if (what < 15) {
            group.produce(random.nextInt(4));
        } else if (what < 40) {
            lane.fetch();
        } else if (what < 65) {
            if (!running.isEmpty()) {
                end(running.remove(random.nextInt(running.size())), result(random));
            }
        } else if (what < 80) {
            if (dispatcher.backingOff() > 0) {
                dispatcher.endBackoff(random.nextInt(dispatcher.backingOff()));
            }
        } else if (what < 97) {
            now += LOCK.dividedBy(4 + random.nextInt(4)).toNanos();
            lane.deliveries.attend(Duration.ZERO);
        } else if (what < 99) {
            lose();
            now += LOCK.multipliedBy(2).toNanos(); // the process was stopped for longer than its locks
            lane.deliveries.attend(Duration.ZERO);
        } else {
            lose();
            lane.consumer.kill();
            running.removeAll(lane.mine);
            lane = new Lane(1 + random.nextInt(5));
        }
    }

    private void lose() {
        group.records.forEach((offset, record) -> {
            if (record.state == State.ACQUIRED) {
                lost.merge(offset, 1, Integer::sum);
            }
        });
    }

    private static InvocationResult result(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> FAILED;
            case 1 -> new InvocationResult.Throttled("busy");
            default -> TAKEN;
        };
    }

    private void check(String when) {
        group.records.forEach((offset, record) -> {
            if (record.state == State.ACCEPTED && !taken.getOrDefault(offset, false)) {
                throw new AssertionError("offset " + offset + " was accepted and nobody took it: " + when);
            }
            if (record.state == State.ARCHIVED) {
                throw new AssertionError("offset " + offset + " was archived: " + when);
            }
            int causes = given.getOrDefault(offset, 0) + lost.getOrDefault(offset, 0);
            if (record.deliveries - (record.state == State.ACQUIRED ? 1 : 0) > causes) {
                throw new AssertionError(
                        "offset " + offset + " was delivered " + record.deliveries + " times, for " + causes + " causes: " + when);
            }
        });
        long acquired = group.records.values().stream().filter(record -> record.state == State.ACQUIRED).count();
        assertThat(acquired).as("no more than can start: " + when).isLessThanOrEqualTo(5L * BATCH);
    }

    private void end(Invocation invocation, InvocationResult result) {
        invocation.listener().executes("1");
        invocation.listener().started("request");
        boolean reached = !(result instanceof InvocationResult.Throttled);
        String event = new String(invocation.payload().get().bytes(), 0, invocation.payload().get().length(), StandardCharsets.UTF_8);
        for (Matcher offset = OFFSET.matcher(event); offset.find();) {
            if (reached) {
                given.merge(Long.parseLong(offset.group(1)), 1, Integer::sum);
            }
            if (result == TAKEN) {
                taken.put(Long.parseLong(offset.group(1)), true);
            }
        }
        invocation.listener().completed(result);
        invocation.listener().ended();
    }

    @Override
    public Pending submit(Invocation invocation) {
        running.add(invocation);
        lane.mine.add(invocation);
        return () -> running.remove(invocation);
    }

    @Override
    public Optional<Duration> timeout(FunctionArn function) {
        return Optional.of(Duration.ofSeconds(3));
    }
}
