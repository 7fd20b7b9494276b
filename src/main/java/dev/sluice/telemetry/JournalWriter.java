package dev.sluice.telemetry;

import dev.sluice.fault.FatalFaults;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How news gets from the threads that deliver to the store: through a bounded queue, which they never wait for, and one thread that
 * writes what is in it. What finds no room, or can't be stored, is lost and counted. Thread-safe; single-use: construct, {@link #start},
 * {@link #close}.
 */
final class JournalWriter {

    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);

    /** Queued entries are small but for their bodies, which are limited by {@link #MOST_BODY_BYTES}. */
    private static final int MOST_QUEUED = 10_000;
    /**
     * Of successes only this many wait: in a flood of them most are lost, so that those that are written are new, and failures find room.
     */
    private static final int MOST_SUCCESSES_QUEUED = 50;
    private static final long MOST_BODY_BYTES = 16L * 1024 * 1024;

    /** Together these limit what the journal takes from the deliveries' processors. */
    private static final int MOST_AT_ONCE = 1_000;
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** Shortening looks at the whole journal, so it isn't done each time. */
    private static final int ENTRIES_BETWEEN_PRUNINGS = 5_000;
    private static final Duration BETWEEN_PRUNINGS = Duration.ofSeconds(5);

    private final JournalStore store;
    private final BlockingQueue<JournaledDelivery> queue = new LinkedBlockingQueue<>(MOST_QUEUED);
    private final AtomicLong queuedBodyBytes = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong lostBodies = new AtomicLong();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    private final Clock clock;
    private final FilteredRecords filtered;

    // Confined to the thread.
    private boolean failing;
    private int written;
    private Instant pruned = Instant.EPOCH;

    JournalWriter(JournalStore store, FilteredRecords filtered, Clock clock, FatalFaults faults) {
        this.store = store;
        this.filtered = filtered;
        this.clock = clock;
        this.thread = faults.thread("sluice-journal", this::run);
    }

    void start() {
        thread.start();
    }

    /** Whether an entry would be taken now. */
    boolean hasRoom(boolean failure) {
        return closing.getCount() > 0 && queue.size() < (failure ? MOST_QUEUED : MOST_SUCCESSES_QUEUED);
    }

    boolean hasRoomForBodies() {
        return queuedBodyBytes.get() < MOST_BODY_BYTES;
    }

    void offer(JournaledDelivery news) {
        int bodies = bodyBytes(news);
        queuedBodyBytes.addAndGet(bodies);
        if (!queue.offer(news)) {
            queuedBodyBytes.addAndGet(-bodies);
            lost();
        }
    }

    void lost() {
        lost.incrementAndGet();
    }

    void lostBody() {
        lostBodies.incrementAndGet();
    }

    Journal.Losses losses() {
        return new Journal.Losses(lost.get(), lostBodies.get());
    }

    /** Takes nothing more, writes what is queued as far as the time allows, and counts the rest as lost. Idempotent. */
    void close(Duration within) {
        closing.countDown();
        try {
            thread.join(Math.max(1, within.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            int left = queue.size();
            queue.clear();
            lost.addAndGet(left);
            LOG.warn("The journal of deliveries could not be written to its end in time; {} entries are lost", left);
        }
    }

    private void run() {
        try {
            while (closing.getCount() > 0) {
                JournaledDelivery first = queue.poll(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                storing(filtered::store);
                if (first != null) {
                    write(first);
                    // Not to gather more, but not to take a processor for itself while deliveries flood in.
                    closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
            for (JournaledDelivery next = queue.poll(); next != null; next = queue.poll()) {
                write(next);
            }
            storing(filtered::store);
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(JournaledDelivery first) {
        List<JournaledDelivery> news = new ArrayList<>();
        news.add(first);
        queue.drainTo(news, MOST_AT_ONCE - 1);
        boolean saved = storing(() -> {
            store.save(news);
            written += news.size();
            prune(clock.instant());
            if (failing) {
                LOG.info("The journal of deliveries is written again");
                failing = false;
            }
        });
        if (!saved) {
            lost.addAndGet(news.size());
        }
        news.forEach(entry -> queuedBodyBytes.addAndGet(-bodyBytes(entry)));
    }

    /** Whether the store took it. */
    private boolean storing(Runnable step) {
        try {
            step.run();
            return true;
        } catch (RuntimeException e) {
            if (!failing) {
                LOG.warn("The journal of deliveries can't be written; deliveries go on without it. {}", e.getMessage());
                LOG.debug("The journal's failure", e);
                failing = true;
            }
            return false;
        }
    }

    private void prune(Instant now) {
        if (written >= ENTRIES_BETWEEN_PRUNINGS || now.isAfter(pruned.plus(BETWEEN_PRUNINGS))) {
            store.prune();
            written = 0;
            pruned = now;
        }
    }

    private static int bodyBytes(JournaledDelivery entry) {
        int bytes = 0;
        for (JournaledAttempt attempt : entry.attempts()) {
            bytes += attempt.bodyBytes();
        }
        return bytes;
    }
}
