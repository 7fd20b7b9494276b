package dev.sluice.server;

import java.util.Map;

/** Replaces {@code ${NAME}} and {@code ${NAME:-default}} by variables; {@code $${} stands for {@code ${}. Immutable. */
final class Expansion {

    private final Map<String, String> environment;

    Expansion(Map<String, String> environment) {
        this.environment = environment;
    }

    /** As in a shell, the default also stands in for an empty variable, and may itself hold expansions. */
    String expand(String text) throws BadValueException {
        StringBuilder expanded = new StringBuilder(text.length());
        int at = 0;
        for (int dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', at)) {
            expanded.append(text, at, dollar);
            if (text.startsWith("$${", dollar)) {
                expanded.append("${");
                at = dollar + 3;
            } else if (text.startsWith("${", dollar)) {
                int end = closingBrace(text, dollar + 2);
                expanded.append(variable(text.substring(dollar + 2, end), text));
                at = end + 1;
            } else {
                expanded.append('$');
                at = dollar + 1;
            }
        }
        return expanded.append(text, at, text.length()).toString();
    }

    private String variable(String inside, String text) throws BadValueException {
        int separator = inside.indexOf(":-");
        String name = separator < 0 ? inside : inside.substring(0, separator);
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new BadValueException(text, "${NAME} or ${NAME:-default}; a literal ${ is written $${");
        }
        String value = environment.get(name);
        if (value != null && value.indexOf('\uFFFD') >= 0) {
            throw new BadValueException(text, "a variable of UTF-8 text: " + name + " has bytes that are none");
        }
        if (separator >= 0) {
            return value == null || value.isEmpty() ? expand(inside.substring(separator + 2)) : value;
        }
        if (value == null) {
            throw new BadValueException(text, "a variable that is set: " + name + " is not; ${" + name + ":-default} gives a default");
        }
        return value;
    }

    private static int closingBrace(String text, int from) throws BadValueException {
        int depth = 1;
        for (int i = from; i < text.length(); i++) {
            if (text.startsWith("${", i)) {
                depth++;
            } else if (text.charAt(i) == '}') {
                depth--;
                if (depth == 0) {
                    return i;
                }
            }
        }
        throw new BadValueException(text, "${NAME} or ${NAME:-default} with its closing brace");
    }
}
