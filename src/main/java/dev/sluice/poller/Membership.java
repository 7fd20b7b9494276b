package dev.sluice.poller;

import dev.sluice.cluster.Brokers;

/**
 * As whom a poll loop joins which brokers.
 *
 * @param resumed whether an earlier run of the server already began with this mapping
 */
record Membership(Brokers brokers, MemberId id, boolean resumed) {
}
