package dev.sluice.mapping;

import dev.sluice.mapping.KafkaSource.ConsumptionMode;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request to create or update a mapping, as {@link ServiceCheck} sees it. Immutable.
 *
 * @param creation null for an update
 * @param present what the mapping reads already; null for a creation
 * @param before the settings before; AWS's defaults for a new mapping
 * @param declared whether the config file asks, whose author may leave out what only AWS needs
 */
record Asked(@Nullable SourceRequest creation, @Nullable KafkaSource present, SettingsRequest settings, MappingSettings before, Instant now,
        boolean declared) {

    static Asked change(EventSourceMapping seen, SettingsRequest settings, Instant now) {
        return new Asked(null, seen.source(), settings, seen.settings(), now, false);
    }

    boolean creates() {
        return creation != null;
    }

    /** @throws MappingException.InvalidParameter when a creation names none */
    EventSource source() {
        return creation != null ? creation.eventSource() : Objects.requireNonNull(present).eventSource();
    }

    ConsumptionMode mode() {
        return creation != null ? creation.mode() : Objects.requireNonNull(present).consumptionMode();
    }

    /** Null or empty when a creation names none. */
    @Nullable
    List<String> topics() {
        return creation != null ? creation.topics() : Objects.requireNonNull(present).topics();
    }
}
