package dev.sluice.runtime.log;

/** What is the end of one invocation's log, as its caller gets to see it? Used under its owner's lock. */
final class LogTail {

    /** API reference of Invoke, LogType: "the last 4 KB of the execution log". */
    private static final int KEPT = 4096;

    /** A ring: what was written first is overwritten first. */
    private final byte[] ring = new byte[KEPT];
    private long written;

    /** Adds a line. @param bytes the line without its end, up to {@code length} */
    void line(byte[] bytes, int length) {
        for (int i = Math.max(0, length - KEPT); i < length; i++) {
            ring[(int) (written++ % KEPT)] = bytes[i];
        }
        ring[(int) (written++ % KEPT)] = '\n';
    }

    byte[] bytes() {
        int length = (int) Math.min(written, KEPT);
        byte[] tail = new byte[length];
        int first = (int) (written % KEPT);
        if (written <= KEPT) {
            System.arraycopy(ring, 0, tail, 0, length);
        } else {
            System.arraycopy(ring, first, tail, 0, KEPT - first);
            System.arraycopy(ring, 0, tail, KEPT - first, first);
        }
        return tail;
    }
}
