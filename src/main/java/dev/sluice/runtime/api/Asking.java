package dev.sluice.runtime.api;

import dev.sluice.runtime.process.RuntimeProcess.Event;

/** A process's request for its next event, while it waits for one. */
interface Asking {

    /** Writes the event to it, once; {@code written} runs, on whatever thread, when the payload isn't read any more. */
    void give(Event event, Runnable written);

    /** Closes its connection, which ends a write that still goes on. */
    void drop();
}
