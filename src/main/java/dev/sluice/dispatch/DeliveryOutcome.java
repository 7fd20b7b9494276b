package dev.sluice.dispatch;

/** What became of a delivery once all its attempts are over. */
public enum DeliveryOutcome {
    /** The function took the whole batch: its records are finished. */
    DELIVERED,
    /** Nobody tries any more (stopped, or the function can't be invoked): its records are not finished. */
    NOT_DELIVERED
}
