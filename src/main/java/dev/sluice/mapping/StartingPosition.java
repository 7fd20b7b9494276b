package dev.sluice.mapping;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where reading begins in the partitions that exist when a mapping is created. Immutable; {@code timestamp} only with AT_TIMESTAMP. */
public record StartingPosition(Type type, @Nullable Instant timestamp) {

    /** AWS's {@code EventSourcePosition}. */
    public enum Type { TRIM_HORIZON, LATEST, AT_TIMESTAMP }

    public static final StartingPosition TRIM_HORIZON = new StartingPosition(Type.TRIM_HORIZON, null);
    public static final StartingPosition LATEST = new StartingPosition(Type.LATEST, null);

    public StartingPosition {
        Objects.requireNonNull(type, "type");
        if ((type == Type.AT_TIMESTAMP) != (timestamp != null)) {
            throw new IllegalArgumentException("StartingPositionTimestamp goes with AT_TIMESTAMP and with nothing else");
        }
    }

    public static StartingPosition atTimestamp(@Nullable Instant timestamp) {
        return new StartingPosition(Type.AT_TIMESTAMP, timestamp);
    }
}
