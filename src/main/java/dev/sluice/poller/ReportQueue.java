package dev.sluice.poller;

import dev.sluice.fault.FatalFaults;
import dev.sluice.fault.ReportingSchedule;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where reports wait to be stored: in order, on one thread of their own, so that neither a consumer's nor a function's thread waits
 * for the disk. What can't be stored (a full disk, say) is logged and tried again. Thread-safe.
 */
final class ReportQueue {

    private static final Logger LOG = LoggerFactory.getLogger(ReportQueue.class);
    private static final long RETRY_SECONDS = 1;

    private final FatalFaults faults;
    private final LongSupplier nanos;
    private final ScheduledExecutorService executor;

    /** @param nanos a clock that never goes back */
    ReportQueue(FatalFaults faults, LongSupplier nanos) {
        this(faults, nanos, new ReportingSchedule("sluice-reports", faults));
    }

    /** @param executor with one thread */
    ReportQueue(FatalFaults faults, LongSupplier nanos, ScheduledExecutorService executor) {
        this.faults = faults;
        this.nanos = nanos;
        this.executor = executor;
    }

    /** Now, by the queue's clock. */
    long nanos() {
        return nanos.getAsLong();
    }

    /** Stores {@code report} as soon as what was handed in before is stored, or has failed once. */
    void add(Runnable report) {
        addAfter(Duration.ZERO, report);
    }

    /** Stores {@code report} after {@code wait}. */
    void addAfter(Duration wait, Runnable report) {
        try {
            executor.schedule(() -> attempt(report), wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.debug("A report came after the end", closed);
        }
    }

    private void attempt(Runnable report) {
        try {
            report.run();
        } catch (RuntimeException | Error e) { // swallowed by the executor otherwise, and the mapping left between two states
            faults.caught(e);
            LOG.error("Could not store what a poller reported; trying again in {} s", RETRY_SECONDS, e);
            addAfter(Duration.ofSeconds(RETRY_SECONDS), report);
        }
    }

    /** Stores what is due and ends; what waits for later is dropped. False when that took longer than {@code within}. */
    boolean close(Duration within) throws InterruptedException {
        executor.shutdown();
        return executor.awaitTermination(within.toNanos(), TimeUnit.NANOSECONDS);
    }
}
