/**
 * The fate of a batch: which records it takes, its event bytes, its attempts, its result.
 *
 * <p>{@link dev.sluice.dispatch.Dispatcher} first, then {@code Delivery} and {@code DeliveryPlan} (what comes after a result); {@code Attempt} has
 * the function invoked with what {@code EventWriter} writes, and {@code AttemptResult} says what its answer means for the records.
 * What time it is for all of this, {@code DeliveryClock} says.
 */
package dev.sluice.dispatch;
