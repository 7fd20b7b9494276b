package dev.sluice.poller;

import dev.sluice.cluster.Brokers;
import dev.sluice.cluster.SourceBrokers;

/**
 * As whom a poll loop joins which brokers.
 *
 * @param source refused when the configuration has no brokers for the mapping's event source
 * @param resumed whether an earlier run of the server already began with this mapping
 */
record Membership(SourceBrokers source, MemberId id, boolean resumed) {

    /** The brokers of a source that is not refused. */
    Brokers brokers() {
        return ((SourceBrokers.Found) source).brokers();
    }

    /** Null when the source is refused. */
    String bootstrapServers() {
        return source instanceof SourceBrokers.Found found ? found.brokers().bootstrapServers() : null;
    }
}
