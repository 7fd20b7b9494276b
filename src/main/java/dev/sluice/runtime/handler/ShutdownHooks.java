package dev.sluice.runtime.handler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has an instance's code asked to run at the end of its JVM? It runs at the end of the instance, and has as long as Lambda
 * gives an environment that ends: its classes are there then, as they wouldn't be at the server's end. Thread-safe.
 */
final class ShutdownHooks {

    /** "Shutdown phase" of Lambda's developer guide, for a function with internal extensions. */
    private static final Duration TIME = Duration.ofMillis(500);
    private static final Logger LOG = LoggerFactory.getLogger(ShutdownHooks.class);

    private final String function;
    private final Set<Thread> registered = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    ShutdownHooks(String function) {
        this.function = function;
    }

    /** Takes them. */
    Set<Thread> registered() {
        return registered;
    }

    /** Runs them all at once, and then {@code after}; without holding up the caller when there are any. */
    void run(Runnable after) {
        List<Thread> hooks;
        synchronized (registered) {
            hooks = new ArrayList<>(registered);
            registered.clear();
        }
        if (hooks.isEmpty()) {
            after.run();
            return;
        }
        Thread waiting = new Thread(() -> {
            try {
                runAll(hooks);
            } finally {
                after.run();
            }
        }, "sluice-shutdown-hooks-" + function);
        waiting.setDaemon(true);
        try {
            waiting.start();
        } catch (OutOfMemoryError noThread) {
            LOG.warn("The shutdown hooks of function {} are left out: no thread could be started", function);
            after.run();
        }
    }

    private void runAll(List<Thread> hooks) {
        for (Thread hook : hooks) {
            try {
                hook.setDaemon(true);
                hook.start();
            } catch (IllegalThreadStateException startedByTheHandler) {
                LOG.debug("A shutdown hook of function {} runs already", function);
            }
        }
        long deadline = System.nanoTime() + TIME.toNanos();
        try {
            for (Thread hook : hooks) {
                TimeUnit.NANOSECONDS.timedJoin(hook, Math.max(1, deadline - System.nanoTime()));
                if (hook.isAlive()) {
                    LOG.warn("A shutdown hook of function {} has not ended within {} ms, and is interrupted", function, TIME.toMillis());
                    hook.interrupt();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
