package dev.sluice.dispatch;

/** What happens to a {@link Delivery}. Calls arrive on other threads than the one that delivers, and must not block. */
public interface DeliveryListener {

    /** One attempt is over; {@link #ended} follows it or another attempt does. */
    void attempted(Delivery delivery, AttemptResult result);

    /** All attempts are over and the last invocation has truly ended. Called exactly once. */
    void ended(Delivery delivery, DeliveryOutcome outcome);
}
