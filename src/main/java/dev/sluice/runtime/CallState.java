package dev.sluice.runtime;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Who may report the end of a call: the thread that runs it, or the watchdog? Each report is granted once. Thread-safe.
 *
 * <pre>
 * RUNNING    -- the thread returns ------------> ENDED       thread: completed, ended
 * RUNNING    -- the time is up ----------------> TIMING_OUT  watchdog: completed
 * TIMING_OUT -- the thread returns meanwhile --> RETURNED    watchdog: ended, once its completed is through
 * TIMING_OUT -- watchdog's completed is through -> OVERDUE   nobody
 * OVERDUE    -- the thread returns ------------> ENDED       thread: ended
 * OVERDUE    -- the wait is over --------------> ENDED       watchdog: ended
 * </pre>
 */
final class CallState {

    private enum State { RUNNING, TIMING_OUT, RETURNED, OVERDUE, ENDED }

    /** What the thread that ran the call has to report when it returns. */
    enum Return { COMPLETED_AND_ENDED, ENDED, NOTHING }

    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);

    /** The thread has returned. */
    Return returned() {
        if (state.compareAndSet(State.RUNNING, State.ENDED)) {
            return Return.COMPLETED_AND_ENDED;
        }
        if (state.compareAndSet(State.TIMING_OUT, State.RETURNED)) {
            return Return.NOTHING;
        }
        return state.compareAndSet(State.OVERDUE, State.ENDED) ? Return.ENDED : Return.NOTHING;
    }

    /** The time is up: true when the watchdog is to report completed. */
    boolean timeUp() {
        return state.compareAndSet(State.RUNNING, State.TIMING_OUT);
    }

    /** The watchdog has reported completed: true when it is to report ended, too, as the thread is back. */
    boolean timeoutReported() {
        return !state.compareAndSet(State.TIMING_OUT, State.OVERDUE);
    }

    /** The wait after the timeout is over: true when the watchdog is to report ended. */
    boolean waitOver() {
        return state.compareAndSet(State.OVERDUE, State.ENDED);
    }

    boolean running() {
        return state.get() == State.RUNNING;
    }
}
