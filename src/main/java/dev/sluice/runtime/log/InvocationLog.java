package dev.sluice.runtime.log;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import dev.sluice.function.Time;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.resource.FunctionArn;
import java.nio.charset.StandardCharsets;

/**
 * What does one invocation log? START, the function's output, END, REPORT: into the function's log, and what is its end, for a
 * caller that asked for it. Thread-safe: a handler's own threads may print, and the watchdog may end it.
 */
public final class InvocationLog {

    private static final long MEGABYTE = 1024L * 1024;

    private final FunctionLog log;
    private final LogOrigin origin;
    private final LogForm form;
    private final int memoryMb;
    private final Time time;
    /** Null when nobody asked for it. Guarded by this, as is what follows. */
    private final LogTail tail;
    private long startedAt;
    private long initialisation;
    /** In bytes; negative while nobody has said anything. */
    private static final long UNKNOWN = -1;

    private long memoryUsed = UNKNOWN;
    private boolean inThisJvm;
    /** Why the code runs in a process although nobody said so; null where it doesn't, or somebody did. */
    private String placedFor;
    private boolean ended;

    /** Where its lines go and in which form. @param tail takes the end of it; null when nobody asked */
    record Target(FunctionLog log, LogForm form, LogTail tail) {
    }

    /** Begins it. @param function as the caller names it */
    public InvocationLog(LogOrigin origin, FunctionArn function, int memoryMb, Target target, Time time) {
        this.log = target.log();
        this.origin = origin;
        this.form = target.form();
        this.memoryMb = memoryMb;
        this.time = time;
        this.tail = target.tail();
        this.startedAt = time.nanos().getAsLong();
        form.start(origin, function, time.clock().instant()).forEach(this::line);
    }

    /** The function's code is initialised; its own time begins now. */
    public synchronized void initialised() {
        long now = time.nanos().getAsLong();
        initialisation = now - startedAt;
        startedAt = now;
    }

    /**
     * The environment is in this JVM, and has no memory of its own: what all of the JVM uses is told, as far as it could be the function's.
     */
    public synchronized void runsInThisJvm() {
        inThisJvm = true;
    }

    /** The most memory that the environment has used so far, in bytes, 0 for one that didn't get far; of one in this JVM nobody knows. */
    public synchronized void memoryUsed(long bytes) {
        memoryUsed = bytes;
    }

    /** The code runs in a process for this reason; null for none. */
    public synchronized void placedFor(String because) {
        placedFor = because;
    }

    /** A line of the function, without its end. What is printed after the log's end is in the function's log only. */
    void line(byte[] bytes, int length) {
        toTail(bytes, length);
        log.append(origin, time.clock().millis(), new String(bytes, 0, length, StandardCharsets.UTF_8));
    }

    /** What Lambda's runtime logs of an error that the function threw; several lines. */
    public void error(String text) {
        String event = form.event(origin, text, form instanceof JsonLogForm ? LogLevel.ERROR : LogLevel.UNDEFINED, time.clock().instant());
        if (event != null) {
            line(event);
        }
    }

    /** What the function tells its logger, in the form of its log; null when the log doesn't take that level. */
    String event(String text, LogLevel level) {
        return form.event(origin, text, level, time.clock().instant());
    }

    /** Whether the log takes what has this level. */
    boolean logs(LogLevel level) {
        return form.logs(level);
    }

    /** Ends the log; what is printed from now on is no part of it. The answer is its last 4 KB, empty when nobody asked for them. */
    public byte[] end(InvocationResult result) {
        LogForm.Report report;
        synchronized (this) {
            report = new LogForm.Report(time.nanos().getAsLong() - startedAt, initialisation, memoryMb,
                    result instanceof InvocationResult.NotValid || result instanceof InvocationResult.CouldNotInvoke ? 0 : usedMb(),
                    placedFor);
        }
        form.end(origin, result, report, time.clock().instant()).forEach(this::line);
        synchronized (this) {
            ended = true;
            return tail == null ? new byte[0] : tail.bytes();
        }
    }

    /** One text, of one line or several. */
    private void line(String text) {
        if (tail != null) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            toTail(bytes, bytes.length);
        }
        long now = time.clock().millis();
        if (text.indexOf('\n') < 0) {
            log.append(origin, now, text);
            return;
        }
        for (String line : text.split("\n")) {
            log.append(origin, now, line);
        }
    }

    private synchronized void toTail(byte[] bytes, int length) {
        if (tail != null && !ended) {
            tail.line(bytes, length);
        }
    }

    private long usedMb() {
        if (memoryUsed >= 0) {
            return (memoryUsed + MEGABYTE - 1) / MEGABYTE;
        }
        if (!inThisJvm) {
            return LogForm.Report.UNKNOWN;
        }
        Runtime jvm = Runtime.getRuntime();
        return Math.max(1, Math.min(memoryMb, (jvm.totalMemory() - jvm.freeMemory()) / MEGABYTE));
    }
}
