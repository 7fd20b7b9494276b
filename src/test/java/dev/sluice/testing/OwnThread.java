package dev.sluice.testing;

import java.util.concurrent.Executor;

/**
 * Where a test runs what it waits for: each on a thread of its own. ForkJoin's common pool, which {@code CompletableFuture} takes by
 * itself, may have a single thread; one that waits there for the next stops all of them, and the tests that come after.
 */
public final class OwnThread {

    public static final Executor EXECUTOR = OwnThread::start;

    private OwnThread() {
    }

    private static void start(Runnable run) {
        Thread thread = new Thread(run, "test-aside");
        thread.setDaemon(true);
        thread.start();
    }
}
