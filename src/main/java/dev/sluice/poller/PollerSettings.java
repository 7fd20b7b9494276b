package dev.sluice.poller;

import java.time.Duration;

/**
 * How patient the pollers are. Immutable.
 *
 * @param brokerTimeout how long brokers may be silent before a mapping becomes Enabled with a problem
 * @param stopTimeout how long running invocations may take when a mapping stops
 * @param revokeTimeout how long running invocations may take when a partition goes to a member elsewhere
 * @param accessPatience how long logging in or reading may be refused before the mapping is disabled
 */
public record PollerSettings(Duration brokerTimeout, Duration stopTimeout, Duration revokeTimeout, Duration accessPatience) {

    public static final PollerSettings DEFAULT = new PollerSettings(
            Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(60));
}
