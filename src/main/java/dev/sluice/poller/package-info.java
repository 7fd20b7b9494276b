/**
 * The consumers at work: leases, batching, commits, and the fleet of all of them.
 *
 * <p>{@link dev.sluice.poller.KafkaFleet} is the face: a {@code MappingLane} a mapping starts and stops its {@code Pollers}, a {@code PollLoop} each. A loop
 * has one {@code Session} after the other ({@code Session.Factory} chooses the way of consuming); {@code PollSession} polls into {@code Assignment}, whose
 * {@code Batcher} says which batch is due, and {@code Deliveries} sends it. What is finished: {@code CommitTracker}, {@code Commits}. Who else delivers from a
 * partition: {@code LeaseTable}, {@code Takeover}. What a poller finds out goes up as {@code Fact}s by {@code MergedFacts} and {@code ReportQueue}.
 */
package dev.sluice.poller;
