package dev.sluice.telemetry;

import java.util.Arrays;
import java.util.Objects;

/**
 * The beginning of an event or an answer. The array is not changed by anybody.
 *
 * @param bytes all of it, or its first {@link #MOST_BYTES}
 * @param length how long it was
 */
public record Body(byte[] bytes, int length) {

    /** How much of one is kept. */
    public static final int MOST_BYTES = 256 * 1024;

    public Body {
        Objects.requireNonNull(bytes, "bytes");
        if (length < bytes.length) {
            throw new IllegalArgumentException(bytes.length + " bytes of " + length);
        }
    }

    /** A copy of the first {@code length} bytes, as far as they are kept; null when there is none. */
    static Body copy(byte[] source, int length) {
        return source == null ? null : new Body(Arrays.copyOf(source, Math.min(length, MOST_BYTES)), length);
    }

    static Body copy(byte[] source) {
        return source == null ? null : copy(source, source.length);
    }

    public boolean truncated() {
        return bytes.length < length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Body body && length == body.length && Arrays.equals(bytes, body.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * length + Arrays.hashCode(bytes);
    }

    /** Leaves the bytes out: they are the user's. */
    @Override
    public String toString() {
        return "Body[" + bytes.length + " of " + length + " bytes]";
    }
}
