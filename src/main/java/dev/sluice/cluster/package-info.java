/**
 * Which brokers and which credentials an event source means, whether they can be reached, and records sent to them one by one.
 *
 * <p>{@link dev.sluice.cluster.ClusterDirectory} first, then {@link dev.sluice.cluster.BrokerProbe} and {@link dev.sluice.cluster.RecordSender}.
 */
package dev.sluice.cluster;
