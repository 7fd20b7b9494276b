package dev.sluice.dispatch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** How the few kinds of JSON values in an event are measured and written into a byte array. Stateless, thread-safe. */
final class JsonBytes {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final byte[] BASE64 =
            ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    /** Twelve bits to their two base64 characters, the first in the low byte: two lookups encode three bytes. */
    private static final short[] BASE64_PAIRS = new short[4096];

    private static final Base64.Encoder VECTOR = Base64.getEncoder();
    private static final int SHORTEST_VECTOR = 48;
    private static final int LONGEST_VECTOR = 18 * 1024;
    private static final ThreadLocal<byte[]> SCRATCH = ThreadLocal.withInitial(() -> new byte[base64Length(LONGEST_VECTOR)]);

    static {
        for (int i = 0; i < 4096; i++) {
            BASE64_PAIRS[i] = (short) (BASE64[i >> 6] & 0xff | BASE64[i & 63] << 8);
        }
    }

    private JsonBytes() {
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static int put(byte[] fragment, byte[] buffer, int at) {
        System.arraycopy(fragment, 0, buffer, at, fragment.length);
        return at + fragment.length;
    }

    @SuppressWarnings("deprecation") // getBytes(int, int, byte[], int) is the one way to copy ASCII without an array in between
    static int putAscii(String text, byte[] buffer, int at) {
        text.getBytes(0, text.length(), buffer, at);
        return at + text.length();
    }

    static int digits(long number) {
        if (number < 0) {
            return number == Long.MIN_VALUE ? 20 : 1 + digits(-number);
        }
        // By multiplication: this runs several times a record, and a division costs ten times as much.
        long bound = 10;
        for (int digits = 1; digits < 19; digits++) {
            if (number < bound) {
                return digits;
            }
            bound *= 10;
        }
        return 19;
    }

    static int putNumber(long number, byte[] buffer, int at) {
        if (number == Long.MIN_VALUE) {
            return putAscii("-9223372036854775808", buffer, at);
        }
        int end = at + digits(number);
        long rest = number;
        if (rest < 0) {
            buffer[at] = '-';
            rest = -rest;
        }
        int i = end;
        do {
            buffer[--i] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        return end;
    }

    static int base64Length(int bytes) {
        return (bytes + 2) / 3 * 4;
    }

    /** Standard alphabet with padding. */
    static int putBase64(byte[] source, byte[] buffer, int from) {
        if (source.length < SHORTEST_VECTOR || source.length > LONGEST_VECTOR) {
            return putBase64InPlace(source, buffer, from);
        }
        // The JDK's encoder uses vector instructions, but has no form that takes an offset: even with the copy it is four times as
        // fast as the loop below.
        byte[] scratch = SCRATCH.get();
        int length = VECTOR.encode(source, scratch);
        System.arraycopy(scratch, 0, buffer, from, length);
        return from + length;
    }

    private static int putBase64InPlace(byte[] source, byte[] buffer, int from) {
        int at = from;
        int whole = source.length / 3 * 3;
        for (int i = 0; i < whole; i += 3) {
            int bits = (source[i] & 0xff) << 16 | (source[i + 1] & 0xff) << 8 | source[i + 2] & 0xff;
            INT.set(buffer, at, BASE64_PAIRS[bits >> 12] & 0xffff | BASE64_PAIRS[bits & 0xfff] << 16);
            at += 4;
        }
        int left = source.length - whole;
        if (left > 0) {
            int bits = (source[whole] & 0xff) << 10 | (left == 2 ? (source[whole + 1] & 0xff) << 2 : 0);
            buffer[at++] = BASE64[bits >> 12];
            buffer[at++] = BASE64[bits >> 6 & 63];
            buffer[at++] = left == 2 ? BASE64[bits & 63] : (byte) '=';
            buffer[at++] = '=';
        }
        return at;
    }

    static int signedBytesLength(byte[] bytes) {
        if (bytes == null || bytes.length == 0) {
            return 2;
        }
        int length = 1 + bytes.length;
        for (byte b : bytes) {
            length += digits(b);
        }
        return length;
    }

    static int putSignedBytes(byte[] bytes, byte[] buffer, int from) {
        int at = from;
        buffer[at++] = '[';
        for (int i = 0; bytes != null && i < bytes.length; i++) {
            if (i > 0) {
                buffer[at++] = ',';
            }
            at = putNumber(bytes[i], buffer, at);
        }
        buffer[at++] = ']';
        return at;
    }

    /** The UTF-8 bytes of {@link #quoted}, counted without building it. */
    static int quotedLength(String text) {
        int length = 2;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t') {
                length += 2;
            } else if (c < 0x20 || Character.isSurrogate(c)) {
                length += 6;
            } else {
                length += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            }
        }
        return length;
    }

    /** A JSON string; surrogates are escaped, so that half a pair in a header name can't break the UTF-8. */
    static String quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < 0x20 || Character.isSurrogate(c)) {
                        json.append("\\u").append(HEX[c >> 12]).append(HEX[c >> 8 & 15]).append(HEX[c >> 4 & 15]).append(HEX[c & 15]);
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        return json.append('"').toString();
    }
}
