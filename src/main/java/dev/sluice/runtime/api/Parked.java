package dev.sluice.runtime.api;

/** A process's request for an event that knows the connection on which it came. */
interface Parked extends Asking {

    /** The same object for all requests of one connection. */
    Object connection();

    /** Whether the connection has carried an earlier request. */
    boolean reused();

    /** Whether the client wants a connection for each request, so that the end of one says nothing of the process. */
    boolean single();

    /** Whether the process has closed the connection while it waited. For a request that was given nothing yet. */
    boolean gone();

    /** Whether what it was given could not be written to its end. Asked when it says that it is written. */
    boolean lost();
}
