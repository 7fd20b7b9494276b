package dev.sluice.api.http;

import dev.sluice.fault.FatalFaults;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty's threads, which log what one of their steps throws and go on. Here it is reported before. Thread-safe. */
final class ReportingThreads extends QueuedThreadPool {

    private final FatalFaults faults;

    ReportingThreads(int most, int least, FatalFaults faults) {
        super(most, least);
        this.faults = faults;
    }

    @Override
    protected void runJob(Runnable step) {
        try {
            super.runJob(step);
        } catch (RuntimeException | Error e) {
            faults.caught(e);
            throw e;
        }
    }
}
