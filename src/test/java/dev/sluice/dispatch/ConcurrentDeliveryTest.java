package dev.sluice.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.sluice.fixture.Mappings;
import dev.sluice.fixture.TestRecords;
import dev.sluice.invocation.FunctionInvoker;
import dev.sluice.invocation.Invocation;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.mapping.EventSource;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FailureHandling;
import dev.sluice.resource.FunctionArn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Whether every delivery ends, once, with each record settled at most once and one invocation at a time, when threads of functions, of a
 * destination and of backoffs run into each other and into who asks to stop, to skip and to try again.
 */
class ConcurrentDeliveryTest {

    private static final int DELIVERIES = 400;
    private static final int RECORDS = 6;
    private static final int THREADS = 3;

    private final ThreadPoolExecutor functions = new ThreadPoolExecutor(THREADS, THREADS, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
    private final ExecutorService destination = Executors.newSingleThreadExecutor();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();

    /** Answers at random, and tells whether a delivery has two invocations at once. */
    private final class RandomFunction implements FunctionInvoker {

        @Override
        public Optional<Duration> timeout(FunctionArn function) {
            return Optional.of(Duration.ofSeconds(3));
        }

        @Override
        public Pending submit(Invocation invocation) {
            Runnable call = () -> run(invocation);
            functions.execute(call);
            return () -> functions.remove(call);
        }

        private void run(Invocation invocation) {
            Random random = ThreadLocalRandom.current();
            invocation.payload().get();
            invocation.listener().started("request");
            invocation.listener().completed(switch (random.nextInt(5)) {
                case 0 -> new InvocationResult.Success(new byte[0]);
                case 1 -> new InvocationResult.Throttled("busy");
                case 2 -> new InvocationResult.TimedOut("request", Duration.ofSeconds(3));
                case 3 -> new InvocationResult.Success(("{\"batchItemFailures\":[{\"itemIdentifier\":{\"partition\":\"t-0\",\"offset\":"
                        + random.nextInt(RECORDS) + "}}]}").getBytes(StandardCharsets.UTF_8));
                default -> new InvocationResult.FunctionError("E", "{}".getBytes(StandardCharsets.UTF_8));
            });
            invocation.listener().ended();
        }
    }

    /** What one delivery told. */
    private final class Told implements DeliveryListener {
        final AtomicInteger[] settled = new AtomicInteger[RECORDS];
        final AtomicInteger ended = new AtomicInteger();
        final AtomicBoolean telling = new AtomicBoolean();

        Told() {
            for (int i = 0; i < RECORDS; i++) {
                settled[i] = new AtomicInteger();
            }
        }

        @Override
        public void attempted(Delivery delivery, AttemptReport report) {
            oneByOne(() -> {});
        }

        @Override
        public void settled(Delivery delivery, Fate fate, List<? extends PartitionRecords> records) {
            oneByOne(() -> records.forEach(partition -> {
                for (int i = 0; i < partition.size(); i++) {
                    settled[(int) partition.offset(i)].incrementAndGet();
                }
            }));
        }

        @Override
        public void ended(Delivery delivery) {
            oneByOne(ended::incrementAndGet);
        }

        private void oneByOne(Runnable tell) {
            if (!telling.compareAndSet(false, true) || ended.get() > 0) {
                faults.add("two calls at once, or one after the end");
            }
            tell.run();
            telling.set(false);
        }
    }

    @Test
    void everyDeliveryEndsOnceWhoeverInterferes() {
        Logger log = (Logger) LoggerFactory.getLogger("dev.sluice.dispatch");
        log.setLevel(Level.OFF);
        try (Dispatcher dispatcher = new Dispatcher(new RandomFunction(),
                new RetryPolicy(Duration.ofNanos(1_000), Duration.ofNanos(100_000), () -> ThreadLocalRandom.current().nextDouble()),
                new Dispatcher.OnFailure(failed -> CompletableFuture.runAsync(() -> {
                    if (ThreadLocalRandom.current().nextInt(3) == 0) {
                        throw new IllegalStateException("not now", new IOException("the queue is not there"));
                    }
                }, destination), false), DeliveryObserver.NONE, DeliveryClock.real())) {
            List<Told> told = new ArrayList<>();
            List<Delivery> deliveries = new ArrayList<>();
            Random random = new Random();
            for (int i = 0; i < DELIVERIES; i++) {
                Told listener = new Told();
                told.add(listener);
                deliveries.add(dispatcher.deliver(batch(random), listener));
                Delivery any = deliveries.get(random.nextInt(deliveries.size()));
                switch (random.nextInt(4)) {
                    case 0 -> any.stop();
                    case 1 -> any.skip();
                    case 2 -> any.retryNow();
                    default -> any.nextAttempt();
                }
            }
            // What has no limit ends with a skip, sooner or later.
            await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(1)).until(() -> {
                deliveries.forEach(Delivery::skip);
                return told.stream().allMatch(each -> each.ended.get() > 0);
            });
            assertThat(faults).isEmpty();
            assertThat(told).allSatisfy(each -> {
                assertThat(each.ended.get()).isEqualTo(1);
                assertThat(each.settled).allSatisfy(times -> assertThat(times.get()).isLessThanOrEqualTo(1));
            });
        } finally {
            log.setLevel(null);
            functions.shutdownNow();
            destination.shutdownNow();
        }
    }

    private static Batch batch(Random random) {
        TestRecords records = new TestRecords("t", 0);
        for (int i = 0; i < RECORDS; i++) {
            records.add(i, 0, null, new byte[] {1}, List.of());
        }
        EventSourceMapping mapping = Mappings.aMapping().failureHandling(new FailureHandling(random.nextBoolean() ? null : 1, null,
                random.nextBoolean() ? true : null, random.nextBoolean(),
                random.nextBoolean() ? null : "arn:aws:sqs:us-east-1:000000000000:failed")).build();
        return new Batch(mapping, new EventWriter(new EventSource.SelfManagedKafka(List.of("k:1")), "k:1"), List.of(records), 1_000);
    }
}
