package dev.sluice.invocation;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Objects;

/**
 * The bytes of one event or answer: the first {@code length} bytes of {@code bytes}, which stay the owner's. A reader must not
 * keep them after {@link InvocationListener#ended()}: the buffer is used again.
 */
public record Payload(byte[] bytes, int length) {

    /** The longest answer Lambda takes, in bytes. */
    public static final int LONGEST_ANSWER = 6_291_556;

    public Payload {
        Objects.checkFromIndexSize(0, length, bytes.length);
    }

    public static Payload of(byte[] bytes) {
        return new Payload(bytes, bytes.length);
    }

    public InputStream stream() {
        return new ByteArrayInputStream(bytes, 0, length);
    }

    @Override
    public String toString() {
        return "Payload[" + length + " bytes]";
    }
}
