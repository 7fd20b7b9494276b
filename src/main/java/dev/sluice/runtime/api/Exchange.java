package dev.sluice.runtime.api;

import dev.sluice.runtime.process.RuntimeProcess.Event;
import dev.sluice.runtime.process.RuntimeProcess.Result;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Brings the events that somebody has for a process and the process's requests together. Thread-safe: the invoking thread offers
 * and waits, threads of the HTTP server bring the requests, and whichever of both comes second writes the event: nobody hands it
 * over.
 */
final class Exchange implements Conversation {

    private final RuntimeState state = new RuntimeState();
    /** Those whose event is being written. */
    private final Set<Asking> writing = new HashSet<>();
    private Asking asking;
    /** Offered and not answered. */
    private Event event;
    private Result result;
    /** The process is gone, though what it sent may still be read. */
    private Result.Exited ending;
    private Result.Exited exited;

    @Override
    public Optional<Answer> next(Parked request) {
        return next((Asking) request);
    }

    @Override
    public void answered(String requestId, Result of) {
        answered(of);
    }

    @Override
    public void answerLost(String requestId) {
        answerLost();
    }

    /** The process asks for an event; the refusal, if it may not. */
    Optional<Answer> next(Asking request) {
        Asking older = null;
        Event due;
        synchronized (this) {
            Optional<Answer> refusal = state.next();
            if (refusal.isPresent()) {
                return refusal;
            }
            due = event;
            notifyAll();
            if (due == null) {
                // It gave the older connection up, or it would not ask again; an event written there would be lost.
                older = asking;
                asking = request;
            } else {
                deliver(request);
            }
        }
        if (older != null) {
            older.drop();
        }
        if (due != null) {
            request.give(due, () -> written(request));
        }
        return Optional.empty();
    }

    /** Somebody has an event for the process, which gets it at once or when it asks. */
    void offer(Event offered) {
        Asking request;
        synchronized (this) {
            result = null;
            if (ending != null) {
                result = new Result.NotTaken(ending.how());
                return;
            }
            event = offered;
            request = asking;
            asking = null;
            if (request == null) {
                return;
            }
            deliver(request);
        }
        request.give(offered, () -> written(request));
    }

    private void deliver(Asking request) {
        if (state.phase() == RuntimeState.Phase.READY) {
            state.delivered(event.requestId());
        }
        writing.add(request);
    }

    private synchronized void written(Asking request) {
        writing.remove(request);
        notifyAll();
    }

    /** The process begins to answer; the refusal, if it may not. */
    @Override
    public synchronized Optional<Answer> answering(String requestId, RuntimeState.Phase to) {
        return state.answering(requestId, to);
    }

    /** Its answer is no whole one; what comes of it is said later. */
    synchronized void answerLost() {
        event = null;
        state.answered();
    }

    /** This is what comes of the event, unless the process has ended before. */
    synchronized void answered(Result of) {
        event = null;
        state.answered();
        if (result == null && exited == null) {
            result = of;
            notifyAll();
        }
    }

    /** The process says that it can't start; the refusal, if it may not. */
    @Override
    public synchronized Optional<Answer> initError(Result.Failed error) {
        Optional<Answer> refusal = state.initError();
        if (refusal.isEmpty()) {
            result = error;
            notifyAll();
        }
        return refusal;
    }

    /** The process has ended: its connection may still stand, but an event that is written there reaches nobody. */
    synchronized void ending(Result.Exited how) {
        if (ending == null) {
            ending = how;
        }
    }

    /** The process has ended, and nothing comes from it any more. */
    void ended(Result.Exited how) {
        Asking last;
        synchronized (this) {
            if (exited != null) {
                return;
            }
            ending(how);
            exited = how;
            if (event != null && result == null && !event.requestId().equals(state.requestId())) {
                result = new Result.NotTaken(how.how());
            }
            event = null;
            last = asking;
            asking = null;
            state.ended();
            notifyAll();
        }
        if (last != null) {
            last.drop();
        }
    }

    /** Whether the process owes an answer, or its first request. */
    synchronized boolean expectsMore() {
        return event != null || state.phase() == RuntimeState.Phase.STARTED;
    }

    /** Waits until the process is ready (empty), or for what tells that it never will be. */
    synchronized Optional<Result> awaitReady() throws InterruptedException {
        while (result == null && exited == null && state.phase() == RuntimeState.Phase.STARTED) {
            wait();
        }
        return Optional.ofNullable(result instanceof Result.Failed ? result : exited);
    }

    synchronized Result awaitResult() throws InterruptedException {
        while (result == null && exited == null) {
            wait();
        }
        return result != null ? result : exited;
    }

    /** Waits until the process, having answered, asks for its next event, or has ended; no longer than this. */
    synchronized void awaitNext(Duration atMost) {
        Uninterrupted.await(this, atMost, () -> exited != null || !state.answering());
    }

    /** Waits for the end without regard for interrupts, which stay set; empty when it takes longer. */
    synchronized Optional<Result.Exited> awaitEnd(Duration atMost) {
        Uninterrupted.await(this, atMost, () -> exited != null);
        return Optional.ofNullable(exited);
    }

    /** Returns when no payload is being read any more; who answers without reading its event to the end loses the connection. */
    void endWrites(Duration patience) {
        List<Asking> slow;
        synchronized (this) {
            event = null;
            if (Uninterrupted.await(this, patience, writing::isEmpty)) {
                return;
            }
            slow = List.copyOf(writing);
        }
        slow.forEach(Asking::drop);
        synchronized (this) {
            if (!Uninterrupted.await(this, patience, writing::isEmpty)) {
                throw new IllegalStateException("the write of an event goes on after its connection was closed");
            }
        }
    }
}
