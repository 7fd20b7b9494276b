package dev.sluice.fault;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/**
 * What runs later, on one thread: as its superclass, which keeps to itself what its steps throw. Here it is reported. Thread-safe;
 * single-use.
 */
public final class ReportingSchedule extends ScheduledThreadPoolExecutor {

    private final Consumer<Throwable> failed;

    /** For steps that mustn't fail at all: what is to follow one that did never comes. */
    public ReportingSchedule(String threadName, FatalFaults faults) {
        this(step -> faults.thread(threadName, step), failure -> faults.uncaughtException(Thread.currentThread(), failure));
    }

    /** @param failed told on the schedule's thread of what a step threw */
    public ReportingSchedule(ThreadFactory thread, Consumer<Throwable> failed) {
        super(1, thread);
        this.failed = failed;
        setRemoveOnCancelPolicy(true);
        setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        prestartCoreThread(); // not with the first step, whose thread may be none that can be had
    }

    @Override
    protected void afterExecute(Runnable step, Throwable thrown) {
        if (thrown == null && step instanceof Future<?> future && future.isDone()) {
            try {
                future.get();
            } catch (ExecutionException thrownByStep) {
                failed.accept(thrownByStep.getCause());
            } catch (CancellationException cancelled) {
                return; // whoever cancelled it knows
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
