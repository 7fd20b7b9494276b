package dev.sluice.poller;

import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.Fact;
import dev.sluice.mapping.FleetReports;
import dev.sluice.mapping.FleetView;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.MappingState;
import dev.sluice.mapping.Trouble;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One mapping's place in the fleet: one generation after the other, never two at once. Thread-safe; {@code this} guards the fields
 * and is not held while a poller runs or a report is stored.
 */
final class MappingLane {

    private static final Logger LOG = LoggerFactory.getLogger(MappingLane.class);
    private static final Duration RELAUNCH = Duration.ofSeconds(5);

    private final FleetReports reports;
    private final ReportQueue reporting;
    private final PollerContext context;
    private final BiFunction<EventSourceMapping, Integer, Membership> memberships;
    private final Runnable gone;
    private final ByCluster<LeaseTable> leases = new ByCluster<>((brokers, first) -> new LeaseTable());

    private long newestGeneration;
    private Pollers running;
    private EventSourceMapping next;
    private EventSourceMapping stopped;
    private ResultReporter results;
    private volatile Told last;
    private boolean closed;

    /** @param gone called when the mapping was deleted and nothing polls for it any more */
    MappingLane(FleetReports reports, ReportQueue reporting, PollerContext context,
            BiFunction<EventSourceMapping, Integer, Membership> memberships, Runnable gone) {
        this.reports = reports;
        this.reporting = reporting;
        this.context = context;
        this.memberships = memberships;
        this.gone = gone;
    }

    synchronized void start(EventSourceMapping mapping) {
        if (closed || mapping.generation() < newestGeneration) {
            return;
        }
        newestGeneration = mapping.generation();
        next = mapping;
        stopped = null;
        if (running == null) {
            launch();
        } else {
            running.stop();
        }
    }

    synchronized void stop(EventSourceMapping mapping) {
        if (closed || mapping.generation() < newestGeneration) {
            return;
        }
        newestGeneration = mapping.generation();
        next = null;
        stopped = mapping;
        if (running == null) {
            reportStopped();
        } else {
            running.stop();
        }
    }

    /** Stops for good, without a report: the mapping stays as it is for the next run of the server. The threads to wait for. */
    synchronized List<Thread> close(Duration within) {
        closed = true;
        next = null;
        stopped = null;
        if (running == null) {
            return List.of();
        }
        running.stop(within);
        return running.threads();
    }

    /** The pollers at work; empty when there are none. */
    synchronized Optional<Pollers> running() {
        return Optional.ofNullable(running);
    }

    /** What went wrong last; empty when nothing did, or it is over. */
    Optional<FleetView.Last> last() {
        Told told = last;
        return told == null ? Optional.empty() : Optional.of(
                new FleetView.Last(told.trouble(), told.detail(), Duration.ofNanos(reporting.nanos() - told.at())));
    }

    /** @param at by the reports' clock */
    private record Told(Trouble trouble, String detail, long at) {
    }

    /** Stores a result that still waits for its turn. */
    void flushResults() {
        ResultReporter waiting;
        synchronized (this) {
            waiting = results;
        }
        if (waiting != null) {
            waiting.store();
        }
    }

    private void launch() {
        EventSourceMapping mapping = next;
        next = null;
        results = new ResultReporter(mapping.id(), mapping.generation(), mapping.status().lastProcessingResult(), reports, reporting);
        if (mapping.settings().schemaRegistry() != null) {
            refuse(mapping, SourceProblem.schemaRegistry());
            return;
        }
        running = new Pollers(mapping, number -> memberships.apply(mapping, number), context, leases, new Facts(mapping, results),
                this::exited);
        try {
            running.start();
        } catch (OutOfMemoryError noThread) {
            LOG.error("No thread for the poller of mapping {}; trying again in {} s", mapping.id(), RELAUNCH.toSeconds(), noThread);
            running = null;
            reporting.addAfter(RELAUNCH, () -> start(mapping));
        }
    }

    /** No record of this mapping may reach its function, not even now and then, so there is no poller to begin with. */
    private void refuse(EventSourceMapping mapping, SourceProblem problem) {
        Facts refusal = new Facts(mapping, results);
        refusal.tell(problem.fact());
        refusal.tell(problem.failure());
    }

    private synchronized void exited() {
        running = null;
        if (next != null) {
            launch();
        } else if (stopped != null) {
            reportStopped();
        }
    }

    private void reportStopped() {
        EventSourceMapping mapping = stopped;
        stopped = null;
        ResultReporter last = results;
        reporting.add(() -> {
            if (last != null) {
                last.store();
            }
            reports.tell(mapping.id(), mapping.generation(), new Fact.Stopped());
            if (mapping.state() == MappingState.DELETING) {
                gone.run();
            }
        });
    }

    /** Hands the pollers' facts to the use cases, in order, on the fleet's reporting thread. */
    final class Facts implements Fact.Listener {

        private final MappingId id;
        private final long generation;
        private final ResultReporter results;

        Facts(EventSourceMapping mapping, ResultReporter results) {
            this.id = mapping.id();
            this.generation = mapping.generation();
            this.results = results;
        }

        @Override
        public void tell(Fact fact) {
            if (fact instanceof Fact.Processed processed) {
                say(processed.trouble(), processed.detail());
                results.report(processed.lastProcessingResult());
            } else if (fact instanceof Fact.Problem problem) {
                say(problem.trouble(), problem.detail());
                results.sourceProblem(problem.lastProcessingResult());
            } else if (fact instanceof Fact.SourceWorks) {
                results.sourceWorks();
                last = null;
            } else if (fact instanceof Fact.Stored stored) {
                reporting.add(() -> {
                    if (stored instanceof Fact.Failed) {
                        results.store(); // its cause is known with the state
                    }
                    reports.tell(id, generation, stored);
                });
            } else {
                throw new IllegalStateException("of one poller, not of the mapping: " + fact); // MergedFactsTest tells every fact
            }
        }

        private static String withoutStop(String sentence) {
            return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
        }

        private void say(Trouble trouble, String detail) {
            Told before = last;
            if (!detail.isEmpty() && (before == null || !detail.equals(before.detail()))) {
                LOG.warn("Mapping {}: {}; more: sluice mappings {}", id, withoutStop(detail), id);
            }
            last = detail.isEmpty() ? null : new Told(trouble, detail, reporting.nanos());
        }
    }
}
