package dev.sluice.poller;

import dev.sluice.mapping.MappingId;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Which poller of which mapping of which server a static member of a group is. Immutable.
 *
 * @param serverId the data directory's id
 * @param number counted from 0 within the mapping
 */
record MemberId(String serverId, MappingId mapping, int number) {
    MemberId {
        Objects.requireNonNull(serverId, "serverId");
        Objects.requireNonNull(mapping, "mapping");
        if (number < 0) {
            throw new IllegalArgumentException("number is " + number + "; the first is 0");
        }
    }

    /** Kafka's {@code group.instance.id}, the same after a restart. */
    String instanceId() {
        return ofMapping() + number;
    }

    /** Whether {@code instanceId}, which may be null, is that of a poller of this server. */
    boolean isOfThisServer(String instanceId) {
        return instanceId != null && instanceId.startsWith(serverId + "-");
    }

    /** The number of a poller of this server and mapping; empty when {@code instanceId}, which may be null, is somebody else's. */
    OptionalInt numberOf(String instanceId) {
        if (instanceId == null || !instanceId.startsWith(ofMapping())) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(Integer.parseInt(instanceId.substring(ofMapping().length())));
        } catch (NumberFormatException another) {
            return OptionalInt.empty();
        }
    }

    private String ofMapping() {
        return serverId + "-" + mapping + "-";
    }
}
