package dev.sluice.poller;

import dev.sluice.cluster.SourceBrokers;

/**
 * As whom a poll loop joins which brokers.
 *
 * @param source refused when the configuration has no brokers for the mapping's event source
 * @param instanceId Kafka's {@code group.instance.id}, the same after a restart
 * @param resumed whether an earlier run of the server already began with this mapping
 */
record Membership(SourceBrokers source, String instanceId, boolean resumed) {
}
