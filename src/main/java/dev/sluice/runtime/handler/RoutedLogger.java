package dev.sluice.runtime.handler;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import dev.sluice.runtime.log.FunctionOutput;
import dev.sluice.runtime.log.LevelLogger;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;

/**
 * Whose logger is {@code LambdaRuntime.getLogger()}, which log4j2's appender for Lambda uses? That of the instance whose thread asks,
 * with the form and level of its log. Thread-safe.
 */
final class RoutedLogger implements LevelLogger {

    /** Puts a logger in the place where Lambda's runtime puts its own; the field has no other access. */
    static void install(LambdaLogger own) {
        try {
            Field place = LambdaRuntime.class.getDeclaredField("logger");
            place.setAccessible(true);
            place.set(null, own);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this aws-lambda-java-core has no place for a logger", e);
        }
    }

    @Override
    public void log(String message, LogLevel level) {
        FunctionOutput output = OutputRouting.current();
        if (output == null) {
            System.out.println(message);
        } else {
            output.log(message, level);
        }
    }

    @Override
    public void log(byte[] message, LogLevel level) {
        FunctionOutput output = OutputRouting.current();
        if (output == null) {
            System.out.println(new String(message, StandardCharsets.UTF_8));
        } else {
            output.log(message, level);
        }
    }
}
