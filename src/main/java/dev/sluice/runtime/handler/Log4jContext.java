package dev.sluice.runtime.handler;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Which request do the lines name that a handler logs by log4j? As Lambda's runtime does it for code that has log4j's appender for
 * Lambda (aws-lambda-java-log4j2, or the older one for log4j 1), the request's id is put into log4j's context of the thread, under
 * the name that AWS's layouts and users' patterns ({@code %X{AWSRequestId}}) ask for. Confined to the instance's threads, one at a
 * time.
 */
final class Log4jContext {

    private static final String KEY = "AWSRequestId";
    /** The words of Lambda's runtime. */
    private static final String NO_CONTEXT = "Customer using log4j appender but unable to load either org.apache.log4j.MDC or"
            + " org.apache.logging.log4j.ThreadContext. Customer cannot see RequestId in log4j log lines.";

    private final ClassLoader code;
    private final BooleanSupplier hasAppender;
    /** {@code put} of each log4j that is there; null as long as it wasn't looked for. */
    private List<Method> puts;

    Log4jContext(ClassLoader code, BooleanSupplier hasAppender) {
        this.code = code;
        this.hasAppender = hasAppender;
    }

    /** From now on what this thread, which prints for the handler, logs belongs to the request. */
    void begin(String requestId) {
        if (!hasAppender.getAsBoolean()) {
            return;
        }
        if (puts == null) {
            puts = new ArrayList<>();
            find("org.apache.log4j.MDC", Object.class);
            find("org.apache.logging.log4j.ThreadContext", String.class);
        }
        if (puts.isEmpty()) {
            System.err.println(NO_CONTEXT);
        }
        for (Method put : puts) {
            try {
                put.invoke(null, KEY, requestId);
            } catch (IllegalAccessException | InvocationTargetException withoutTheId) {
                // As on Lambda: the function's own log4j refuses, and its lines go without the id.
                continue;
            }
        }
    }

    private void find(String className, Class<?> valueType) {
        try {
            puts.add(Class.forName(className, true, code).getMethod("put", String.class, valueType));
        } catch (ClassNotFoundException | NoSuchMethodException notThere) {
            // The code has the other log4j, or none.
            return;
        }
    }
}
