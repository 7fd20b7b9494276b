package dev.sluice.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * What becomes of each record under every combination of a mapping's failure handling, a function's way to fail and a destination's
 * state: played through by a delivery, and said by a small model beside it.
 *
 * <p>powertools-lambda-python#2969, #2973, #5362 (partial failures), aws-cdk PR#28010, PR#36164 (bisect, retries, age),
 * floci#3263 (partial failures must trip the retry limit), localstack#11262 (OnFailure with ReportBatchItemFailures loses nothing).
 */
class FailureHandlingTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    /** Backoffs after which a record counts as tried for ever: more than all records' retries together, where there is a limit. */
    private static final int PATIENCE = 150;
    private static final int PATIENCE_WITHOUT_LIMIT = 8;

    /** How the function fails when a poisoned record is in the event. */
    private enum Failing {
        ERROR, TIMEOUT, NAMES_THEM, NAMES_A_STRANGER, NO_JSON
    }

    private enum Destination { NONE, TAKES, FAILS_TWICE, FAILS_AND_MAY_BE_LEFT }

    /** One row of the table; records are named by their place in the batch. */
    private record Case(Integer retries, Integer age, Boolean bisect, boolean reports, Destination destination, Failing failing,
            Set<Integer> poisoned, Set<Integer> old, int throttles) {

        int retryLimit() {
            return retries != null && retries >= 0 ? retries : destination == Destination.NONE ? -1 : 10;
        }
    }

    /** Batch: five records of one partition (an offset is missing), three of another. */
    private static final long[][] OFFSETS = {{10, 11, 13, 14, 15}, {3, 4, 5}};
    private static final int RECORDS = 8;

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        List<Set<Integer>> poisons = List.of(Set.of(), Set.of(0), Set.of(3), Set.of(1, 6), Set.of(7), Set.of(0, 1, 2, 3, 4, 5, 6, 7));
        for (Integer retries : new Integer[] {null, -1, 0, 2}) {
            for (Integer age : new Integer[] {null, 60}) {
                for (Boolean bisect : new Boolean[] {null, true}) {
                    for (boolean reports : new boolean[] {false, true}) {
                        for (Destination destination : Destination.values()) {
                            for (Failing failing : Failing.values()) {
                                for (Set<Integer> poisoned : poisons) {
                                    for (Set<Integer> old : List.of(Set.<Integer>of(), Set.of(0, 3, 5))) {
                                        // Throttles count for nothing: some cases with, some without, are enough.
                                        cases.add(new Case(retries, age, bisect, reports, destination, failing, poisoned, old,
                                                cases.size() % 3));
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        return cases.stream();
    }

    /** What is dropped, skipped or sent away is logged each time, which here would be thousands of lines. */
    private final Logger log = (Logger) LoggerFactory.getLogger(Delivery.class);

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
        cases().forEach(each -> {
            Play play = new Play(each);
            play.run();
            if (!play.fates.equals(expected(each))) { // AssertJ only where it has something to say: there are thousands of cases
                assertThat(play.fates).as("fates under %s", each).isEqualTo(expected(each));
            }
            play.check();
        });
        assertThat(cases().count()).isGreaterThan(7_000);
    }

    /** The model: what becomes of each record; one that is absent is tried for ever. */
    private static Map<Integer, String> expected(Case of) {
        Map<Integer, String> fates = new TreeMap<>();
        String away = switch (of.destination()) {
            case NONE, FAILS_AND_MAY_BE_LEFT -> "DROPPED";
            case TAKES, FAILS_TWICE -> "SENT_TO_DESTINATION";
        };
        List<Integer> young = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            if (of.age() != null && of.old().contains(i)) {
                fates.put(i, away + " RecordAgeExceeded after 0");
            } else {
                young.add(i);
            }
        }
        boolean ignored = !of.reports() && of.failing().compareTo(Failing.NAMES_THEM) >= 0;
        List<Integer> failing = young.stream().filter(i -> !ignored && of.poisoned().contains(i)).toList();
        boolean named = of.failing() == Failing.NAMES_THEM && of.reports();
        if (failing.isEmpty()) {
            young.forEach(i -> fates.put(i, "DELIVERED"));
        } else if (named) {
            young.forEach(i -> fates.put(i, failing.contains(i) ? null : "DELIVERED"));
            failing.forEach(i -> giveUp(fates, of, i, away, 0));
        } else if (of.bisect() == null) {
            young.forEach(i -> giveUp(fates, of, i, away, 0));
        } else {
            bisect(fates, of, young, failing, away, 0);
        }
        fates.values().removeIf(fate -> fate == null);
        return fates;
    }

    private static void giveUp(Map<Integer, String> fates, Case of, int record, String away, int splits) {
        fates.put(record, of.retryLimit() < 0 ? null : away + " RetryAttemptsExhausted after " + (of.retryLimit() + 1 + splits));
    }

    /** Left half first; false when a record in it is tried for ever, and what comes after it waits for ever. */
    private static boolean bisect(Map<Integer, String> fates, Case of, List<Integer> part, List<Integer> failing, String away, int splits) {
        if (part.stream().noneMatch(failing::contains)) {
            part.forEach(i -> fates.put(i, "DELIVERED"));
            return true;
        }
        if (part.size() == 1) {
            giveUp(fates, of, part.get(0), away, splits);
            return of.retryLimit() >= 0;
        }
        int half = (part.size() + 1) / 2;
        return bisect(fates, of, part.subList(0, half), failing, away, splits + 1)
                && bisect(fates, of, part.subList(half, part.size()), failing, away, splits + 1);
    }

    /** Plays one case through. */
    private static final class Play implements FunctionInvoker, DeliveryListener, OnFailureDestination {
        private final Case of;
        private final Map<Integer, String> fates = new TreeMap<>();
        private final List<List<Integer>> invoked = new ArrayList<>();
        private final Delivery delivery;
        private Invocation waiting;
        private FutureTask<Void> planned;
        private int throttles;
        private int refusals;
        private boolean over;

        private Play(Case of) {
            this.of = of;
            this.throttles = of.throttles();
            List<TestRecords> records = new ArrayList<>();
            int place = 0;
            for (int p = 0; p < OFFSETS.length; p++) {
                TestRecords partition = new TestRecords("t", p);
                for (long offset : OFFSETS[p]) {
                    long stamp = of.old().contains(place) ? NOW.minusSeconds(61).toEpochMilli() : place % 2 == 0 ? NOW.toEpochMilli() : -1;
                    partition.add(offset, stamp, null, new byte[] {(byte) place++}, List.of());
                }
                records.add(partition);
            }
            EventWriter writer = new EventWriter(new EventSource.SelfManagedKafka(List.of("k:1")), "k:1");
            FailureHandling rules = new FailureHandling(of.retries(), of.age(), of.bisect(), of.reports(),
                    of.destination() == Destination.NONE ? null : "arn:aws:sqs:us-east-1:000000000000:failed");
            this.delivery = new Delivery(
                    new Batch(Mappings.aMapping().function("f").failureHandling(rules).build(), writer, records, writer.length(records)),
                    this, new Surroundings(this, (failures, next) -> {
                        planned = new FutureTask<>(next, null);
                        return new Delivery.Backoff(NOW, () -> planned.cancel(false));
                    }, new Dispatcher.OnFailure(this, of.destination() == Destination.FAILS_AND_MAY_BE_LEFT), DeliveryObserver.NONE,
                            DeliveryClock.real(Clock.fixed(NOW, ZoneOffset.UTC), System::nanoTime), new EventBuffers()));
        }

        void run() {
            delivery.start();
            int backoffs = 0;
            int patience = of.retryLimit() < 0 ? PATIENCE_WITHOUT_LIMIT : PATIENCE;
            while (!over && (waiting != null || backoffs < patience)) {
                if (waiting != null) {
                    Invocation next = waiting;
                    waiting = null;
                    answer(next);
                } else {
                    backoffs++;
                    planned.run();
                }
            }
        }

        /** What holds in every case, whatever becomes of the records. */
        void check() {
            boolean[] attempted = new boolean[RECORDS];
            for (List<Integer> event : invoked) {
                for (int record : event) {
                    int before = record < OFFSETS[0].length ? 0 : OFFSETS[0].length;
                    for (int earlier = before; earlier < record; earlier++) {
                        if (!attempted[earlier] && !event.contains(earlier) && !fates.getOrDefault(earlier, "").contains("after 0")) {
                            fail("record " + record + " was attempted before the earlier " + earlier + " under " + of);
                        }
                    }
                }
                event.forEach(record -> attempted[record] = true);
            }
            if (over) {
                assertThat(fates).as("nothing is left when it is over, under %s", of).hasSize(RECORDS);
            } else {
                assertThat(delivery.nextAttempt()).as("goes on under %s", of).isNotNull();
                int stuck = delivery.skip();
                assertThat(stuck).as("what can be skipped under %s", of).isPositive();
                assertThat(fates.values()).filteredOn("SKIPPED"::equals).hasSize(stuck);
            }
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
                invoked.add(event);
                result = event.stream().noneMatch(of.poisoned()::contains)
                        ? new InvocationResult.Success(answers.get(invoked.size() % answers.size())) : failure(event);
            }
            invocation.listener().completed(result);
            invocation.listener().ended();
        }

        /** All of them mean: nothing failed. */
        private static final List<byte[]> answers =
                Stream.of("", "null", "{}", "{\"batchItemFailures\":[]}", "{\"batchItemFailures\":null}")
                        .map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();

        private InvocationResult failure(List<Integer> event) {
            return switch (of.failing()) {
                case ERROR -> new InvocationResult.FunctionError("E", "{\"errorMessage\":\"no\"}".getBytes(StandardCharsets.UTF_8));
                case TIMEOUT -> new InvocationResult.TimedOut("request", Duration.ofSeconds(3));
                case NAMES_THEM -> success(event.stream().filter(of.poisoned()::contains).map(Play::identifier).toList());
                case NAMES_A_STRANGER -> success(List.of("{\"itemIdentifier\":{\"partition\":\"t-0\",\"offset\":12}}"));
                case NO_JSON -> new InvocationResult.Success("{\"batchItemFailures\":[".getBytes(StandardCharsets.UTF_8));
            };
        }

        private static InvocationResult success(List<String> identifiers) {
            return new InvocationResult.Success(
                    ("{\"batchItemFailures\":[" + String.join(",", identifiers) + "]}").getBytes(StandardCharsets.UTF_8));
        }

        private static String identifier(int place) {
            int partition = place < OFFSETS[0].length ? 0 : 1;
            return "{\"itemIdentifier\":{\"partition\":\"t-" + partition + "\",\"offset\":"
                    + OFFSETS[partition][place - partition * OFFSETS[0].length] + "}}";
        }

        private static List<Integer> places(Payload event) {
            try {
                List<Integer> places = new ArrayList<>();
                for (JsonNode partition : JSON.readTree(event.bytes(), 0, event.length()).get("records")) {
                    for (JsonNode record : partition) {
                        places.add((int) record.get("value").binaryValue()[0]);
                    }
                }
                return places;
            } catch (IOException broken) {
                throw new AssertionError("the event is no JSON", broken);
            }
        }

        private static List<Integer> places(List<? extends PartitionRecords> records) {
            List<Integer> places = new ArrayList<>();
            for (PartitionRecords partition : records) {
                for (int i = 0; i < partition.size(); i++) {
                    places.add((int) partition.value(i)[0]);
                }
            }
            return places;
        }

        @Override
        public Optional<Duration> timeout(FunctionArn function) {
            return Optional.of(Duration.ofSeconds(3));
        }

        @Override
        public Pending submit(Invocation invocation) {
            waiting = invocation;
            return () -> {
                boolean mine = waiting == invocation;
                waiting = null;
                return mine;
            };
        }

        @Override
        public CompletionStage<Void> send(FailedBatch failed) {
            if (failed.lastResponse() != null && !failed.lastResponse().executedVersion().equals("7")) {
                fail("the version that ran is not told, but " + failed.lastResponse() + " under " + of);
            }
            if (of.destination() == Destination.FAILS_AND_MAY_BE_LEFT
                    || of.destination() == Destination.FAILS_TWICE && refusals++ % 3 < 2) {
                return CompletableFuture.failedFuture(new IOException("the queue is not there"));
            }
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void attempted(Delivery attempted, AttemptReport report) {
            if (!report.lastProcessingResult().matches("OK|PROBLEM: .*")) {
                fail(report + " under " + of);
            }
        }

        @Override
        public void settled(Delivery settled, Fate fate, List<? extends PartitionRecords> records) {
            Set<Integer> these = new HashSet<>();
            for (int place : places(records)) {
                if (!these.add(place) || fates.containsKey(place)) {
                    fail("record " + place + " is settled twice under " + of);
                }
                fates.put(place, fate == Fate.DELIVERED || fate == Fate.SKIPPED ? fate.name() : fate + " " + reason(place));
            }
        }

        private String reason(int place) {
            boolean aged = of.age() != null && of.old().contains(place);
            long attempts = invoked.stream().filter(event -> event.contains(place)).count();
            return (aged ? FailureCondition.RECORD_AGE_EXCEEDED : FailureCondition.RETRY_ATTEMPTS_EXHAUSTED).awsName() + " after "
                    + attempts;
        }

        @Override
        public void ended(Delivery ended) {
            over = true;
        }
    }
}
