package dev.sluice.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Do the threads live that a broker can't do without? Kafka only logs when one of them dies, and the broker then accepts connections
 * and answers nobody. Single-use; thread-safe.
 */
final class BrokerThreads {
    private static final Pattern VITAL = Pattern.compile("data-plane-kafka-(request-handler|network-thread|socket-acceptor).*"
            + "|(group|share)-coordinator-event-processor-.*|transaction-.*-event-processor.*|kafka-\\d+-raft-io-thread"
            + "|kafka-\\d+-metadata-loader-event-handler|quorum-controller-\\d+-event-handler"
            + "|broker-\\d+-lifecycle-manager-event-handler|controller-\\d+-.*-event-handler");
    private static final long LOOK_SECONDS = 1;

    private final ThreadGroup group;
    private final Consumer<Throwable> thrown;
    private final BiConsumer<Thread, Throwable> ended;
    private final Thread watch = new Thread(this::watch, "embedded-kafka-watch");
    private volatile List<Thread> vital = List.of();
    private volatile boolean over;

    /**
     * @param thrown hears first of what any thread of the broker has died of
     * @param ended hears of one that the broker can't do without, and what it died of; null when nobody knows
     */
    BrokerThreads(ThreadGroup group, Consumer<Throwable> thrown, BiConsumer<Thread, Throwable> ended) {
        this.group = group;
        this.thrown = thrown;
        this.ended = ended;
        watch.setDaemon(true);
    }

    /** The broker has started: what runs now has to go on running. */
    void begin() {
        Thread[] found = new Thread[group.activeCount() * 2 + 10];
        int count = group.enumerate(found);
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            found[i].setUncaughtExceptionHandler(this::died);
            if (VITAL.matcher(found[i].getName()).matches()) {
                running.add(found[i]);
            }
        }
        vital = List.copyOf(running);
        watch.start();
    }

    /** What ends from now on is meant to. */
    void end() {
        over = true;
        watch.interrupt();
    }

    List<Thread> vital() {
        return vital;
    }

    private void died(Thread thread, Throwable of) {
        if (!over) {
            thrown.accept(of);
        }
        if (!over && vital.contains(thread)) {
            ended.accept(thread, of);
        }
    }

    private void watch() {
        try {
            while (!over) {
                TimeUnit.SECONDS.sleep(LOOK_SECONDS);
                for (Thread thread : vital) {
                    if (!thread.isAlive() && !over) {
                        ended.accept(thread, null);
                        return;
                    }
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
