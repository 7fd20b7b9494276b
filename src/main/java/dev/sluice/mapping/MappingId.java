package dev.sluice.mapping;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Which event source mapping is meant: the UUID that AWS calls {@code UUID}. Immutable. */
public record MappingId(UUID value) implements Comparable<MappingId> {

    public MappingId {
        Objects.requireNonNull(value, "value");
    }

    /** The id that {@code text} spells, or empty when it is no UUID in its canonical 36 characters. */
    public static Optional<MappingId> parse(String text) {
        try {
            UUID uuid = UUID.fromString(text);
            // UUID.fromString also takes "1-1-1-1-1"; AWS knows only the canonical form.
            return uuid.toString().equalsIgnoreCase(text) ? Optional.of(new MappingId(uuid)) : Optional.empty();
        } catch (IllegalArgumentException notAUuid) {
            return Optional.empty();
        }
    }

    @Override
    public int compareTo(MappingId other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
