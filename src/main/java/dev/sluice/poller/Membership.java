package dev.sluice.poller;

import dev.sluice.cluster.Brokers;

/**
 * As whom a poll loop joins which brokers.
 *
 * @param instanceId Kafka's {@code group.instance.id}, the same after a restart
 * @param resumed whether an earlier run of the server already began with this mapping
 */
record Membership(Brokers brokers, String instanceId, boolean resumed) {
}
