package dev.sluice.poller;

import dev.sluice.mapping.Fact;
import dev.sluice.mapping.FleetReports;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.MappingStatus;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When a LastProcessingResult is stored: when it changed, at most once a second, never on the thread that found it out. One for
 * each mapping and generation. Thread-safe; {@code this} guards the fields.
 */
final class ResultReporter {

    private static final String FUNCTION_PROBLEM = "PROBLEM: Function call failed";
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final MappingId mapping;
    private final long generation;
    private final FleetReports reports;
    private final ReportQueue queue;

    /** What this generation stored last; null before its first result. */
    private String stored;
    private String latest;
    private boolean planned;
    private boolean processedBefore;
    private boolean sourceProblem;
    private long lastStored;

    /**
     * @param before what the row said when the mapping was read; it may have changed since, so the first result is always stored
     */
    ResultReporter(MappingId mapping, long generation, String before, FleetReports reports, ReportQueue queue) {
        this.mapping = mapping;
        this.generation = generation;
        this.latest = before;
        this.processedBefore = before.equals(Fact.Processed.OK);
        this.sourceProblem = before.startsWith("PROBLEM") && !before.startsWith(FUNCTION_PROBLEM);
        this.reports = reports;
        this.queue = queue;
        this.lastStored = queue.nanos() - INTERVAL_NANOS;
    }

    /** Something stands between the mapping and its brokers. */
    synchronized void sourceProblem(String result) {
        sourceProblem = true;
        report(result);
    }

    /** The brokers answer: a problem with them that the row names is over, whether or not a record was processed since. */
    synchronized void sourceWorks() {
        if (sourceProblem) {
            sourceProblem = false;
            report(processedBefore ? Fact.Processed.OK : MappingStatus.NO_RECORDS_PROCESSED);
        }
    }

    synchronized void report(String result) {
        processedBefore |= result.equals(Fact.Processed.OK);
        latest = result;
        if (planned || result.equals(stored)) {
            return;
        }
        planned = true;
        long wait = Math.max(0, lastStored + INTERVAL_NANOS - queue.nanos());
        queue.addAfter(Duration.ofNanos(wait), this::store);
    }

    /** Stores what is not stored yet, now. */
    void store() {
        String result;
        synchronized (this) {
            if (!planned) {
                return; // nothing was reported since
            }
            planned = false;
            result = latest;
            lastStored = queue.nanos();
        }
        try {
            reports.tell(mapping, generation, new Fact.Result(result));
        } catch (RuntimeException notStored) {
            synchronized (this) {
                planned = true; // the queue tries it again
            }
            throw notStored;
        }
        synchronized (this) {
            stored = result;
            if (!latest.equals(stored) && !planned) {
                planned = true;
                queue.addAfter(Duration.ofNanos(INTERVAL_NANOS), this::store);
            }
        }
    }
}
