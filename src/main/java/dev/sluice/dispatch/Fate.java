package dev.sluice.dispatch;

/** How records came to be finished. */
public enum Fate {
    /** The function took them. */
    DELIVERED,
    /** The on-failure destination took them. */
    SENT_TO_DESTINATION,
    /** The mapping's limits gave them up, and there is no destination, or it is allowed to fail. */
    DROPPED,
    /** Somebody asked to go on without them. */
    SKIPPED
}
