package dev.sluice.poller;

/**
 * Up to which offset one partition may be committed: the lowest unfinished record received, or, when none is unfinished, the one
 * after everything received. Pure logic; confined to the thread that owns the consumer.
 *
 * <p>Offsets are received in ascending order, with gaps where a topic is compacted or transactional, and finished in any order.
 */
final class CommitTracker {

    private static final long FINISHED = 1L << 63;

    /** A ring of received offsets from the lowest unfinished one on; the top bit marks a finished one. */
    private long[] ring = new long[1024];
    private int head;
    private int size;

    /** Notes a record as received and unfinished; {@code offset} is higher than all before. */
    void received(long offset) {
        if (size == ring.length) {
            grow();
        }
        ring[head + size & ring.length - 1] = offset;
        size++;
    }

    /** Notes a record as received and finished at once; {@code offset} is higher than all before. */
    void receivedFinished(long offset) {
        if (size == 0) {
            return; // nothing waits, and the next offset says it all
        }
        int last = head + size - 1 & ring.length - 1;
        if (ring[last] < 0) {
            // One stands for a run of them: a filter may let nothing through for millions of records while a batch is tried again.
            ring[last] = offset | FINISHED;
        } else {
            received(offset | FINISHED);
        }
    }

    /** How many offsets it remembers. */
    int size() {
        return size;
    }

    /** Notes every received record from {@code first} to {@code last}, both included, as finished. */
    void finished(long first, long last) {
        for (int i = indexOf(first); i < size; i++) {
            int at = head + i & ring.length - 1;
            if ((ring[at] & ~FINISHED) > last) {
                break;
            }
            ring[at] |= FINISHED;
        }
        while (size > 0 && ring[head] < 0) {
            head = head + 1 & ring.length - 1;
            size--;
        }
    }

    /**
     * The offset to commit: the next one this group has to read again after a crash.
     *
     * @param next the offset after everything received
     */
    long committable(long next) {
        return size == 0 ? next : ring[head];
    }

    /** Forgets everything received: the consumer goes back to {@link #committable}. */
    void clear() {
        head = 0;
        size = 0;
    }

    /** The index in the ring of the first offset that is at least {@code offset}. */
    private int indexOf(long offset) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = low + high >>> 1;
            if ((ring[head + middle & ring.length - 1] & ~FINISHED) < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void grow() {
        long[] larger = new long[ring.length * 2];
        for (int i = 0; i < size; i++) {
            larger[i] = ring[head + i & ring.length - 1];
        }
        ring = larger;
        head = 0;
    }
}
