/**
 * The on-failure destinations: Amazon SQS, Amazon SNS, Amazon S3, or a topic of the cluster that the records came from.
 *
 * <p>{@link dev.sluice.destination.Destinations} first, then {@code DestinationAddress} and the kind at hand.
 */
package dev.sluice.destination;
