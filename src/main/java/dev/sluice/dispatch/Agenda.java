package dev.sluice.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Who acts when, of those that act on a time that is moved, and who is at work? Thread-safe; {@code this} guards the entries and their
 * fields, and is not held while one of them acts.
 */
final class Agenda {

    private final MovedTime time;
    private final Set<Entry> entries = new LinkedHashSet<>();
    private boolean closed;

    Agenda(MovedTime time) {
        this.time = time;
    }

    /** Somebody, or something, that acts when its moment has come. */
    abstract static class Entry {

        private boolean atWork;
        private long due;
        /** Whether it knows that its moment has come. */
        private boolean told;
        private boolean leftAtWork;

        /** Time is going to be moved. */
        abstract void moving();

        /** Its moment has come. */
        abstract void act();

        /** Time was moved, and passes by itself again. */
        abstract void moved();

        boolean working() {
            return atWork || told;
        }

        boolean waits() {
            return !working() && due != Long.MAX_VALUE;
        }
    }

    synchronized DeliveryClock.Scheduled plan(ScheduledExecutorService executor, Duration after, Runnable step) {
        return new Planned(executor, time.nanos() + after.toNanos(), step);
    }

    synchronized DeliveryClock.Waiter register(Runnable woken) {
        return new Registered(woken);
    }

    /** Nobody is waited for any more. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized List<Entry> all() {
        return List.copyOf(entries);
    }

    synchronized int working() {
        return (int) entries.stream().filter(Entry::working).count();
    }

    /** Moves time to the next moment that somebody waits for, and says who did; up to {@code target} when nobody waits for one until then. */
    synchronized List<Entry> moveToNext(long target) {
        long passed = time.passed();
        long next = entries.stream().filter(Entry::waits).mapToLong(entry -> entry.due).min().orElse(Long.MAX_VALUE);
        if (next == Long.MAX_VALUE || next - passed > target) {
            time.move(target);
            return List.of();
        }
        time.move(next - passed);
        long now = time.nanos();
        List<Entry> due = new ArrayList<>(entries.stream().filter(entry -> entry.waits() && entry.due <= now).toList());
        due.sort(Comparator.comparingLong(entry -> entry.due)); // those of one moment in the order in which they came
        due.forEach(entry -> entry.told = true);
        return due;
    }

    /**
     * Waits until nobody is at work, but for those that were left at it before and have not rested since.
     *
     * @param end when who still is at work is left at it, by {@link MovedTime#passed}
     * @return false when the agenda was closed
     */
    synchronized boolean awaitRest(long end) throws InterruptedException {
        while (!closed && entries.stream().anyMatch(entry -> entry.working() && !entry.leftAtWork)) {
            long left = end - time.passed();
            if (left <= 0) {
                entries.stream().filter(Entry::working).forEach(entry -> entry.leftAtWork = true);
            } else {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        }
        return !closed;
    }

    private synchronized void remove(Entry entry) {
        entries.remove(entry);
        notifyAll();
    }

    private synchronized void set(Entry entry, boolean atWork, long due) {
        entry.atWork = atWork;
        entry.due = due;
        entry.told = false;
        entry.leftAtWork = false;
        notifyAll();
    }

    private final class Registered extends Entry implements DeliveryClock.Waiter {

        private final Runnable woken;

        private Registered(Runnable woken) {
            this.woken = woken;
            set(this, true, Long.MAX_VALUE);
            entries.add(this);
        }

        @Override
        void moving() {
            woken.run();
        }

        @Override
        void act() {
            woken.run();
        }

        @Override
        void moved() {
        }

        @Override
        public void works() {
            set(this, true, Long.MAX_VALUE);
        }

        @Override
        public void waitsUntil(long nanos) {
            set(this, false, nanos);
        }

        @Override
        public void close() {
            remove(this);
        }
    }

    /** A step in an executor, whose own time is the machine's: it is planned there anew when time was moved. */
    private final class Planned extends Entry implements DeliveryClock.Scheduled {

        private final ScheduledExecutorService executor;
        private final long due;
        private final Runnable step;
        private Future<?> timer;
        private boolean over;

        private Planned(ScheduledExecutorService executor, long due, Runnable step) {
            this.executor = executor;
            this.due = due;
            this.step = step;
            this.timer = timer();
            set(this, false, due);
            entries.add(this);
        }

        private Future<?> timer() {
            return executor.schedule(this::run, Math.max(0, due - time.nanos()), TimeUnit.NANOSECONDS);
        }

        private void run() {
            if (begin()) {
                try {
                    step.run();
                } finally {
                    remove(this);
                }
            }
        }

        /** Whether this call is the first. */
        private boolean begin() {
            synchronized (Agenda.this) {
                if (over) {
                    return false;
                }
                over = true;
                set(this, true, Long.MAX_VALUE);
                return true;
            }
        }

        @Override
        public boolean cancel() {
            if (!begin()) {
                return false;
            }
            timer.cancel(false);
            remove(this);
            return true;
        }

        @Override
        void moving() {
        }

        @Override
        void act() {
            planAnew();
        }

        @Override
        void moved() {
            planAnew();
        }

        private void planAnew() {
            synchronized (Agenda.this) {
                if (!over) {
                    try {
                        Future<?> before = timer;
                        timer = timer();
                        before.cancel(false);
                    } catch (RejectedExecutionException closed) {
                        cancel();
                    }
                }
            }
        }
    }
}
