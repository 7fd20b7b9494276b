package dev.sluice.runtime.instance;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of the threads that the code of a given-up instance has started? They are interrupted; a Java thread can't be killed, and
 * what it holds, such as a port, stays taken. Stateless.
 */
public final class LeftThreads {

    private static final Logger LOG = LoggerFactory.getLogger(LeftThreads.class);

    private LeftThreads() {
    }

    /** @param loader of the instance: threads inherit it from the one that starts them */
    public static void interrupt(String function, ClassLoader loader) {
        List<String> names = new ArrayList<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getContextClassLoader() == loader && thread != Thread.currentThread()) {
                names.add(thread.getName());
                thread.interrupt();
            }
        }
        if (!names.isEmpty()) {
            LOG.info("Function {} has left {} thread{} in the server's JVM, now interrupted: {}; should one hold a port or a file, restart"
                    + " Sluice, or say isolation: process from the beginning", function, names.size(), names.size() == 1 ? "" : "s",
                    String.join(", ", names.subList(0, Math.min(names.size(), 5))));
        }
    }
}
