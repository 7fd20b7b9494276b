package dev.sluice.poller;

/** What a poll loop tells about its own mapping and generation, as far as it sees. Thread-safe, never blocks. */
interface LoopReports extends MappingReports {

    /** A partition can't be read on; whatever else is reported, this stays true until {@link #readable}. */
    void unreadable(SourceProblem problem);

    /** All partitions can be read again, or are another poller's. */
    void readable();

    /** How many partitions the topics have; said while the loop is a member of its group, again and again. */
    void topicPartitions(int count);
}
