package dev.sluice.server;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * In which order the parts of a server end: the one made last first. Each gets what is left of the time, and at least a moment; a
 * failure of one is logged and stops none of the others. Thread-safe; {@code this} guards the parts and the run.
 */
final class Closing {

    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);
    private static final Duration LEAST = Duration.ofMillis(500);

    private final Deque<Consumer<Duration>> parts = new ArrayDeque<>();

    synchronized <T> T add(T part, Consumer<T> close) {
        parts.push(within -> close.accept(part));
        return part;
    }

    /**
     * @param reserved what it leaves of the time to the parts that end after it
     * @param close takes the time it may need
     */
    synchronized void addTimed(Duration reserved, Consumer<Duration> close) {
        parts.push(left -> close.accept(atLeastAMoment(left.minus(reserved))));
    }

    /** Ends all parts; a second call waits for the first and finds nothing left. */
    synchronized void run(Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        while (!parts.isEmpty()) {
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            try {
                parts.pop().accept(atLeastAMoment(left));
            } catch (RuntimeException | Error e) { // an Error too: the others must end all the same
                warn(e);
            }
        }
    }

    private static void warn(Throwable failure) {
        try {
            LOG.warn("A part of the server did not end in good order", failure);
        } catch (OutOfMemoryError noMemory) {
            return; // and nobody who could be told
        }
    }

    private static Duration atLeastAMoment(Duration left) {
        return left.compareTo(LEAST) < 0 ? LEAST : left;
    }
}
