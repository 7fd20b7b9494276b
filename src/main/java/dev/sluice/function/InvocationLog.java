package dev.sluice.function;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * The end of what one invocation logs, in the form of Lambda's log: START, the function's output, END, REPORT. Made only when
 * somebody asks for it. Thread-safe: a handler's own threads may print, and the watchdog may end it.
 */
final class InvocationLog {

    /** API reference of Invoke, LogType: "the last 4 KB of the execution log". */
    private static final int KEPT = 4096;
    private static final long MEGABYTE = 1024L * 1024;

    private final String requestId;
    private final int memoryMb;
    private final Time time;
    /** A ring: what was written first is overwritten first. Guarded by this, as is what follows. */
    private final byte[] ring = new byte[KEPT];
    private long written;
    private long startedAt;
    private long initialisation;
    private boolean ended;

    /** What time it is. @param nanos of no particular moment, as {@link System#nanoTime} */
    record Time(Clock clock, LongSupplier nanos) {
    }

    InvocationLog(String requestId, FunctionVersion version, Time time) {
        this.requestId = requestId;
        this.memoryMb = version.settings().memoryMb();
        this.time = time;
        this.startedAt = time.nanos().getAsLong();
        line("START RequestId: " + requestId + " Version: " + version.version());
    }

    /** The function's code is initialised; its own time begins now. */
    synchronized void initialised() {
        long now = time.nanos().getAsLong();
        initialisation = now - startedAt;
        startedAt = now;
    }

    /** A line of the function, without its end. */
    synchronized void line(byte[] bytes, int length) {
        if (!ended) {
            write(bytes, length);
            write(new byte[] {'\n'}, 1);
        }
    }

    /** What Lambda's runtime logs of an error; several lines. */
    void line(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        line(bytes, bytes.length);
    }

    /** Ends the log; what is printed from now on is no part of it. The answer is its last 4 KB. */
    synchronized byte[] end(InvocationResult result) {
        long nanos = time.nanos().getAsLong() - startedAt;
        if (result instanceof InvocationResult.TimedOut timedOut) {
            // The blank line is Lambda's (azul#5622).
            line(time.clock().instant().truncatedTo(ChronoUnit.MILLIS) + " " + requestId + " Task timed out after "
                    + seconds(timedOut.timeout()) + " seconds\n");
        } else if (result instanceof InvocationResult.NotValid notValid) {
            line(notValid.reason());
        }
        line("END RequestId: " + requestId);
        line("REPORT RequestId: " + requestId + "\tDuration: " + millis(nanos) + " ms\tBilled Duration: "
                + billed(nanos + initialisation) + " ms\tMemory Size: " + memoryMb + " MB\tMax Memory Used: " + usedMb() + " MB\t"
                + (initialisation == 0 ? "" : "Init Duration: " + millis(initialisation) + " ms\t"));
        ended = true;
        return tail();
    }

    private byte[] tail() {
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

    private void write(byte[] bytes, int length) {
        for (int i = Math.max(0, length - KEPT); i < length; i++) {
            ring[(int) (written++ % KEPT)] = bytes[i];
        }
    }

    /** No function has a memory of its own here: what all of this JVM uses, as far as the function could have used it. */
    private long usedMb() {
        Runtime jvm = Runtime.getRuntime();
        return Math.max(1, Math.min(memoryMb, (jvm.totalMemory() - jvm.freeMemory()) / MEGABYTE));
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.2f", nanos / 1e6);
    }

    private static long billed(long nanos) {
        return (nanos + 999_999) / 1_000_000;
    }

    private static String seconds(Duration timeout) {
        return String.format(Locale.ROOT, "%.2f", timeout.toMillis() / 1000.0);
    }
}
