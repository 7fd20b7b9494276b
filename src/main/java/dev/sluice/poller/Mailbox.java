package dev.sluice.poller;

import dev.sluice.dispatch.DeliveryClock;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What other threads have to say to the one that owns a consumer, and how it is woken to hear it. {@link #post} and {@link #interrupt}
 * are thread-safe, the rest is the owner's. {@code this} has nobody post while the owner says that it has nothing to do.
 */
public final class Mailbox {

    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

    private final Runnable wakeup;
    private final LinkedBlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();
    /** True while the owner may sleep in poll(): the first to set it back to false wakes it. */
    private final AtomicBoolean sleeping = new AtomicBoolean();
    private final DeliveryClock.Waiter waiter;
    /** Whether the owner polls: before that it waits for brokers, and time is not moved for their sake. Guarded by this. */
    private boolean polls;

    /** @param wakeup of the consumer, the one method that others may call @param moved what the owner does when delivery time is moved */
    public Mailbox(Runnable wakeup, DeliveryClock clock, Runnable moved) {
        this.wakeup = wakeup;
        this.waiter = clock.waiter(() -> {
            if (polls()) {
                post(moved);
            }
        });
        waiter.waitsUntil(Long.MAX_VALUE);
    }

    /** Has the owner run {@code task} in its next round, and soon. */
    public void post(Runnable task) {
        synchronized (this) {
            posted.add(task);
            if (polls) {
                waiter.works();
            }
        }
        wake();
    }

    /** Ends a poll that waits. */
    public void wake() {
        if (sleeping.getAndSet(false)) {
            wakeup.run();
        }
    }

    /** Ends whatever the owner waits for at the consumer, also outside of poll(). */
    public void interrupt() {
        sleeping.set(false);
        wakeup.run();
    }

    /** But for what is posted, the owner does nothing before this moment of the delivery clock. */
    public synchronized void waitUntil(long nanos) {
        polls = true;
        if (posted.isEmpty()) {
            waiter.waitsUntil(nanos);
        }
    }

    private synchronized boolean polls() {
        return polls;
    }

    /** Nobody waits for the owner any more. */
    public void close() {
        waiter.close();
    }

    public boolean isEmpty() {
        return posted.isEmpty();
    }

    /** Runs what was posted. */
    public void run() {
        for (Runnable task = posted.poll(); task != null; task = posted.poll()) {
            task.run();
        }
    }

    /** Waits for the next task, {@code nanos} at most, and runs it; false when none came. */
    public boolean runNext(long nanos) throws InterruptedException {
        Runnable task = posted.poll(nanos, TimeUnit.NANOSECONDS);
        if (task != null) {
            task.run();
        }
        return task != null;
    }

    /** Makes a poll that a post ends; {@code whenWoken} is its result then. */
    public <T> T polling(Supplier<T> poll, T whenWoken) {
        sleeping.set(true);
        try {
            return poll.get();
        } catch (WakeupException woken) {
            return whenWoken;
        } finally {
            sleeping.set(false);
        }
    }

    /** A wake-up that came a moment too late for its poll ends the next blocking call instead; that one is simply made again. */
    public static <T> T ignoringWakeups(Supplier<T> call) {
        while (true) {
            try {
                return call.get();
            } catch (WakeupException late) {
                LOG.trace("A late wake-up", late);
            }
        }
    }
}
