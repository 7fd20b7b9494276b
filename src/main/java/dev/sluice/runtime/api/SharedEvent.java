package dev.sluice.runtime.api;

import dev.sluice.runtime.process.RuntimeProcess.Event;
import dev.sluice.runtime.process.RuntimeProcess.Result;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One event on its way to one of several processes. Guarded by its exchange. */
final class SharedEvent {

    private static final Logger LOG = LoggerFactory.getLogger(SharedEvent.class);
    private static final Duration WRITE_PATIENCE = Duration.ofSeconds(1);

    final Event event;
    /** Who has it; null while it waits. */
    Parked taker;
    boolean writing;
    /** Of the last time when somebody took it. */
    long writtenAt;
    /** Whether the connection that took it was closed since. */
    boolean closed;
    /** Whether the log says that it has been out for long. */
    boolean reminded;
    /** Which answer arrives; null while none does. */
    RuntimeState.Phase answering;
    Result result;

    SharedEvent(Event event) {
        this.event = event;
    }

    void takenBy(Parked request) {
        taker = request;
        writing = true;
        closed = false;
    }

    boolean open() {
        return result == null;
    }

    /** For how many nanoseconds nobody has been told that it is out; 0 for one that isn't. */
    long outFor(long now) {
        return taker == null || writing || reminded ? 0 : now - writtenAt;
    }

    void remind(String function, long now) {
        reminded = true;
        LOG.warn("Event {} of function {} is without an answer for {} s{}", event.requestId(), function, (now - writtenAt) / 1_000_000_000,
                closed ? ", and the connection that took it is closed, which may have been usual for its client. If its process is dead,"
                        + " register the function anew, and the event fails; it has no timeout"
                        : ". It has no timeout; to have it fail, end its process, or register the function anew");
    }

    /** Returns when the payload isn't read any more; who answers without reading its event to the end loses the connection. */
    void endWrite(SharedExchange exchange) {
        Parked slow;
        synchronized (exchange) {
            if (Uninterrupted.await(exchange, WRITE_PATIENCE, () -> !writing)) {
                return;
            }
            slow = taker;
        }
        slow.drop();
        synchronized (exchange) {
            if (!Uninterrupted.await(exchange, WRITE_PATIENCE, () -> !writing)) {
                throw new IllegalStateException("the write of an event goes on after its connection was closed");
            }
        }
    }
}
