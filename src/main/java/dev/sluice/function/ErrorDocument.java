package dev.sluice.function;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** What a function's error looks like as JSON: errorMessage, errorType, stackTrace and cause, as Lambda's Java runtime writes it. */
final class ErrorDocument {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String OURS = "dev.sluice.function.";
    private static final int LONGEST_MESSAGE = 64 * 1024;
    private static final int DEEPEST_STACK = 1024;
    private static final int CAUSES = 16;

    private ErrorDocument() {
    }

    /** The document of an exception; the frames below the handler, which are Sluice's, are left out. */
    static InvocationResult.FunctionError of(Throwable error) {
        if (error instanceof RuntimeFault fault) {
            return of(fault.errorType(), fault.getMessage());
        }
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (JsonGenerator json = JSON.createGenerator(out)) {
                write(json, error, Collections.newSetFromMap(new IdentityHashMap<>()));
            }
            return new InvocationResult.FunctionError(error.getClass().getName(), out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
    }

    /** A document without a stack. */
    static InvocationResult.FunctionError of(String errorType, String errorMessage) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (JsonGenerator json = JSON.createGenerator(out)) {
                json.writeStartObject();
                json.writeStringField("errorMessage", errorMessage);
                json.writeStringField("errorType", errorType);
                json.writeEndObject();
            }
            return new InvocationResult.FunctionError(errorType, out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
    }

    /** What Lambda's Java runtime logs of an exception, without the end of the last line. */
    static String text(Throwable error) {
        StringBuilder text = new StringBuilder(message(error)).append(": ").append(error.getClass().getName()).append('\n');
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable next = error; next != null && seen.size() < CAUSES && seen.add(next); next = next.getCause()) {
            text.append(next == error ? "" : "Caused by: ").append(next.getClass().getName());
            text.append(next.getLocalizedMessage() == null ? "" : ": " + message(next)).append('\n');
            StackTraceElement[] stack = next.getStackTrace();
            for (int i = 0, visible = visibleFrames(stack); i < visible; i++) {
                text.append("\tat ").append(stack[i]).append('\n');
            }
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Throwable error, Set<Throwable> seen) throws IOException {
        seen.add(error);
        json.writeStartObject();
        json.writeStringField("errorMessage", message(error));
        json.writeStringField("errorType", error.getClass().getName());
        StackTraceElement[] stack = error.getStackTrace();
        int visible = visibleFrames(stack);
        json.writeArrayFieldStart("stackTrace");
        for (int i = 0; i < visible; i++) {
            json.writeString(stack[i].toString());
        }
        json.writeEndArray();
        Throwable cause = error.getCause();
        if (cause != null && !seen.contains(cause) && seen.size() < CAUSES) {
            json.writeFieldName("cause");
            write(json, cause, seen);
        }
        json.writeEndObject();
    }

    /** The user's own getMessage may fail; the error must be reported all the same. */
    private static String message(Throwable error) {
        String message;
        try {
            message = error.getLocalizedMessage();
        } catch (RuntimeException e) {
            message = error.getClass().getName() + " (its getMessage failed with " + e.getClass().getName() + ")";
        }
        if (message == null) {
            return error.getClass().getName();
        }
        return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE);
    }

    static int visibleFrames(StackTraceElement[] stack) {
        int end = 0;
        while (end < stack.length && end < DEEPEST_STACK && !stack[end].getClassName().startsWith(OURS)) {
            end++;
        }
        boolean ours = end < stack.length && stack[end].getClassName().startsWith(OURS);
        while (ours && end > 0 && isReflection(stack[end - 1].getClassName())) {
            end--;
        }
        return end;
    }

    private static boolean isReflection(String className) {
        return className.startsWith("jdk.internal.reflect.") || className.startsWith("java.lang.reflect.");
    }
}
