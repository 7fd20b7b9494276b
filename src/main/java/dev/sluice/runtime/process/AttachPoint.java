package dev.sluice.runtime.process;

/**
 * How do the events of one function get to the processes that have attached themselves? Any number of them may ask, and each event goes
 * to one. Thread-safe; single-use: whoever opened it closes it.
 */
public interface AttachPoint extends AutoCloseable {

    /** Where it listens, {@code HOST:PORT} as {@code AWS_LAMBDA_RUNTIME_API} has it. */
    String address();

    /**
     * Waits without a limit for a process that takes the event, and for what comes of it. {@code NotTaken} is an event that nobody
     * took before the {@link #release}; {@code Exited} one whose process has gone. An interrupt takes the event back, and stays set.
     */
    RuntimeProcess.Result invoke(RuntimeProcess.Event event);

    /** Takes back the events that no process has taken yet. @param why as {@code NotTaken} says it */
    void withdraw(String why);

    /** Takes back all events; an answer that a process gives later is refused. @param why as the outcomes say it */
    void release(String why);

    /** Frees the port and takes back all events, at once. Idempotent. */
    @Override
    void close();
}
