package dev.sluice.poller;

import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.FleetReports;
import dev.sluice.mapping.MappingState;
import dev.sluice.mapping.StateTransitionReason;
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
    private final LeaseTable leases = new LeaseTable();

    private long newestGeneration;
    private Pollers running;
    private EventSourceMapping next;
    private EventSourceMapping stopped;
    private ResultReporter results;
    private volatile String lastError;
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

    String lastError() {
        return lastError;
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
        running = new Pollers(mapping, number -> memberships.apply(mapping, number), context, leases, new Reports(mapping, results),
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
        Reports refusal = new Reports(mapping, results);
        refusal.problem(problem);
        refusal.failed(problem.reason());
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
            reports.stopped(mapping.id(), mapping.generation());
            if (mapping.state() == MappingState.DELETING) {
                gone.run();
            }
        });
    }

    /** Hands the pollers' reports to the use cases, in order, on the fleet's reporting thread. */
    private final class Reports implements MappingReports {

        private final EventSourceMapping mapping;
        private final ResultReporter results;

        private Reports(EventSourceMapping mapping, ResultReporter results) {
            this.mapping = mapping;
            this.results = results;
        }

        @Override
        public void started() {
            reporting.add(() -> reports.started(mapping.id(), mapping.generation()));
        }

        @Override
        public void startingPositionApplied() {
            reporting.add(() -> reports.startingPositionApplied(mapping.id(), mapping.generation()));
        }

        @Override
        public void failed(StateTransitionReason reason) {
            String cause = lastError == null ? "not known" : lastError; // it was told of just before
            reporting.add(() -> {
                results.store();
                reports.failed(mapping.id(), mapping.generation(), reason, cause);
            });
        }

        @Override
        public void processed(String lastProcessingResult, String detail) {
            if (!detail.isEmpty() && !detail.equals(lastError)) {
                LOG.warn("Mapping {}: {}", mapping.id(), detail);
            }
            lastError = detail.isEmpty() ? null : detail;
            results.report(lastProcessingResult);
        }

        @Override
        public void problem(SourceProblem problem) {
            if (!problem.detail().equals(lastError)) {
                LOG.warn("Mapping {}: {}", mapping.id(), problem.detail());
            }
            lastError = problem.detail();
            results.sourceProblem(problem.lastProcessingResult());
        }

        @Override
        public void sourceWorks() {
            results.sourceWorks();
            lastError = null;
        }
    }
}
