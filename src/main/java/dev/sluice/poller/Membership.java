package dev.sluice.poller;

import dev.sluice.cluster.Brokers;
import dev.sluice.cluster.SourceBrokers;
import java.util.Optional;

/**
 * As whom does a poll loop join which brokers? Which ones is found out before each session; what was found last is here for any thread.
 * Thread-safe.
 */
final class Membership {

    private final MemberId id;
    private final boolean resumed;
    private volatile SourceBrokers source;

    /** @param resumed whether an earlier run of the server already began with this mapping */
    Membership(MemberId id, boolean resumed) {
        this.id = id;
        this.resumed = resumed;
    }

    MemberId id() {
        return id;
    }

    boolean resumed() {
        return resumed;
    }

    void found(SourceBrokers now) {
        source = now;
    }

    /** The brokers of the session that runs or is to begin. */
    Brokers brokers() {
        return found().orElseThrow();
    }

    /** Empty while no brokers are known. */
    Optional<Brokers> found() {
        return source == null ? Optional.empty() : source.found();
    }

    /** Null while no brokers are known. */
    String bootstrapServers() {
        return found().map(Brokers::bootstrapServers).orElse(null);
    }
}
