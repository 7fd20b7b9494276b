package dev.sluice.mapping;

/**
 * What the use cases ask of the pollers. Neither call blocks; what came of it arrives at {@link FleetReports} with the
 * mapping's generation. Calls for an older generation than the newest one seen are ignored. Thread-safe.
 */
public interface Fleet {

    /** Polls for this mapping from now on, after everything of an older generation has stopped. */
    void start(EventSourceMapping mapping);

    /** Stops polling for this mapping; answers {@link Fact.Stopped} also when nothing ran. */
    void stop(EventSourceMapping mapping);
}
