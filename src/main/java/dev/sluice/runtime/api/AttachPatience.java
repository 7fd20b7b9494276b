package dev.sluice.runtime.api;

import java.time.Duration;

/**
 * How long is waited for a process of which only the connections are known?
 *
 * @param reading a connection that is closed sooner after its event was a client's that has one for each request
 * @param silence how long after the end of its connection a process may still answer
 * @param reminder how long an event may be out until the log says so; at most twice as long, as one look serves all
 */
record AttachPatience(Duration reading, Duration silence, Duration reminder) {

    static final AttachPatience DEFAULT = new AttachPatience(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(60));

    /** Whether a process is taken for dead whose connection was closed this long after its event, if it doesn't answer soon. */
    boolean meansDeath(Parked taker, long nanosSinceItsEvent) {
        return !taker.single() && (taker.reused() || nanosSinceItsEvent >= reading.toNanos());
    }
}
