package dev.sluice.runtime.log;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What does one handler instance print, and for which request? Whole lines go on, into the request's log, and with the function's
 * name and the request id in front to where the server shows them. Thread-safe: a handler may have threads of its own.
 */
public final class FunctionOutput implements LevelLogger {

    /** A line longer than this is passed on in pieces. */
    private static final int LONGEST_LINE = 64 * 1024;

    private final String function;
    private final PrintStream sink;
    /** Guarded by this, as is what follows. */
    private byte[] prefix;
    /** Of the request that runs, or ran last; null before the first. */
    private InvocationLog log;
    private byte[] line = new byte[512];
    private int length;
    private volatile AtomicReference<Thread.UncaughtExceptionHandler> uncaught = new AtomicReference<>();

    public FunctionOutput(String function, PrintStream sink) {
        this.function = function;
        this.sink = sink;
        this.prefix = prefix("-");
    }

    /** What its code has set as the default handler of what its threads throw is in here; null for none. */
    public void uncaughtTo(AtomicReference<Thread.UncaughtExceptionHandler> handler) {
        uncaught = handler;
    }

    public Thread.UncaughtExceptionHandler uncaught() {
        return uncaught.get();
    }

    /** From now on lines belong to this request. @param requestLog takes them, too */
    public synchronized void begin(String requestId, InvocationLog requestLog) {
        endLine();
        prefix = prefix(requestId);
        log = requestLog;
    }

    /** The request is over; what threads of the handler print before the next one is still shown as its output. */
    public synchronized void end() {
        endLine();
    }

    private void endLine() {
        if (length > 0) {
            passOn();
        }
    }

    public synchronized void write(byte[] bytes, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            if (bytes[i] == '\n') {
                passOn();
            } else {
                if (length == line.length) {
                    line = java.util.Arrays.copyOf(line, length * 2);
                }
                line[length++] = bytes[i];
                if (length >= LONGEST_LINE) {
                    passOn();
                }
            }
        }
    }

    /** In the form of the function's log, when it takes the level. */
    @Override
    public synchronized void log(String message, LogLevel level) {
        String event = log == null ? String.valueOf(message) : log.event(message, level);
        if (event != null) {
            event(event.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** As it is, as Lambda's runtime does it; only the level counts. */
    @Override
    public synchronized void log(byte[] message, LogLevel level) {
        if (log == null || log.logs(level)) {
            event(message);
        }
    }

    /** One event of the log: it ends its line. */
    private void event(byte[] message) {
        endLine();
        write(message, 0, message.length);
        endLine();
    }

    private void passOn() {
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        byte[] whole = new byte[prefix.length + end + 1];
        System.arraycopy(prefix, 0, whole, 0, prefix.length);
        System.arraycopy(line, 0, whole, prefix.length, end);
        whole[whole.length - 1] = '\n';
        if (log != null) {
            log.line(line, end);
        }
        length = 0;
        sink.write(whole, 0, whole.length);
        sink.flush();
    }

    private byte[] prefix(String requestId) {
        return ("[" + function + " " + requestId + "] ").getBytes(StandardCharsets.UTF_8);
    }
}
