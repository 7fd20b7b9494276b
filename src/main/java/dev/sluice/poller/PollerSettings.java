package dev.sluice.poller;

import dev.sluice.filter.OtherFormat;
import dev.sluice.mapping.EventSourceMapping;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * How patient the pollers are, and whose groups they join. Immutable.
 *
 * @param brokerTimeout how long brokers may be silent before a mapping becomes Enabled with a problem
 * @param stopTimeout how long running invocations may take when a mapping stops
 * @param revokeTimeout how long running invocations may take when a partition goes to a member elsewhere
 * @param accessPatience how long logging in or reading may be refused before the mapping is disabled
 * @param joinsForeignGroups whether a mapping joins a group that others are in, on brokers that aren't this machine's own
 * @param otherFormat what becomes of records whose values are of another format than their mapping's filters
 */
public record PollerSettings(Duration brokerTimeout, Duration stopTimeout, Duration revokeTimeout, Duration accessPatience,
        Predicate<EventSourceMapping> joinsForeignGroups, OtherFormat otherFormat) {

    public static final PollerSettings DEFAULT = new PollerSettings(
            Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(60), mapping -> false,
            OtherFormat.DROP);
}
