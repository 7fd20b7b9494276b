package dev.sluice.cli.screen;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How wide is what a command prints to, and does it show colours? Immutable.
 *
 * @param columns 0 for no end: a pipe, a file, or who asked for all of it
 */
public record Screen(int columns, boolean colours) {

    public static final Screen PIPE = new Screen(0, false);

    /** How well something stands, with its colour of ANSI. */
    private static final Map<String, String> COLOURS =
            Map.of("PROBLEM:", "31", "failed", "31", "down", "31", "Disabled", "33", "partly", "33",
                    "Enabled", "32", "delivered", "32", "OK", "32", "up", "32");
    private static final String ELLIPSIS = "…";
    private static final int LEAST = 20;

    /**
     * @param columns what the launcher has found out; null where standard output is no terminal
     * @param noColor the variable of https://no-color.org
     */
    public static Screen of(String columns, String noColor) {
        if (columns == null || !columns.matches("\\d{1,4}")) {
            return PIPE;
        }
        return new Screen(Math.max(LEAST, Integer.parseInt(columns)), noColor == null || noColor.isEmpty());
    }

    public Screen asWideAsItLikes() {
        return new Screen(0, colours);
    }

    public boolean holds(int width) {
        return columns == 0 || width <= columns;
    }

    /** {@code shown} in the colour of what {@code text} says, if it has one. */
    public String coloured(String text, String shown) {
        if (!colours) {
            return shown;
        }
        return COLOURS.entrySet().stream().filter(state -> says(text, state.getKey())).findFirst()
                .map(state -> "\u001b[" + state.getValue() + "m" + shown + "\u001b[0m").orElse(shown);
    }

    /** The word alone, or with what it goes on with: a topic or a function may be called so, too, but begins no sentence. */
    private static boolean says(String text, String state) {
        return text.equals(state) || text.startsWith(state + " (") || text.startsWith(state + " on ")
                || state.endsWith(":") && text.startsWith(state + " ");
    }

    /** As many characters as fit, the last one saying that there are more. */
    public static String clipped(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + ELLIPSIS;
    }

    /** On as many lines as it takes, broken between words alone; a word that is longer than a line stays whole. */
    public List<String> wrapped(String text, int indent) {
        List<String> lines = new ArrayList<>();
        for (String paragraph : text.split("\n", -1)) {
            StringBuilder line = new StringBuilder();
            for (String word : columns == 0 ? new String[] {paragraph} : paragraph.split(" ", -1)) {
                if (line.length() > 0 && indent + line.length() + 1 + word.length() > columns) {
                    lines.add(line.toString());
                    line.setLength(0);
                }
                line.append(line.length() == 0 ? "" : " ").append(word);
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
