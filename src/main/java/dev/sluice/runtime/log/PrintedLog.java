package dev.sluice.runtime.log;

import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import dev.sluice.function.LoggingConfig;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;

/**
 * What a handler in a JVM of its own tells its logger: lines in the form of the function's log, on standard output, whatever the
 * handler has made of {@code System.out}. Thread-safe.
 */
public final class PrintedLog implements LevelLogger {

    private final LogForm form;
    private final String version;
    private final Clock clock;
    private final FileOutputStream out = standardOutput();
    private volatile LogOrigin origin;

    /** @param version of the function, {@code $LATEST} or a number */
    public PrintedLog(LoggingConfig config, String version, Clock clock) {
        this.form = LogForm.of(config);
        this.version = version;
        this.clock = clock;
        begin("-");
    }

    /** Opened once more where that can be done: many a library closes the {@code System.out} that it wrote to. */
    private static FileOutputStream standardOutput() {
        try {
            return File.separatorChar == '/' ? new FileOutputStream("/dev/stdout", true) : new FileOutputStream(FileDescriptor.out);
        } catch (FileNotFoundException e) {
            return new FileOutputStream(FileDescriptor.out);
        }
    }

    /** From now on lines belong to this request. */
    public void begin(String requestId) {
        origin = new LogOrigin(null, requestId, version);
    }

    /** What Lambda's runtime logs of an error that the function threw; several lines. */
    public void error(String text) {
        log(text, form instanceof JsonLogForm ? LogLevel.ERROR : LogLevel.UNDEFINED);
    }

    @Override
    public void log(String message, LogLevel level) {
        String event = form.event(origin, message, level, clock.instant());
        if (event != null) {
            print(event.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void log(byte[] message, LogLevel level) {
        if (form.logs(level)) {
            print(message);
        }
    }

    /** In one piece: other threads print, too. */
    private void print(byte[] event) {
        boolean ended = event.length > 0 && event[event.length - 1] == '\n';
        byte[] line = Arrays.copyOf(event, ended ? event.length : event.length + 1);
        line[line.length - 1] = '\n';
        System.out.flush();
        try {
            synchronized (this) {
                out.write(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("standard output can't be written", e);
        }
    }
}
