package dev.sluice.dispatch;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where event bytes are written: byte arrays that are used again, since an event can take 6 MB and garbage of that size costs more
 * than the writing. Keeps as many idle arrays as there were events in flight at once, 16 at most. Thread-safe.
 */
final class EventBuffers {

    private static final int MAX_IDLE = 16;
    private static final int SMALLEST = 64 * 1024;

    private final ConcurrentLinkedQueue<byte[]> idle = new ConcurrentLinkedQueue<>();
    private final AtomicInteger idleCount = new AtomicInteger();

    /** An array of at least {@code length} bytes, with whatever was in it before. */
    byte[] take(int length) {
        byte[] buffer = idle.poll();
        if (buffer != null) {
            idleCount.decrementAndGet();
            if (buffer.length >= length) {
                return buffer;
            }
        }
        return new byte[Math.max(SMALLEST, Integer.highestOneBit(Math.max(1, length - 1)) << 1)];
    }

    void giveBack(byte[] buffer) {
        if (idleCount.incrementAndGet() <= MAX_IDLE) {
            idle.add(buffer);
        } else {
            idleCount.decrementAndGet();
        }
    }
}
