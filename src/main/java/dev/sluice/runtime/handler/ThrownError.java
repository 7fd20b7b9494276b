package dev.sluice.runtime.handler;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.invocation.ErrorDocument;
import dev.sluice.invocation.InvocationResult;
import java.io.IOError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * What an exception of the user's code says of itself, asked once and bounded: its methods may be the user's own and fail, its causes
 * may go in circles, its text may be of any length and no valid Unicode. Immutable.
 *
 * @param stack the frames above the handler; null where there can be none
 * @param cause null without one
 */
record ThrownError(String type, String message, List<String> stack, ThrownError cause) {

    /** The packages of what runs functions: that of this class and those beside it. */
    private static final String OURS = ThrownError.class.getPackageName().replaceFirst("[^.]+$", "");
    private static final int LONGEST_MESSAGE = 64 * 1024;
    private static final int LONGEST_FRAME = 1024;
    private static final int DEEPEST_STACK = 1024;
    private static final int CAUSES = 16;

    static ThrownError of(Throwable error) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        if (!(error instanceof RuntimeFault fault)) {
            return of(error, seen);
        }
        if (fault.getCause() == null) {
            return new ThrownError(fault.errorType(), fault.getMessage(), null, null);
        }
        ThrownError loading = of(fault.getCause(), seen);
        return new ThrownError(fault.errorType(), text(fault.getMessage(), LONGEST_MESSAGE), loading.stack(), loading.cause());
    }

    /**
     * The error as JSON: errorMessage, errorType, stackTrace and cause, as Lambda's Java runtime writes it. However the user's exception is
     * made, there is a document.
     */
    InvocationResult.FunctionError document() {
        return ErrorDocument.document(type, json -> write(json, this));
    }

    private static void write(JsonGenerator json, ThrownError error) throws IOException {
        json.writeStartObject();
        json.writeStringField("errorMessage", error.message());
        json.writeStringField("errorType", error.type());
        if (error.stack() != null) {
            json.writeArrayFieldStart("stackTrace");
            for (String frame : error.stack()) {
                json.writeString(frame);
            }
            json.writeEndArray();
        }
        if (error.cause() != null) {
            json.writeFieldName("cause");
            write(json, error.cause());
        }
        json.writeEndObject();
    }

    /** What Lambda's Java runtime logs of it, without the end of the last line. */
    String text() {
        StringBuilder text = new StringBuilder(message).append(": ").append(type).append('\n');
        for (ThrownError next = this; next != null; next = next.cause()) {
            text.append(next == this ? "" : "Caused by: ").append(next.type());
            text.append(next.message().equals(next.type()) ? "" : ": " + next.message()).append('\n');
            if (next.stack() != null) {
                next.stack().forEach(frame -> text.append("\tat ").append(frame).append('\n'));
            }
        }
        return text.toString();
    }

    /** Whether Lambda ends the environment after it. Also when it is right inside: an event that can't be read is reported as one. */
    static boolean endsEnvironment(Throwable error) {
        return isFatal(error) || error.getClass() == RuntimeException.class && isFatal(error.getCause());
    }

    /** Whether the heap was too small for it, be it deep inside. */
    static boolean isOutOfMemory(Throwable error) {
        Throwable next = error;
        for (int i = 0; next != null && i < CAUSES; i++) {
            if (next instanceof OutOfMemoryError) {
                return true;
            }
            Throwable now = next;
            next = asked(now::getCause, null);
        }
        return false;
    }

    private static boolean isFatal(Throwable error) {
        return error instanceof VirtualMachineError || error instanceof IOError;
    }

    private static ThrownError of(Throwable error, Set<Throwable> seen) {
        seen.add(error);
        Throwable cause = asked(error::getCause, null);
        return new ThrownError(error.getClass().getName(), message(error), frames(error),
                cause == null || seen.contains(cause) || seen.size() >= CAUSES ? null : of(cause, seen));
    }

    @FunctionalInterface
    private interface Question<T> {
        T ask() throws Throwable;
    }

    /** The error is reported whatever its own methods do. */
    private static <T> T asked(Question<T> question, T otherwise) {
        try {
            return question.ask();
        } catch (Throwable e) {
            return otherwise;
        }
    }

    private static String message(Throwable error) {
        String type = error.getClass().getName();
        String message;
        try {
            message = error.getLocalizedMessage();
        } catch (Throwable e) {
            return type + " (its getMessage failed with " + e.getClass().getName() + ")";
        }
        if (message == null) {
            return type;
        }
        return error instanceof UnsupportedClassVersionError newer
                ? text(message, LONGEST_MESSAGE) + " (" + NewerClass.explain("it", newer) + ")" : text(message, LONGEST_MESSAGE);
    }

    private static List<String> frames(Throwable error) {
        StackTraceElement[] stack = withoutSubstitutes(asked(error::getStackTrace, null));
        int visible = visibleFrames(stack);
        List<String> frames = new ArrayList<>(visible);
        for (int i = 0; i < visible; i++) {
            frames.add(text(stack[i].toString(), LONGEST_FRAME));
        }
        return frames;
    }

    /** Without what stands in for the JVM's calls, which isn't there on Lambda. */
    private static StackTraceElement[] withoutSubstitutes(StackTraceElement[] stack) {
        return stack == null ? new StackTraceElement[0] : Arrays.stream(stack)
                .filter(frame -> frame == null || !HandlerSystem.SUBSTITUTES.contains(frame.getClassName())
                        && !frame.getMethodName().startsWith(GuardedCalls.NAME))
                .toArray(StackTraceElement[]::new);
    }

    static int visibleFrames(StackTraceElement[] stack) {
        int end = 0;
        while (end < stack.length && end < DEEPEST_STACK && stack[end] != null && !isOurs(stack[end])) {
            end++;
        }
        boolean ours = end < stack.length && stack[end] != null && isOurs(stack[end]);
        while (ours && end > 0 && isReflection(stack[end - 1].getClassName())) {
            end--;
        }
        return end;
    }

    private static boolean isOurs(StackTraceElement frame) {
        return frame.getClassName().startsWith(OURS);
    }

    private static boolean isReflection(String className) {
        return className.startsWith("jdk.internal.reflect.") || className.startsWith("java.lang.reflect.");
    }

    /** Half a surrogate pair, which a cut can leave too, can't be written as UTF-8. */
    private static String text(String text, int longest) {
        String cut = text.length() <= longest ? text : text.substring(0, longest);
        StringBuilder valid = null;
        for (int i = 0; i < cut.length(); i++) {
            if (Character.isSurrogate(cut.charAt(i))) {
                if (Character.isHighSurrogate(cut.charAt(i)) && i + 1 < cut.length() && Character.isLowSurrogate(cut.charAt(i + 1))) {
                    i++;
                } else {
                    valid = valid == null ? new StringBuilder(cut) : valid;
                    valid.setCharAt(i, '\ufffd');
                }
            }
        }
        return valid == null ? cut : valid.toString();
    }
}
