package dev.sluice.filter;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import software.amazon.event.ruler.Patterns;
import software.amazon.event.ruler.Range;

/** What the array at a leaf of a filter pattern asks for. Confined to one call of {@link PatternReader#read}. */
final class ScalarRuleReader {

    private static final String OPERATORS =
            "allowed are equals-ignore-case, anything-but, numeric, exists, prefix and suffix";

    /** The bounds of event-ruler's open ranges; made by its own names for them, such a range may be empty, and then its matcher fails. */
    private static final String LOWEST = Double.toString(-Double.MAX_VALUE);
    private static final String HIGHEST = Double.toString(Double.MAX_VALUE);

    private final JsonParser parser;

    ScalarRuleReader(JsonParser parser) {
        this.parser = parser;
    }

    /** What has been read of one array. */
    private static final class Asked {
        private final Set<String> exact = new HashSet<>();
        private final List<Patterns> texts = new ArrayList<>();
        private final List<Patterns> numbers = new ArrayList<>();
        private ScalarRule.Existence existence = ScalarRule.Existence.NOT_ASKED;
    }

    /** The parser is at the start of the array. */
    ScalarRule read(PatternPath path) throws IOException, InvalidFilterPatternException {
        Asked asked = new Asked();
        int elements = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            elements++;
            switch (token) {
                case START_OBJECT -> readOperator(path, asked);
                case START_ARRAY -> throw path.problem("an array is in the array; allowed are a string, a number, true, false, null "
                        + "or an operator, such as {\"prefix\": \"a\"}");
                default -> asked.exact.add(scalar());
            }
        }
        if (elements == 0) {
            throw path.problem("the array is empty; it must have what is looked for (null for null, \"\" for an empty string)");
        }
        return new ScalarRule(asked.exact, asked.existence, asked.texts, asked.numbers);
    }

    private String scalar() throws IOException {
        return parser.currentToken() == JsonToken.VALUE_STRING ? FoundValues.quoted(parser.getText()) : parser.getText();
    }

    private void readOperator(PatternPath path, Asked asked) throws IOException, InvalidFilterPatternException {
        if (parser.nextToken() != JsonToken.FIELD_NAME) {
            throw path.problem("{} has no operator; " + OPERATORS);
        }
        String operator = parser.currentName();
        parser.nextToken();
        switch (operator) {
            case "prefix" -> asked.texts.add(Patterns.prefixMatch('"' + string(path, operator)));
            case "suffix" -> asked.texts.add(Patterns.suffixMatch(string(path, operator) + '"'));
            case "equals-ignore-case" -> asked.texts.add(Patterns.equalsIgnoreCaseMatch(FoundValues.quoted(string(path, operator))));
            case "exists" -> asked.existence = asked.existence.and(exists(path));
            case "anything-but" -> asked.texts.add(Patterns.anythingButMatch(anythingBut(path)));
            case "numeric" -> asked.numbers.add(numeric(path));
            case "wildcard", "cidr", "exactly" ->
                throw path.problem("\"" + operator + "\" is an operator of EventBridge, not of Lambda; " + OPERATORS);
            default -> throw path.problem("\"" + operator + "\" is no operator; " + OPERATORS);
        }
        if (parser.nextToken() != JsonToken.END_OBJECT) {
            throw path.problem("\"" + operator + "\" and \"" + parser.currentName()
                    + "\" are in one object; each operator must have its own");
        }
    }

    private String string(PatternPath path, String operator) throws IOException, InvalidFilterPatternException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw path.problem("\"" + operator + "\" is " + PatternPath.describe(parser) + "; Lambda allows a string");
        }
        return parser.getText();
    }

    private boolean exists(PatternPath path) throws IOException, InvalidFilterPatternException {
        if (!parser.currentToken().isBoolean()) {
            throw path.problem("\"exists\" is " + PatternPath.describe(parser) + "; allowed are true and false");
        }
        return parser.currentToken() == JsonToken.VALUE_TRUE;
    }

    private Set<String> anythingBut(PatternPath path) throws IOException, InvalidFilterPatternException {
        String allowed = "; Lambda allows a string, a number, or an array of only strings or only numbers";
        Set<String> values = new HashSet<>();
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            if (!isStringOrNumber()) {
                throw path.problem("\"anything-but\" is " + PatternPath.describe(parser) + allowed);
            }
            values.add(scalar());
            return values;
        }
        boolean strings = false;
        boolean numbers = false;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (!isStringOrNumber()) {
                throw path.problem("\"anything-but\" has " + PatternPath.describe(parser) + " in its array" + allowed);
            }
            strings |= parser.currentToken() == JsonToken.VALUE_STRING;
            numbers |= parser.currentToken().isNumeric();
            values.add(scalar());
        }
        if (strings == numbers) {
            throw path.problem("\"anything-but\" is " + (strings ? "an array of strings and numbers" : "an empty array") + allowed);
        }
        return values;
    }

    private boolean isStringOrNumber() {
        return parser.currentToken() == JsonToken.VALUE_STRING || parser.currentToken().isNumeric();
    }

    private Patterns numeric(PatternPath path) throws IOException, InvalidFilterPatternException {
        List<String> terms = new ArrayList<>();
        List<Boolean> isNumber = new ArrayList<>();
        boolean scalars = parser.currentToken() == JsonToken.START_ARRAY;
        while (scalars && parser.nextToken() != JsonToken.END_ARRAY) {
            scalars = isStringOrNumber();
            terms.add(parser.getText());
            isNumber.add(parser.currentToken().isNumeric());
        }
        try {
            if (scalars && isNumber.equals(List.of(false, true))) {
                return comparison(path, terms.get(0), terms.get(1));
            }
            if (scalars && isNumber.equals(List.of(false, true, false, true))) {
                return range(path, terms);
            }
        } catch (IllegalArgumentException e) {
            throw path.problem("\"numeric\" " + terms + " can't be compared with: a range must have its lower bound below its upper one, "
                    + "and a number must be one that a double holds exactly, as a decimal fraction of at most 17 digits");
        }
        throw wrongTerms(path, scalars ? terms.toString() : "not an array of operators and numbers");
    }

    private static Patterns comparison(PatternPath path, String operator, String number) throws InvalidFilterPatternException {
        return switch (operator) {
            case "=" -> Patterns.numericEquals(number);
            case "<" -> Range.between(LOWEST, false, number, true);
            case "<=" -> Range.between(LOWEST, false, number, false);
            case ">" -> Range.between(number, true, HIGHEST, false);
            case ">=" -> Range.between(number, false, HIGHEST, false);
            default -> throw wrongTerms(path, List.of(operator, number).toString());
        };
    }

    private static Patterns range(PatternPath path, List<String> terms) throws InvalidFilterPatternException {
        if (!Set.of(">", ">=").contains(terms.get(0)) || !Set.of("<", "<=").contains(terms.get(2))) {
            throw wrongTerms(path, terms.toString());
        }
        return Range.between(terms.get(1), terms.get(0).equals(">"), terms.get(3), terms.get(2).equals("<"));
    }

    private static InvalidFilterPatternException wrongTerms(PatternPath path, String terms) {
        return path.problem("\"numeric\" is " + terms + "; allowed are [\"=\", 5], [\"<\", 5], [\"<=\", 5], [\">\", 5], [\">=\", 5], "
                + "and a range with the lower bound first, such as [\">\", 5, \"<=\", 10]");
    }
}
