package dev.sluice.destination;

/**
 * How many bytes a message without headers and compression takes in a topic, as {@code max.message.bytes} counts them: those of
 * a record batch with nothing else in it (Kafka's message format, version 2).
 */
final class MessageSize {

    private static final int BATCH_OVERHEAD = 61;
    /** Attributes, and the deltas of time and offset and the number of headers, which are zero. */
    private static final int FIXED = 4;

    private MessageSize() {
    }

    /** @param key may be null */
    static long of(byte[] key, byte[] value) {
        // The length of a key that isn't there is -1, which takes one byte.
        int keyBytes = key == null ? 1 : lengthBytes(key.length) + key.length;
        long rest = FIXED + keyBytes + lengthBytes(value.length) + (long) value.length;
        return BATCH_OVERHEAD + lengthBytes(rest) + rest;
    }

    /** Seven bits to a byte, of a number that is doubled to make room for a sign. */
    private static int lengthBytes(long length) {
        int bytes = 1;
        for (long left = length * 2 >>> 7; left > 0; left >>>= 7) {
            bytes++;
        }
        return bytes;
    }
}
