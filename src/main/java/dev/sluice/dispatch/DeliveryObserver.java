package dev.sluice.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who watches deliveries: metrics and the journal. Calls for one delivery come one after the other, on the function's threads, and must
 * not block. Whoever wants to know only a part overrides only that.
 */
public interface DeliveryObserver {

    /** An invocation is over. {@link Attempt#event} is only readable during this call. */
    default void attempted(Delivery delivery, Attempt attempt) {
        // Not everybody wants to know.
    }

    /** Records are finished. */
    default void settled(Delivery delivery, Fate fate, List<? extends PartitionRecords> records) {
        // Not everybody wants to know.
    }

    /** Records are given up; {@link #settled} says next what became of them. */
    default void gaveUp(Delivery delivery, FailureCondition why, List<? extends PartitionRecords> records) {
        // Not everybody wants to know.
    }

    /** The on-failure destination didn't take {@code records} records, or not yet. */
    default void destinationFailed(Delivery delivery, int records, String reason) {
        // Not everybody wants to know.
    }

    /** Nothing more happens to this delivery; what was not settled comes again in another one. */
    default void ended(Delivery delivery) {
        // Not everybody wants to know.
    }

    /**
     * One invocation of a delivery.
     *
     * @param number counted from 1 within the delivery
     * @param requestId null when the function could not be invoked
     * @param records what it was invoked with
     * @param failedRecords how many of them it didn't take: none, all, or those it named
     * @param event the first {@code eventLength} bytes are the event; null when it was never written
     * @param answer what the function answered, its JSON error included; null when it did not
     */
    record Attempt(int number, @Nullable String requestId, Instant started, Duration took, AttemptReport report,
            List<? extends PartitionRecords> records, int failedRecords, byte @Nullable [] event, int eventLength,
            byte @Nullable [] answer) {
    }

    /** Watches nothing. */
    DeliveryObserver NONE = new DeliveryObserver() {
    };
}
