/**
 * Queue mode: mappings whose pollers take records from share groups.
 *
 * <p>{@link dev.sluice.queue.QueuePollers} is the face. The pollers of a mapping are its {@code LaneGroup}: one of them at a time has the turn
 * to fetch. A {@code QueueSession} is one lane with one consumer ({@code ShareConsumers}): it fetches, has what came cut into batches and delivered
 * ({@code Held}, {@code HeldBatch}), renews what runs, and acknowledges what has ended. Before the first fetch, {@code ShareGroupEntry} asks
 * whether the brokers can do this at all, and who else is in the group.
 */
package dev.sluice.queue;
