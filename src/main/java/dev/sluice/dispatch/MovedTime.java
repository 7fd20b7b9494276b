package dev.sluice.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.LongSupplier;

/**
 * What time is it, given by how much and when it was moved? The machine's time, and what was added to it. Thread-safe; {@code this} guards
 * the jumps, and reading the time takes no lock.
 */
final class MovedTime {

    /** How long ago nobody asks for: a record that is older than a mapping may allow, 7 days, is too old anyway. */
    private static final Duration REMEMBERED = Duration.ofDays(8);

    private final Clock wall;
    private final LongSupplier passing;
    private final Deque<Jump> jumps = new ArrayDeque<>();
    /** Written under the lock. */
    private volatile long movedNanos;

    /** Time was moved. @param from by the wall @param before by how much it had been moved @param after by how much it is since */
    private record Jump(Instant from, long before, long after) {

        Instant begin() {
            return from.plusNanos(before);
        }

        Instant end() {
            return from.plusNanos(after);
        }
    }

    /** @param passing as {@link System#nanoTime} */
    MovedTime(Clock wall, LongSupplier passing) {
        this.wall = wall;
        this.passing = passing;
    }

    Instant now() {
        return wall.instant().plusNanos(movedNanos);
    }

    long nanos() {
        return passing.getAsLong() + movedNanos;
    }

    /** What {@link #nanos} would be if nobody had moved it. */
    long passed() {
        return passing.getAsLong();
    }

    /** By how much it was moved altogether. */
    long moved() {
        return movedNanos;
    }

    /** What the wall shows, or showed, at {@code moment}; of one that was skipped, what it showed when it was. */
    synchronized Instant real(Instant moment) {
        long moved = movedNanos;
        for (Iterator<Jump> newest = jumps.descendingIterator(); newest.hasNext();) {
            Jump jump = newest.next();
            if (!moment.isBefore(jump.end())) {
                break;
            }
            if (moment.isAfter(jump.begin())) {
                return jump.from();
            }
            moved = jump.before();
        }
        return moment.minusNanos(moved);
    }

    /** From now on it is moved by so much altogether, unless it is already by more. */
    synchronized void move(long altogether) {
        if (altogether > movedNanos) {
            jumps.addLast(new Jump(wall.instant(), movedNanos, altogether));
            movedNanos = altogether;
            Instant forgotten = now().minus(REMEMBERED);
            while (jumps.getFirst().end().isBefore(forgotten)) {
                jumps.removeFirst();
            }
        }
    }
}
