package dev.sluice.mapping;

import java.time.Instant;
import java.util.List;

/**
 * A request to create or update a mapping, as {@link ServiceCheck} sees it. Immutable.
 *
 * @param creation null for an update
 * @param present what the mapping reads already; null for a creation
 * @param before the settings before; AWS's defaults for a new mapping
 * @param declared whether the config file asks, whose author may leave out what only AWS needs
 */
record Asked(SourceRequest creation, KafkaSource present, SettingsRequest settings, MappingSettings before, Instant now,
        boolean declared) {

    static Asked change(EventSourceMapping seen, SettingsRequest settings, Instant now) {
        return new Asked(null, seen.source(), settings, seen.settings(), now, false);
    }

    boolean creates() {
        return creation != null;
    }

    /** @throws MappingException.InvalidParameter when a creation names none */
    EventSource source() {
        return creates() ? creation.eventSource() : present.eventSource();
    }

    /** Null or empty when a creation names none. */
    List<String> topics() {
        return creates() ? creation.topics() : present.topics();
    }
}
