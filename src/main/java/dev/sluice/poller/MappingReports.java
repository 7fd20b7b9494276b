package dev.sluice.poller;

import dev.sluice.mapping.StateTransitionReason;

/** What is told about one mapping and generation. Thread-safe, never blocks. */
interface MappingReports {

    void started();

    void startingPositionApplied();

    void failed(StateTransitionReason reason);

    /** How the last delivery went. */
    void processed(String lastProcessingResult, String detail);

    /** Something stands between the mapping and its brokers. */
    void problem(SourceProblem problem);

    /** The brokers answer again. */
    void sourceWorks();
}
