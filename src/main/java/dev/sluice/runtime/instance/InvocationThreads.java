package dev.sluice.runtime.instance;

import dev.sluice.fault.FatalFaults;
import dev.sluice.fault.ReportingSchedule;
import java.time.Duration;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that run functions, and the one that watches their time. A thread is made when no other is idle, up to a bound, and
 * goes after 30 idle seconds, or after its call when what it ran is discarded. Single-use; thread-safe.
 */
public final class InvocationThreads {

    private static final int MOST = 1024;
    private static final int IDLE_SECONDS = 30;

    private final ThreadPoolExecutor runners;
    private final ScheduledThreadPoolExecutor watchdog;

    /**
     * @param group the threads', and so that of all threads which functions start
     * @param faults told when the watchdog can't go on; what a runner throws is its function's
     */
    public InvocationThreads(ThreadGroup group, FatalFaults faults) {
        IdleFirst queue = new IdleFirst();
        runners = new ThreadPoolExecutor(0, MOST, IDLE_SECONDS, TimeUnit.SECONDS, queue, named(group, "function-"), (task, pool) -> {
            if (pool.isShutdown()) {
                throw new RejectedExecutionException("the functions are closed");
            }
            queue.keep(task);
        }) {
            @Override
            protected void afterExecute(Runnable task, Throwable error) {
                if (error == null && isSpent()) {
                    throw new Spent(); // the pool's only way to another thread
                }
            }
        };
        watchdog = new ReportingSchedule(named(group, "function-watchdog-"), faults::caught);
    }

    public ThreadPoolExecutor runners() {
        return runners;
    }

    /** Runs a short task on one of the runners, or here when they take no more work, or no thread can be had. */
    public void runAnyway(Runnable task) {
        try {
            runners.execute(task);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            task.run();
        }
    }

    /** Runs a task on one of the runners when this time has passed, unless these threads are stopped before. */
    public void later(Runnable task, Duration after) {
        watchdog.schedule(() -> runAnyway(task), after.toNanos(), TimeUnit.NANOSECONDS);
    }

    public ScheduledThreadPoolExecutor watchdog() {
        return watchdog;
    }

    /**
     * Lets this thread, if it is a runner, end after the call it runs or the next one: the values of its thread locals may be the
     * last that holds the classes of discarded code.
     */
    public static void spend(Thread thread) {
        if (thread instanceof Named runner) {
            runner.spent = true;
        }
    }

    /** Whether this thread is a runner that is to end. */
    public static boolean isSpent() {
        return Thread.currentThread() instanceof Named runner && runner.spent;
    }

    /** Takes no more work and waits for what runs; false when the time was too short. */
    public boolean drain(Duration within) {
        runners.shutdown();
        try {
            return runners.awaitTermination(Math.max(0, within.toNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public void stop() {
        watchdog.shutdownNow();
        runners.shutdownNow();
    }

    private static ThreadFactory named(ThreadGroup group, String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Named(group, task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private static final class Named extends Thread {
        private volatile boolean spent;

        private Named(ThreadGroup group, Runnable task, String name) {
            // Inherits nothing: the maker may be a thread in the middle of another function's call.
            super(group, task, name, 0, false);
            setUncaughtExceptionHandler((thread, error) -> {
                if (!(error instanceof Spent)) {
                    group.getParent().uncaughtException(thread, error); // it is the server's, not a function's
                }
            });
        }
    }

    /** Ends a thread of the pool. */
    private static final class Spent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Spent() {
            super("the thread is to end", null, false, false);
        }
    }

    /** Says "full" unless a thread is waiting, so that the pool grows before it queues. */
    private static final class IdleFirst extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }

        private void keep(Runnable task) {
            super.offer(task);
        }
    }
}
