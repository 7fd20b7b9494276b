package dev.sluice.mapping;

/** What the pollers tell about a mapping, as facts of one generation. Thread-safe; a report of an older generation changes nothing. */
public interface FleetReports {

    /** The consumer joined its group with its positions committed, or the brokers were out of reach for as long as AWS would wait. */
    void started(MappingId id, long generation);

    /** The starting position holds: it is committed at the broker for every partition there was. */
    void startingPositionApplied(MappingId id, long generation);

    /** Nothing polls for this generation any more. */
    void stopped(MappingId id, long generation);

    /** The mapping can't go on until somebody enables it again. @param cause in full, for people */
    void failed(MappingId id, long generation, StateTransitionReason reason, String cause);

    /** How the last poll or delivery went, in AWS's words for {@code LastProcessingResult}. */
    void processed(MappingId id, long generation, String lastProcessingResult);
}
