package dev.sluice.filter;

import java.util.ArrayList;
import java.util.List;

/**
 * What a record's value has at one place that a pattern names. Arrays are dissolved, nested ones too: a rule matches an array when
 * it matches one of its elements, however deep. A member that a JSON object has twice counts like an array of both. Confined to the
 * thread that reads the record.
 */
final class FoundValues {

    static final FoundValues NONE = new FoundValues(List.of(), List.of());

    private final List<String> scalars;
    private final List<FoundValues[]> objects;

    FoundValues() {
        this(new ArrayList<>(1), new ArrayList<>(1));
    }

    private FoundValues(List<String> scalars, List<FoundValues[]> objects) {
        this.scalars = scalars;
        this.objects = objects;
    }

    /** A value that is no JSON but text. */
    static FoundValues ofText(String text) {
        return ofScalar(quoted(text));
    }

    /** @param scalar as {@link #scalars} has it */
    static FoundValues ofScalar(String scalar) {
        return new FoundValues(List.of(scalar), List.of());
    }

    /** Strings in quotes but otherwise as they are, other scalars as the record has them: the form in which event-ruler compares. */
    static String quoted(String text) {
        return '"' + text + '"';
    }

    static boolean isNumber(String scalar) {
        char first = scalar.charAt(0);
        return first == '-' || first >= '0' && first <= '9';
    }

    List<String> scalars() {
        return scalars;
    }

    /** The members of each object by their {@link NamedMember#slot}; null where the object has none. */
    List<FoundValues[]> objects() {
        return objects;
    }
}
