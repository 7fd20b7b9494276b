package dev.sluice.poller;

/** Why nothing of a partition is read or delivered for now. */
enum WaitReason {
    /** An earlier owner's invocation is still under way. */
    EARLIER_OWNER
}
