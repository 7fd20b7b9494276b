package dev.sluice.runtime.log;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;

/** A logger for which what has no level has {@link LogLevel#UNDEFINED}. */
public interface LevelLogger extends LambdaLogger {

    @Override
    default void log(String message) {
        log(message, LogLevel.UNDEFINED);
    }

    @Override
    default void log(byte[] message) {
        log(message, LogLevel.UNDEFINED);
    }

    @Override
    void log(String message, LogLevel level);

    @Override
    void log(byte[] message, LogLevel level);
}
