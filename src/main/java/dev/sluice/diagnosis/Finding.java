package dev.sluice.diagnosis;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is so, as a person is told it. Immutable.
 *
 * @param sentence at most {@link #LONGEST} characters
 * @param figures what the sentence left out, each a sentence or a number with its name
 * @param command the one to go on with; null when there is nothing to do
 * @param age of what it was concluded from; null when that was asked for right now
 */
public record Finding(Cause cause, String sentence, List<String> figures, @Nullable String command, @Nullable Duration age) {

    /** Two lines of a terminal of 80 columns, less what stands before it. */
    public static final int LONGEST = 120;

    public Finding {
        Objects.requireNonNull(cause, "cause");
        if (sentence.isEmpty() || sentence.length() > LONGEST) {
            throw new IllegalArgumentException("a sentence of " + sentence.length() + " characters; allowed are 1 to " + LONGEST);
        }
        figures = List.copyOf(figures);
    }

    /** As much of a text as a sentence may have, the end shown as cut. */
    static String shortened(String text) {
        String line = text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1).stripTrailing() + "…";
    }
}
