package dev.sluice.resource;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Which of the valid names did somebody mean who wrote another? */
public final class NearestName {

    private NearestName() {
    }

    /** The candidate closest to {@code written}, when one is close enough to be meant. */
    public static Optional<String> of(String written, Collection<String> candidates) {
        String word = plain(written);
        int allowed = Math.max(2, word.length() / 3);
        String nearest = null;
        int best = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            int distance = distance(word, plain(candidate));
            if (distance < best) {
                best = distance;
                nearest = candidate;
            }
        }
        return best <= allowed ? Optional.ofNullable(nearest) : Optional.empty();
    }

    /** The text that follows "unknown key": the name that was meant, or all there are. */
    public static String suggestion(String written, Collection<String> candidates) {
        return of(written, candidates)
                .map(near -> "did you mean '" + near + "'?")
                .orElseGet(() -> candidates.isEmpty() ? "none is allowed here" : "allowed are " + String.join(", ", candidates));
    }

    /** {@code batch_size}, {@code BatchSize} and {@code batchSize} are the same word. */
    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
    }

    /**
     * The edits, of which two letters that have changed places are one, that turn {@code word} into {@code candidate}, or into a beginning of it plus one: who leaves the end off
     * ({@code timeout} for {@code timeoutSeconds}) is close, however long the end.
     */
    private static int distance(String word, String candidate) {
        int[] beforeLast = null;
        int[] last = new int[candidate.length() + 1];
        Arrays.setAll(last, j -> j);
        for (int i = 1; i <= word.length(); i++) {
            int[] row = new int[last.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = last[j - 1] + (word.charAt(i - 1) == candidate.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
                boolean swapped = i > 1 && j > 1 && word.charAt(i - 1) == candidate.charAt(j - 2)
                        && word.charAt(i - 2) == candidate.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        int[] row = last;
        int whole = row[candidate.length()];
        int beginning = Integer.MAX_VALUE;
        for (int j = Math.min(3, candidate.length()); j < row.length; j++) {
            beginning = Math.min(beginning, row[j] + 1);
        }
        return Math.min(whole, beginning);
    }
}
