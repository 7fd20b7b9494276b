package dev.sluice.runtime.handler;

import dev.sluice.invocation.Payload;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the plainest JSON there is, as Sluice writes its events: no white space, no escapes, ASCII only. Whatever is different
 * ends in {@link NotPlain}, so that somebody else reads it instead. Confined to one call.
 */
final class EventScanner {

    /** The value isn't of the plain form; says nothing about whether it is JSON. */
    static final class NotPlain extends Exception {
        private static final long serialVersionUID = 1L;
        private static final NotPlain ONLY = new NotPlain();

        private NotPlain() {
            super("not in the form that Sluice writes", null, false, false);
        }
    }

    /** A longer name is beyond what the library takes. */
    private static final int LONGEST_NAME = 1024;
    /** A number of so many digits fits into a long, whatever they are. */
    private static final int SAFE_DIGITS = 18;

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH = 0x0101_0101_0101_0101L;
    private static final long HIGHEST_BITS = EACH << 7;

    private final byte[] bytes;
    private final int end;
    private int at;

    EventScanner(Payload event) {
        this.bytes = event.bytes();
        this.end = event.length();
    }

    /** For a reader that finds something else about the event. */
    static NotPlain notPlain() {
        return NotPlain.ONLY;
    }

    /** Goes over this text, which must come next. */
    void expect(byte[] text) throws NotPlain {
        if (!skip(text)) {
            throw NotPlain.ONLY;
        }
    }

    void expect(char text) throws NotPlain {
        if (!skip(text)) {
            throw NotPlain.ONLY;
        }
    }

    /** Goes over this text if it comes next. */
    boolean skip(byte[] text) {
        int after = at + text.length;
        if (after > end || !Arrays.equals(bytes, at, after, text, 0, text.length)) {
            return false;
        }
        at = after;
        return true;
    }

    boolean skip(char text) {
        if (at >= end || bytes[at] != text) {
            return false;
        }
        at++;
        return true;
    }

    void expectEnd() throws NotPlain {
        if (at != end) {
            throw NotPlain.ONLY;
        }
    }

    /** The rest of a string whose opening quote was gone over, with its closing quote. */
    String restOfString() throws NotPlain {
        int from = at;
        int to = from;
        while (to + Long.BYTES <= end && isAllPlain((long) EIGHT.get(bytes, to))) {
            to += Long.BYTES;
        }
        while (to < end && bytes[to] != '"') {
            if (bytes[to] < ' ' || bytes[to] == '\\') {
                throw NotPlain.ONLY;
            }
            to++;
        }
        if (to >= end) {
            throw NotPlain.ONLY;
        }
        at = to + 1;
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** As {@link #restOfString}, for a member's name. */
    String restOfName() throws NotPlain {
        String name = restOfString();
        if (name.length() > LONGEST_NAME) {
            throw NotPlain.ONLY;
        }
        return name;
    }

    /** Whether none of eight bytes ends a string, begins an escape, controls or is beyond ASCII. */
    private static boolean isAllPlain(long eight) {
        long quote = eight ^ EACH * '"';
        long backslash = eight ^ EACH * '\\';
        // A byte's highest bit is set where subtracting borrows; a borrow from the byte below only makes this too careful.
        return ((eight | eight - EACH * ' ' | quote - EACH | backslash - EACH) & HIGHEST_BITS) == 0;
    }

    long number() throws NotPlain {
        boolean negative = skip('-');
        int from = at;
        long value = 0;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            value = value * 10 + bytes[at++] - '0';
        }
        int digits = at - from;
        if (digits == 0 || digits > SAFE_DIGITS || bytes[from] == '0' && (digits > 1 || negative)) {
            throw NotPlain.ONLY;
        }
        return negative ? -value : value;
    }

    int smallNumber(int lowest, int highest) throws NotPlain {
        long value = number();
        if (value < lowest || value > highest) {
            throw NotPlain.ONLY;
        }
        return (int) value;
    }

    /** The rest of an array of signed bytes whose opening bracket was gone over, with its closing bracket. */
    byte[] restOfBytes() throws NotPlain {
        int size = 0;
        for (int i = at; i < end && bytes[i] != ']'; i++) {
            size += bytes[i] == ',' ? 1 : 0;
        }
        if (skip(']')) {
            return new byte[0];
        }
        byte[] value = new byte[size + 1];
        for (int i = 0; i < value.length; i++) {
            if (i > 0) {
                expect(',');
            }
            value[i] = (byte) smallNumber(Byte.MIN_VALUE, Byte.MAX_VALUE);
        }
        expect(']');
        return value;
    }
}
