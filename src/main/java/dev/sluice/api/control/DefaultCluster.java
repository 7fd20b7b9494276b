package dev.sluice.api.control;

import java.time.Duration;
import java.util.Optional;

/** What the control API asks of the cluster that is meant when nobody names another. Thread-safe. */
public interface DefaultCluster {

    /** The addresses clients are told, {@code host:port,host:port}; empty when there is no default cluster or none yet. */
    String bootstrapServers();

    /** Whether a broker answered when last asked, and that isn't long ago; doesn't wait for one. */
    boolean up();

    /** How long ago the last answer to that was had; empty when there was none yet. */
    default Optional<Duration> age() {
        return Optional.empty();
    }
}
