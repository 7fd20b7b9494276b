package dev.sluice.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One JSON value of an answer: a Map, List, String, Number, Boolean or null. What is absent, null or of another type reads as
 * empty. Immutable.
 *
 * <p>The commands read small answers and then end; loading a JSON library would take longer than everything else they do.
 */
public record Json(Object value) {

    /** @throws IllegalArgumentException when {@code text} is no JSON */
    public static Json parse(String text) {
        return new Json(new JsonParser(text).document());
    }

    public Json member(String name) {
        return new Json(value instanceof Map<?, ?> members ? members.get(name) : null);
    }

    public Optional<String> text(String name) {
        return member(name).value instanceof String text ? Optional.of(text) : Optional.empty();
    }

    public Optional<Long> number(String name) {
        return member(name).value instanceof Number number ? Optional.of(number.longValue()) : Optional.empty();
    }

    public boolean flag(String name) {
        return Boolean.TRUE.equals(member(name).value);
    }

    public boolean isNull() {
        return value == null;
    }

    public List<Json> list(String name) {
        return member(name).items();
    }

    /** Of a list; empty of anything else. */
    public List<Json> items() {
        List<Json> items = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(item -> items.add(new Json(item)));
        }
        return items;
    }

    /** Of an object, by their names; empty of anything else. */
    public Map<String, Json> members() {
        Map<String, Json> named = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> members) {
            members.forEach((name, member) -> named.put(String.valueOf(name), new Json(member)));
        }
        return named;
    }

    /** The members' values. */
    public List<Json> values() {
        return new ArrayList<>(members().values());
    }

    /** The names and texts of those members that are texts. */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> members) {
            members.keySet().forEach(name -> text(String.valueOf(name)).ifPresent(text -> texts.put(String.valueOf(name), text)));
        }
        return texts;
    }

    /** {@code json} on one line. */
    public static String print(Json json) {
        if (json.value instanceof Map<?, ?> members) {
            return members.entrySet().stream()
                    .map(member -> quote(String.valueOf(member.getKey())) + ":" + print(new Json(member.getValue())))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (json.value instanceof List<?> items) {
            return items.stream().map(item -> print(new Json(item))).collect(Collectors.joining(",", "[", "]"));
        }
        return json.value instanceof String text ? quote(text) : String.valueOf(json.value);
    }

    /** {@code json} on several lines, a list of single values on one. */
    public static String pretty(Json json) {
        return pretty(json, "");
    }

    private static String pretty(Json json, String indent) {
        String inner = indent + "  ";
        if (json.value instanceof Map<?, ?> members && !members.isEmpty()) {
            return members.entrySet().stream()
                    .map(member -> inner + quote(String.valueOf(member.getKey())) + ": " + pretty(new Json(member.getValue()), inner))
                    .collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
        }
        if (json.value instanceof List<?> items && items.stream().anyMatch(item -> item instanceof Map<?, ?> || item instanceof List<?>)) {
            return items.stream().map(item -> inner + pretty(new Json(item), inner))
                    .collect(Collectors.joining(",\n", "[\n", "\n" + indent + "]"));
        }
        return print(json);
    }

    /** {@code text} as a JSON string, with its quotes. */
    public static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < 0x20) {
                        quoted.append(String.format("\\u%04x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
