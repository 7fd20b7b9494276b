package dev.sluice.api.contract;

import java.util.List;

/**
 * One value that breaks a constraint of the contract, as AWS phrases it. Immutable.
 *
 * @param value the value as AWS prints it; null for an absent one
 * @param path the member's path, first letters in lower case
 */
public record Violation(String value, String path, String constraint) {

    @Override
    public String toString() {
        return "Value " + (value == null ? "null" : "'" + value + "'") + " at '" + path + "' failed to satisfy constraint: "
                + constraint;
    }

    /** The message of AWS's ValidationException for all of them. */
    public static String message(List<Violation> violations) {
        return violations.size() + (violations.size() == 1 ? " validation error detected: " : " validation errors detected: ")
                + String.join("; ", violations.stream().map(Violation::toString).toList());
    }
}
