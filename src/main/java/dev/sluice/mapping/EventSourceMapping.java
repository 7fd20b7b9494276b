package dev.sluice.mapping;

import dev.sluice.resource.Scope;
import java.time.Instant;
import java.util.Collections;
import java.util.Objects;

/** One event source mapping as it is stored: who owns it, what is fixed, what may change, where it stands. Immutable. */
public record EventSourceMapping(MappingId id, Scope scope, Instant created, KafkaSource source, MappingSettings settings,
        MappingStatus status) {
    public EventSourceMapping {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(created, "created");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(status, "status");
    }

    /** AWS's {@code EventSourceMappingArn}. */
    public String arn() {
        return "arn:" + scope.partition() + ":lambda:" + scope.region() + ":" + scope.accountId() + ":event-source-mapping:" + id;
    }

    public long generation() {
        return status.generation();
    }

    public MappingState state() {
        return status.state();
    }

    /** Whether AWS would call {@code other} a duplicate: same function as written, a broker and a topic in common. */
    public boolean duplicates(EventSourceMapping other) {
        return scope.equals(other.scope)
                && settings.functionArn().equals(other.settings.functionArn())
                && source.eventSource().overlaps(other.source.eventSource())
                && !Collections.disjoint(source.topics(), other.source.topics());
    }

    EventSourceMapping with(MappingSettings newSettings, MappingStatus newStatus) {
        return new EventSourceMapping(id, scope, created, source, newSettings, newStatus);
    }
}
