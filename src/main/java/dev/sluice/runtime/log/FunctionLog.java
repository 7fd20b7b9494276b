package dev.sluice.runtime.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What have the functions of one name logged lately? The newest lines, as far as they fit; of functions of several accounts all.
 * Thread-safe; nothing here blocks for longer than it takes to add a line or to copy a page.
 */
public final class FunctionLog {

    /** A power of two. */
    private static final int SMALLEST = 64;

    private final long mostBytes;
    private final Watcher watcher;
    /** The line with the number n is at n modulo the length, a power of two. Guarded by this, as is what follows. */
    private LogLine[] ring = new LogLine[SMALLEST];
    /** The oldest line that is kept; {@link #next} when none is. */
    private long first = 1;
    private long next = 1;
    private long bytes;
    /** Volatile, as a glance at it without the lock decides who is cleared first. */
    private volatile long lastWritten;

    /** Hears of each line, on the thread that logs it. */
    public interface Watcher {
        /** @param grownBy how many bytes more the log takes, less than 0 when older lines made room */
        void appended(FunctionLog log, long grownBy);
    }

    public FunctionLog(long mostBytes, Watcher watcher) {
        this.mostBytes = mostBytes;
        this.watcher = watcher;
    }

    void append(LogOrigin origin, long epochMillis, String text) {
        watcher.appended(this, add(origin, epochMillis, text));
    }

    private synchronized long add(LogOrigin origin, long epochMillis, String text) {
        long before = bytes;
        LogLine line = new LogLine(next, epochMillis, origin, text);
        bytes += line.bytes();
        while (first < next && bytes > mostBytes) {
            removeFirst();
        }
        if (next - first == ring.length) {
            grow();
        }
        ring[index(next++)] = line;
        lastWritten = epochMillis;
        return bytes - before;
    }

    /** The lines of a query. One from before the server was started again, whose numbers are higher than all here, begins anew. */
    synchronized LogPage read(LogQuery query) {
        if (query.after() == null) {
            return newest(query);
        }
        long after = query.after() >= next ? 0 : query.after();
        long seq = Math.max(first, after + 1);
        List<LogLine> lines = new ArrayList<>();
        long lost = seq - after - 1;
        while (seq < next && lines.size() < query.limit()) {
            LogLine line = ring[index(seq++)];
            if (query.wants(line)) {
                lines.add(line);
            }
        }
        return new LogPage(lines, seq - 1, lost);
    }

    private LogPage newest(LogQuery query) {
        Deque<LogLine> lines = new ArrayDeque<>();
        long seq = next;
        while (seq > first && lines.size() < query.limit()) {
            LogLine line = ring[index(--seq)];
            if (query.wants(line)) {
                lines.addFirst(line);
            }
        }
        // Only when it looked for more than there is.
        long lost = lines.size() < query.limit() ? first - 1 : 0;
        return new LogPage(List.copyOf(lines), next - 1, lost);
    }

    /** Forgets all lines; how many bytes that frees. */
    synchronized long clear() {
        long freed = bytes;
        ring = new LogLine[SMALLEST];
        first = next;
        bytes = 0;
        return freed;
    }

    /** In milliseconds since 1970; 0 for never. */
    long lastWritten() {
        return lastWritten;
    }

    synchronized long bytes() {
        return bytes;
    }

    private void removeFirst() {
        int index = index(first++);
        bytes -= ring[index].bytes();
        ring[index] = null;
    }

    private void grow() {
        LogLine[] old = ring;
        LogLine[] larger = new LogLine[old.length * 2];
        for (long seq = first; seq < next; seq++) {
            larger[(int) (seq & (larger.length - 1))] = old[(int) (seq & (old.length - 1))];
        }
        ring = larger;
    }

    private int index(long seq) {
        return (int) (seq & (ring.length - 1));
    }
}
