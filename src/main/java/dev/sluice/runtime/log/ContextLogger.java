package dev.sluice.runtime.log;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogFormat;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import dev.sluice.function.LoggingConfig;

/**
 * What does a handler get as its context's logger? One that logs as it is told, and that serializers find to have the members of the
 * logger of Lambda's runtime. Thread-safe.
 */
public final class ContextLogger implements LambdaLogger {

    private final LogFormat logFormat;
    private final Filtering logFiltering;
    private final Formatter logFormatter = new Formatter();
    private final transient LambdaLogger log;

    private record Filtering(LogLevel minimumLogLevel) {
    }

    private record Formatter() {
    }

    public ContextLogger(LambdaLogger log, LoggingConfig config) {
        this.logFormat = config.isJson() ? LogFormat.JSON : LogFormat.TEXT;
        this.logFiltering = new Filtering(config.minimum());
        this.log = log;
    }

    public LogFormat getLogFormat() {
        return logFormat;
    }

    @Override
    public void log(String message) {
        log.log(message);
    }

    @Override
    public void log(byte[] message) {
        log.log(message);
    }

    @Override
    public void log(String message, LogLevel level) {
        log.log(message, level);
    }

    @Override
    public void log(byte[] message, LogLevel level) {
        log.log(message, level);
    }
}
