package dev.sluice.poller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sluice.fault.FatalFaults;
import dev.sluice.fixture.Mappings;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.Fact;
import dev.sluice.mapping.StateTransitionReason;
import dev.sluice.mapping.Trouble;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The road of facts from three pollers of a mapping to the store, with a clock that the test puts forward. The expected traces were
 * written by the three interfaces that facts were methods of before they were values.
 */
class FactsRoadTest {

    private static final long SEEDS = 12;
    private static final int STEPS = 60;
    private static final String[] RESULTS_BEFORE =
            {"No records processed", "OK", "PROBLEM: Function call failed", "PROBLEM: Connection error. gone"};

    private final List<String> told = new ArrayList<>();

    @Test
    void tellsTheStoreTheSameAsBeforeFactsWereValues() throws Exception {
        StringBuilder traces = new StringBuilder();
        for (long seed = 0; seed < SEEDS; seed++) {
            traces.append(trace(seed, STEPS));
        }
        assertThat(traces.toString()).isEqualTo(expected());
    }

    @Test
    void everyFactIsKnownOnTheWholeRoad() {
        SourceProblem problem = SourceProblem.connection("gone");
        List<Fact> all = List.of(new Fact.Started(), new Fact.StartingPositionApplied(), new Fact.Stopped(),
                new Fact.Failed(StateTransitionReason.ESM_CONFIG_NOT_VALID, "wrong"), new Fact.Result("OK"),
                new Fact.Processed(null, "OK", ""),
                problem.fact(), new Fact.SourceWorks(), new Fact.Unreadable(problem.fact()), new Fact.Readable(),
                new Fact.TopicPartitions(1));
        List<Class<?>> every = new ArrayList<>(List.of(Fact.class.getPermittedSubclasses()));
        every.remove(Fact.Stored.class);
        every.addAll(List.of(Fact.Stored.class.getPermittedSubclasses()));
        assertThat(all.stream().<Object>map(Fact::getClass)).containsExactlyInAnyOrderElementsOf(every);

        ManualSchedule schedule = new ManualSchedule();
        Fact.Listener poller = pollers(schedule, "OK").get(0);
        all.forEach(fact -> assertThatCode(() -> poller.tell(fact)).as(fact.toString()).doesNotThrowAnyException());
    }

    private String trace(long seed, int steps) {
        Random random = new Random(seed);
        ManualSchedule schedule = new ManualSchedule();
        told.clear();
        List<Fact.Listener> pollers = pollers(schedule, RESULTS_BEFORE[random.nextInt(4)]);
        for (int i = 0; i < steps; i++) {
            step(pollers.get(random.nextInt(3)), random, schedule);
        }
        schedule.forward(TimeUnit.SECONDS.toNanos(5));
        return Stream.concat(Stream.of("seed " + seed), told.stream()).map(line -> line + "\n").reduce("", String::concat);
    }

    private List<Fact.Listener> pollers(ManualSchedule schedule, String resultBefore) {
        ReportQueue queue = new ReportQueue(FatalFaults.unheard(), schedule::now, schedule);
        EventSourceMapping mapping = Mappings.aMapping().build();
        RecordedReports reports = new RecordedReports(told, told);
        MappingLane lane = new MappingLane((id, generation, fact) -> {
            reports.tell(id, generation, fact);
            if (fact instanceof Fact.Failed failed) {
                told.add("because " + failed.cause());
            }
        }, queue, null, null, () -> {});
        ResultReporter results =
                new ResultReporter(mapping.id(), 1, resultBefore, (id, generation, fact) -> reports.tell(id, generation, fact),
                        queue);
        MergedFacts merged = new MergedFacts(lane.new Facts(mapping, results), count -> told.add("partitions " + count));
        return List.of(merged.of(0), merged.of(1), merged.of(2));
    }

    private static void step(Fact.Listener poller, Random random, ManualSchedule schedule) {
        switch (random.nextInt(13)) {
            case 0 -> poller.tell(new Fact.Started());
            case 1 -> poller.tell(new Fact.StartingPositionApplied());
            case 2, 3 -> poller.tell(new Fact.Processed(null, "OK", ""));
            case 4 ->
                poller.tell(new Fact.Processed(Trouble.FUNCTION_ERROR, "PROBLEM: Function call failed", "error " + random.nextInt(3)));
            case 5 -> poller.tell(SourceProblem.connection("gone " + random.nextInt(3)).fact());
            case 6, 7 -> poller.tell(new Fact.SourceWorks());
            case 8 -> poller.tell(new Fact.Unreadable(SourceProblem.connection("damaged " + random.nextInt(2)).fact()));
            case 9 -> poller.tell(new Fact.Readable());
            case 10 -> poller.tell(new Fact.TopicPartitions(random.nextInt(5)));
            case 11 -> schedule.forward(random.nextInt(1_500) * 1_000_000L);
            default -> fail(poller, random);
        }
    }

    private static void fail(Fact.Listener poller, Random random) {
        if (random.nextInt(10) > 0) {
            return;
        }
        if (random.nextBoolean()) {
            SourceProblem problem = SourceProblem.configuration("wrong " + random.nextInt(3));
            poller.tell(problem.fact());
            poller.tell(problem.failure());
        } else {
            poller.tell(new Fact.Processed(Trouble.FUNCTION_NOT_VALID, "PROBLEM: no function", "no such function"));
            poller.tell(new Fact.Failed(StateTransitionReason.FUNCTION_CONFIG_NOT_VALID, "no such function"));
        }
    }

    private static String expected() throws IOException {
        try (InputStream in = FactsRoadTest.class.getResourceAsStream("facts-road.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Runs nothing by itself: what is due when its clock is put forward. */
    static final class ManualSchedule extends ScheduledThreadPoolExecutor {

        private record Step(long at, long number, Runnable run) {
        }

        private final PriorityQueue<Step> steps = new PriorityQueue<>(Comparator.comparingLong(Step::at).thenComparing(Step::number));
        private long now = 1_000_000_000_000L;
        private long number;

        ManualSchedule() {
            super(0);
        }

        long now() {
            return now;
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable step, long delay, TimeUnit unit) {
            steps.add(new Step(now + unit.toNanos(delay), number++, step));
            return null;
        }

        void forward(long nanos) {
            long until = now + nanos;
            while (!steps.isEmpty() && steps.peek().at() <= until) {
                Step next = steps.poll();
                now = Math.max(now, next.at());
                next.run().run();
            }
            now = until;
        }
    }
}
