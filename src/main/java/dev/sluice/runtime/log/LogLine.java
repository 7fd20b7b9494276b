package dev.sluice.runtime.log;

import java.util.Objects;

/**
 * What was logged, when and by which invocation? Immutable.
 *
 * @param seq its place in the function's log, which begins with 1 and has no gap
 * @param epochMillis when it was logged
 * @param text without the end of its line
 */
public record LogLine(long seq, long epochMillis, LogOrigin origin, String text) {

    /** What a line takes beside its text, roughly. */
    private static final int OVERHEAD = 100;

    public LogLine {
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(text, "text");
    }

    /** The memory it takes, roughly. */
    int bytes() {
        return OVERHEAD + text.length();
    }
}
