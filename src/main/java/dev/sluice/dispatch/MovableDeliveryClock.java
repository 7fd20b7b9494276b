package dev.sluice.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What time is it for deliveries when a test moves it on? That of the machine, and what it was moved by. It goes from one moment that
 * somebody waits for to the next, and at each waits until all rest again: the backoff that follows an attempt begins when that attempt has
 * failed, as it would if all that time had passed.
 *
 * <p>Thread-safe; {@code turn} has one move follow the other.
 */
public final class MovableDeliveryClock implements DeliveryClock {

    /** At once: longer than any limit of a mapping. */
    private static final Duration FARTHEST = Duration.ofDays(365);
    /** Altogether: what nanoseconds of 64 bits have room for, by far. */
    private static final Duration TOTAL = FARTHEST.multipliedBy(100);
    private static final Patience PATIENCE = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(30));

    private final MovedTime time;
    private final Agenda agenda;
    private final Patience patience;
    private final ReentrantLock turn = new ReentrantLock(true);

    /**
     * How long moving takes at most, in the time of the machine.
     *
     * @param rest for all to rest at one moment; who works longer is left at work, and waited for again once he has rested
     * @param move for all moments together
     */
    record Patience(Duration rest, Duration move) {
    }

    /**
     * What moving came to.
     *
     * @param now of deliveries
     * @param moved by how much this time; less than was asked for when more fell due than there was time for, or the server ends
     * @param total by how much since the server started
     * @param fellDue how many windows, backoffs and limits ended
     * @param underWay how many deliveries and pollers are still at work
     */
    public record Move(Instant now, Duration moved, Duration total, int fellDue, int underWay) {
    }

    public MovableDeliveryClock() {
        this(Clock.systemUTC(), System::nanoTime, PATIENCE);
    }

    MovableDeliveryClock(Clock wall, LongSupplier passing, Patience patience) {
        this.time = new MovedTime(wall, passing);
        this.agenda = new Agenda(time);
        this.patience = patience;
    }

    @Override
    public Instant now() {
        return time.now();
    }

    @Override
    public long nanos() {
        return time.nanos();
    }

    @Override
    public Instant real(Instant moment) {
        return time.real(moment);
    }

    @Override
    public Scheduled schedule(ScheduledExecutorService executor, Duration after, Runnable step) {
        return agenda.plan(executor, after, step);
    }

    @Override
    public Waiter waiter(Runnable woken) {
        return agenda.register(woken);
    }

    @Override
    public void release() {
        agenda.close();
    }

    /** How far it can be moved at once. */
    public Duration farthest() {
        Duration left = TOTAL.minusNanos(time.moved());
        return left.compareTo(FARTHEST) < 0 ? left : FARTHEST;
    }

    /**
     * Moves delivery time on, and returns when what fell due has been handed over and has come to something, or the patience is over.
     *
     * @param by positive, {@link #farthest} at most
     */
    public Move advance(Duration by) throws InterruptedException {
        turn.lockInterruptibly();
        try {
            if (by.isNegative() || by.isZero() || by.compareTo(farthest()) > 0) {
                throw new IllegalArgumentException("time is to be moved by " + by + "; allowed is what is positive, up to " + farthest());
            }
            long before = time.moved();
            int fellDue = moveTo(before + by.toNanos());
            return new Move(time.now(), Duration.ofNanos(time.moved() - before), Duration.ofNanos(time.moved()), fellDue, agenda.working());
        } finally {
            turn.unlock();
        }
    }

    /** How many fell due on the way. */
    private int moveTo(long target) throws InterruptedException {
        long end = time.passed() + patience.move().toNanos();
        int fellDue = 0;
        try {
            agenda.all().forEach(Agenda.Entry::moving);
            while (rests(end)) {
                List<Agenda.Entry> due = agenda.moveToNext(target);
                if (due.isEmpty()) {
                    break;
                }
                fellDue += due.size();
                due.forEach(Agenda.Entry::act);
            }
        } finally {
            agenda.all().forEach(Agenda.Entry::moved);
        }
        return fellDue;
    }

    /** Whether all rest, or have had their time, and there is time for more. */
    private boolean rests(long end) throws InterruptedException {
        return agenda.awaitRest(Math.min(end, time.passed() + patience.rest().toNanos())) && end - time.passed() > 0;
    }
}
