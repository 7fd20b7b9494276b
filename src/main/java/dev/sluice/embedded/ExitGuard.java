package dev.sluice.embedded;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.apache.kafka.common.utils.internals.Exit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when Kafka's code wants to end the process? It doesn't: the calling thread ends, and the broker it belongs to is
 * reported as failed. Thread-safe.
 *
 * <p>Kafka's exit and halt procedures are static fields, so this replacement holds for the whole process; it is installed with
 * the first broker and stays, since the threads of a broker that has failed may call it late. To tell which broker
 * a thread belongs to, each broker is started within a thread group of its own, which every thread it makes inherits.
 */
final class ExitGuard {
    private static final Logger LOG = LoggerFactory.getLogger(ExitGuard.class);
    private static final Map<ThreadGroup, Consumer<String>> BROKERS = new ConcurrentHashMap<>();

    static {
        Exit.setExitProcedure((status, message) -> refuse("exit", status, message));
        Exit.setHaltProcedure((status, message) -> refuse("halt", status, message));
    }

    private ExitGuard() {
    }

    /** From now on {@code onExit} learns, on the calling thread, when a thread of {@code group} wants to end the process. */
    static void watch(ThreadGroup group, Consumer<String> onExit) {
        BROKERS.put(group, onExit);
    }

    static void forget(ThreadGroup group) {
        BROKERS.remove(group);
    }

    private static void refuse(String kind, int status, String message) {
        String why = "a thread of the broker (" + Thread.currentThread().getName() + ") asked for " + kind + " with status " + status
                + (message == null ? "" : ": " + message);
        for (ThreadGroup group = Thread.currentThread().getThreadGroup(); group != null; group = group.getParent()) {
            Consumer<String> onExit = BROKERS.get(group);
            if (onExit != null) {
                onExit.accept(why);
                throw new ProcessExitRefused(why);
            }
        }
        LOG.warn("Kafka code outside any running broker wanted to end this process, which goes on: {}", why);
        throw new ProcessExitRefused(why);
    }

    /** Ends the thread that wanted to end the process. An error, as Kafka's code catches exceptions more readily. */
    private static final class ProcessExitRefused extends Error {
        private static final long serialVersionUID = 1L;

        ProcessExitRefused(String message) {
            super(message);
        }
    }
}
