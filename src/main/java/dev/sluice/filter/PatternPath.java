package dev.sluice.filter;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Where in a filter pattern something is, and how that is said to people. */
record PatternPath(String text) {

    static final PatternPath TOP = new PatternPath("");

    private static final int LONGEST_QUOTE = 40;

    PatternPath member(String name) {
        return new PatternPath(text.isEmpty() ? name : text + "." + name);
    }

    PatternPath element(int index) {
        return new PatternPath(text + "[" + index + "]");
    }

    InvalidFilterPatternException problem(String what) {
        return new InvalidFilterPatternException((text.isEmpty() ? "In the pattern: " : "At " + text + ": ") + what + ".");
    }

    /** What the parser is at: {@code the string "PAID"}. */
    static String describe(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            return "empty";
        }
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "the string \"" + shortened(parser.getText()) + '"';
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "the number " + shortened(parser.getText());
            default -> parser.getText();
        };
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…";
    }
}
