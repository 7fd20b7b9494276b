package dev.sluice.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.Mappings;
import dev.sluice.fixture.TestRecords;
import dev.sluice.invocation.FunctionInvoker;
import dev.sluice.invocation.Invocation;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.Payload;
import dev.sluice.mapping.EventSource;
import dev.sluice.mapping.FailureHandling;
import dev.sluice.resource.FunctionArn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * What becomes of each record in Queue mode under every combination of a mapping's failure handling, a function's way to fail and a
 * destination's state: played through by one delivery after the other with a group that hands out again what was released, and said by a small
 * model beside it.
 */
class QueueHandlingTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final int RECORDS = 6;
    /** Backoffs after which a record counts as kept for ever. */
    private static final int PATIENCE = 12;

    private enum Failing {
        ERROR, NAMES_THEM, NAMES_THEM_AS_TEXT, NAMES_A_STRANGER
    }

    private enum Destination { NONE, TAKES, FAILS_TWICE }

    private record Case(Integer retries, Boolean bisect, boolean reports, Destination destination, Failing failing, Set<Integer> poisoned,
            int deliveryLimit, boolean archives, int throttles) {

        /** How often a record that fails is handed out. */
        int deliveries() {
            int wanted = retries == null ? 1 : retries < 0 ? Integer.MAX_VALUE : retries + 1;
            return destination == Destination.NONE ? deliveryLimit : Math.min(wanted, deliveryLimit);
        }
    }

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Integer retries : new Integer[] {null, -1, 0, 2, 9}) {
            for (Boolean bisect : new Boolean[] {null, true}) {
                for (boolean reports : new boolean[] {false, true}) {
                    for (Destination destination : Destination.values()) {
                        for (Failing failing : Failing.values()) {
                            for (Set<Integer> poisoned : List.of(Set.<Integer>of(), Set.of(0), Set.of(1, 4), Set.of(0, 1, 2, 3, 4, 5))) {
                                for (int limit : new int[] {2, 5}) {
                                    for (boolean archives : new boolean[] {false, true}) {
                                        cases.add(new Case(retries, bisect, reports, destination, failing, poisoned, limit, archives,
                                                cases.size() % 3));
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        return cases;
    }

    private final Logger log = (Logger) LoggerFactory.getLogger("dev.sluice.dispatch");

    @BeforeEach
    void keepQuiet() {
        log.setLevel(Level.OFF);
    }

    @AfterEach
    void logAgain() {
        log.setLevel(null);
    }

    @Test
    void everyCombinationEndsAsTheModelSays() {
        List<Case> cases = cases();
        for (Case each : cases) {
            Group group = new Group(each);
            group.run();
            assertThat(group.fates).as("fates under %s", each).isEqualTo(expected(each));
            assertThat(group.mostHandedOut).as("never released at the limit under %s", each).isLessThanOrEqualTo(each.deliveryLimit());
        }
        assertThat(cases).hasSizeGreaterThan(3_000);
    }

    /** The model; a record that is absent is kept until the function takes it. */
    private static Map<Integer, String> expected(Case of) {
        boolean ignored = !of.reports() && of.failing() != Failing.ERROR;
        boolean apart =
                of.bisect() != null || of.reports() && (of.failing() == Failing.NAMES_THEM || of.failing() == Failing.NAMES_THEM_AS_TEXT);
        Map<Integer, String> fates = new TreeMap<>();
        for (int i = 0; i < RECORDS; i++) {
            boolean fails = !ignored && !of.poisoned().isEmpty() && (!apart || of.poisoned().contains(i));
            if (!fails) {
                fates.put(i, "DELIVERED after 1");
            } else if (of.destination() != Destination.NONE) {
                fates.put(i, "SENT_TO_DESTINATION after " + of.deliveries());
            } else if (of.archives()) {
                fates.put(i, "DROPPED after " + of.deliveries());
            }
        }
        return fates;
    }

    /** Hands out in one batch what is neither finished nor kept, again and again. */
    private static final class Group implements FunctionInvoker, DeliveryListener, OnFailureDestination {

        private final Case of;
        private final Map<Integer, String> fates = new TreeMap<>();
        private final EventWriter writer = new EventWriter(new EventSource.SelfManagedKafka(List.of("k:1")), "k:1");
        private Invocation waiting;
        private FutureTask<Void> planned;
        private int handedOut;
        private int mostHandedOut;
        private int throttles;
        private int refusals;
        private boolean over;

        private Group(Case of) {
            this.of = of;
            this.throttles = of.throttles();
        }

        void run() {
            boolean kept = false;
            while (fates.size() < RECORDS && !kept) {
                handedOut++;
                mostHandedOut = Math.max(mostHandedOut, handedOut);
                if (handedOut > of.deliveryLimit()) {
                    return; // archived
                }
                kept = !deliver();
            }
        }

        /** Whether the delivery has ended. */
        private boolean deliver() {
            TestRecords records = new TestRecords("t", 0).handedOut(handedOut);
            for (int i = 0; i < RECORDS; i++) {
                if (!fates.containsKey(i)) {
                    records.add(i, NOW.toEpochMilli(), null, new byte[] {(byte) i}, List.of());
                }
            }
            FailureHandling rules = new FailureHandling(of.retries(), null, of.bisect(), of.reports(),
                    of.destination() == Destination.NONE ? null : "arn:aws:sqs:us-east-1:000000000000:failed");
            over = false;
            List<TestRecords> batch = List.of(records);
            Delivery delivery = new Delivery(
                    new Batch(Mappings.aMapping().function("f").failureHandling(rules).build(), writer, batch, writer.length(batch),
                            new Redelivery(of.deliveryLimit(), of.archives())),
                    this, new Surroundings(this, (failures, next) -> {
                        planned = new FutureTask<>(next, null);
                        return new Delivery.Backoff(NOW, () -> planned.cancel(false));
                    }, new Dispatcher.OnFailure(this, false), DeliveryObserver.NONE,
                            DeliveryClock.real(Clock.fixed(NOW, ZoneOffset.UTC), System::nanoTime), new EventBuffers()));
            delivery.start();
            for (int backoffs = 0; !over && (waiting != null || backoffs < PATIENCE);) {
                if (waiting != null) {
                    Invocation next = waiting;
                    waiting = null;
                    answer(next);
                } else {
                    backoffs++;
                    planned.run();
                }
            }
            return over;
        }

        private void answer(Invocation invocation) {
            invocation.listener().executes("7");
            invocation.listener().started("request");
            List<Integer> event = places(invocation.payload().get());
            InvocationResult result;
            if (throttles > 0) {
                throttles--;
                result = new InvocationResult.Throttled("too many calls");
            } else {
                result = event.stream().noneMatch(of.poisoned()::contains) ? new InvocationResult.Success(new byte[0]) : failure(event);
            }
            invocation.listener().completed(result);
            invocation.listener().ended();
        }

        private InvocationResult failure(List<Integer> event) {
            List<Integer> poisoned = event.stream().filter(of.poisoned()::contains).toList();
            return switch (of.failing()) {
                case ERROR -> new InvocationResult.FunctionError("E", "{\"errorMessage\":\"no\"}".getBytes(StandardCharsets.UTF_8));
                case NAMES_THEM -> named(poisoned.stream().map(offset -> "{\"partition\":\"t-0\",\"offset\":" + offset + "}").toList());
                case NAMES_THEM_AS_TEXT -> named(poisoned.stream().map(offset -> "\"t-0-" + offset + "\"").toList());
                case NAMES_A_STRANGER -> named(List.of("\"t-0-99\""));
            };
        }

        private static InvocationResult named(List<String> identifiers) {
            return new InvocationResult.Success(("{\"batchItemFailures\":["
                    + String.join(",", identifiers.stream().map(each -> "{\"itemIdentifier\":" + each + "}").toList()) + "]}")
                    .getBytes(StandardCharsets.UTF_8));
        }

        private static List<Integer> places(Payload event) {
            try {
                List<Integer> places = new ArrayList<>();
                for (JsonNode record : JSON.readTree(event.bytes(), 0, event.length()).get("records").get("t-0")) {
                    places.add((int) record.get("value").binaryValue()[0]);
                }
                return places;
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
            waiting = invocation;
            return () -> false;
        }

        @Override
        public CompletionStage<Void> send(FailedBatch failed) {
            return of.destination() == Destination.FAILS_TWICE && refusals++ < 2
                    ? CompletableFuture.failedFuture(new IllegalStateException("down")) : CompletableFuture.completedFuture(null);
        }

        @Override
        public void attempted(Delivery delivery, AttemptReport report) {
            // What becomes of the records is what counts.
        }

        @Override
        public void settled(Delivery delivery, Fate fate, List<? extends PartitionRecords> records) {
            for (PartitionRecords some : records) {
                for (int i = 0; i < some.size(); i++) {
                    assertThat(fates.put((int) some.offset(i), fate + " after " + handedOut)).isNull();
                }
            }
        }

        @Override
        public void ended(Delivery delivery) {
            over = true;
        }
    }
}
