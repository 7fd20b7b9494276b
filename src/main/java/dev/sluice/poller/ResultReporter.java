package dev.sluice.poller;

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

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final MappingId mapping;
    private final long generation;
    private final FleetReports reports;
    private final ReportQueue queue;

    private String stored;
    private String latest;
    private boolean planned;
    private volatile boolean processedBefore;
    private long lastStored = System.nanoTime() - INTERVAL_NANOS;

    /** @param stored what the row says now */
    ResultReporter(MappingId mapping, long generation, String stored, FleetReports reports, ReportQueue queue) {
        this.mapping = mapping;
        this.generation = generation;
        this.stored = stored;
        this.latest = stored;
        this.processedBefore = stored.equals("OK");
        this.reports = reports;
        this.queue = queue;
    }

    /** The brokers answer: a problem that the row names is over, whether or not a record was processed since. */
    void sourceWorks() {
        boolean problem;
        synchronized (this) {
            problem = latest.startsWith("PROBLEM");
        }
        if (problem) {
            report(processedBefore ? "OK" : MappingStatus.NO_RECORDS_PROCESSED);
        }
    }

    synchronized void report(String result) {
        processedBefore |= result.equals("OK");
        latest = result;
        if (planned || result.equals(stored)) {
            return;
        }
        planned = true;
        long wait = Math.max(0, lastStored + INTERVAL_NANOS - System.nanoTime());
        queue.addAfter(Duration.ofNanos(wait), this::store);
    }

    /** Stores what is not stored yet, now. */
    void store() {
        String result;
        synchronized (this) {
            planned = false;
            if (latest.equals(stored)) {
                return;
            }
            result = latest;
            lastStored = System.nanoTime();
        }
        reports.processed(mapping, generation, result);
        synchronized (this) {
            stored = result;
            if (!latest.equals(stored) && !planned) {
                planned = true;
                queue.addAfter(Duration.ofNanos(INTERVAL_NANOS), this::store);
            }
        }
    }
}
