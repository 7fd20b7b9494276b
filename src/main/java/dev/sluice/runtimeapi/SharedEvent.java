package dev.sluice.runtimeapi;

import dev.sluice.function.RuntimeProcess.Event;
import dev.sluice.function.RuntimeProcess.Outcome;

/** One event on its way to one of several processes. Guarded by its exchange. */
final class SharedEvent {

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
    Outcome outcome;

    SharedEvent(Event event) {
        this.event = event;
    }

    void takenBy(Parked request) {
        taker = request;
        writing = true;
        closed = false;
    }

    boolean open() {
        return outcome == null;
    }
}
