package dev.sluice.poller;

import dev.sluice.mapping.StateTransitionReason;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/**
 * What all pollers of one generation tell, as one mapping's: started with the first that is, failed once, and with a problem of the
 * source for as long as any poller has one. Thread-safe; {@code this} guards the fields, and keeps what is passed on in order.
 */
final class MergedReports {

    private static final String OK = "OK";

    private final MappingReports mapping;
    private final IntConsumer topicPartitions;
    /** By the poller that has it; what it can't read by {@link #partitionsOf}. */
    private final Map<Integer, SourceProblem> standing = new TreeMap<>();
    private boolean started;
    private boolean positionApplied;
    private boolean failed;
    private boolean worked;
    /** A delivery succeeded while another poller had a problem, and nothing was told since. */
    private boolean heldBack;

    /** @param topicPartitions hears how many partitions there are; called without a lock */
    MergedReports(MappingReports mapping, IntConsumer topicPartitions) {
        this.mapping = mapping;
        this.topicPartitions = topicPartitions;
    }

    /** What one poller reports to. */
    LoopReports of(int poller) {
        return new OfPoller(poller);
    }

    private synchronized void started() {
        if (!started) {
            started = true;
            mapping.started();
        }
    }

    private synchronized void startingPositionApplied() {
        if (!positionApplied) {
            positionApplied = true;
            mapping.startingPositionApplied();
        }
    }

    private synchronized void failed(StateTransitionReason reason) {
        if (!failed) {
            failed = true;
            mapping.failed(reason);
        }
    }

    /** That a batch arrived is no news of the brokers another poller can't reach. What a function answers else is. */
    private synchronized void processed(int poller, String result, String detail) {
        boolean anotherHasAProblem = standing.keySet().stream().anyMatch(other -> other != poller);
        heldBack = anotherHasAProblem && result.equals(OK);
        if (!heldBack) {
            mapping.processed(result, detail);
        } else {
            mapping.problem(standing.values().iterator().next()); // in place of what the function answered before
        }
    }

    private synchronized void problem(int poller, SourceProblem problem) {
        standing.put(poller, problem);
        mapping.problem(problem);
    }

    private synchronized void sourceWorks(int poller) {
        boolean hadOne = standing.remove(poller) != null;
        if (!standing.isEmpty()) {
            if (hadOne) {
                mapping.problem(standing.values().iterator().next());
            }
        } else if (hadOne || !worked) { // the first time it ends what an earlier generation said
            mapping.sourceWorks();
            if (heldBack) {
                mapping.processed(OK, "");
            }
            heldBack = false;
        }
        worked = true;
    }

    /** Stands for what a poller can't read: that its brokers answer, and take what it delivers, is no end of that. */
    private static int partitionsOf(int poller) {
        return -1 - poller;
    }

    private final class OfPoller implements LoopReports {

        private final int poller;

        private OfPoller(int poller) {
            this.poller = poller;
        }

        @Override
        public void started() {
            MergedReports.this.started();
        }

        @Override
        public void startingPositionApplied() {
            MergedReports.this.startingPositionApplied();
        }

        @Override
        public void failed(StateTransitionReason reason) {
            MergedReports.this.failed(reason);
        }

        @Override
        public void processed(String lastProcessingResult, String detail) {
            MergedReports.this.processed(poller, lastProcessingResult, detail);
        }

        @Override
        public void problem(SourceProblem problem) {
            MergedReports.this.problem(poller, problem);
        }

        @Override
        public void sourceWorks() {
            MergedReports.this.sourceWorks(poller);
        }

        @Override
        public void unreadable(SourceProblem problem) {
            MergedReports.this.problem(partitionsOf(poller), problem);
        }

        @Override
        public void readable() {
            MergedReports.this.sourceWorks(partitionsOf(poller));
        }

        @Override
        public void topicPartitions(int count) {
            topicPartitions.accept(count);
        }
    }
}
