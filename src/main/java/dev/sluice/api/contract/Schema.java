package dev.sluice.api.contract;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Which values the contract allows for one member. Immutable; limits that the contract doesn't set are null. */
public sealed interface Schema {

    /** AWS's phrases for everything that is asked of an element of a list or map, in AWS's order: max, min, pattern or enum. */
    List<String> phrases();

    /** How AWS phrases a constraint; {@code Member must} stands in front. */
    static String phrase(String constraint) {
        return "Member must " + constraint;
    }

    /** A string. An empty {@code values} means any. */
    record Text(Integer min, Integer max, Pattern pattern, List<String> values, boolean sensitive) implements Schema {

        static final Text ANY = new Text(null, null, null, List.of(), false);

        String tooLong() {
            return phrase("have length less than or equal to " + max);
        }

        String tooShort() {
            return phrase("have length greater than or equal to " + min);
        }

        String patternMissed() {
            return phrase("satisfy regular expression pattern: " + pattern.pattern());
        }

        String notInSet() {
            return phrase("satisfy enum value set: [" + String.join(", ", values) + "]");
        }

        @Override
        public List<String> phrases() {
            List<String> all = new ArrayList<>();
            if (max != null) {
                all.add(tooLong());
            }
            if (min != null) {
                all.add(tooShort());
            }
            if (pattern != null) {
                all.add(patternMissed());
            }
            if (!values.isEmpty()) {
                all.add(notInSet());
            }
            return all;
        }
    }

    /** A number; {@code whole} when fractions are refused. {@code awsName} is what AWS calls the type in errors. */
    record Numeric(String awsName, boolean whole, BigDecimal min, BigDecimal max) implements Schema {

        String tooLarge() {
            return phrase("have value less than or equal to " + max.toPlainString());
        }

        String tooSmall() {
            return phrase("have value greater than or equal to " + min.toPlainString());
        }

        @Override
        public List<String> phrases() {
            List<String> all = new ArrayList<>();
            if (max != null) {
                all.add(tooLarge());
            }
            if (min != null) {
                all.add(tooSmall());
            }
            return all;
        }
    }

    /** true or false. */
    record Flag() implements Schema {
        @Override
        public List<String> phrases() {
            return List.of();
        }
    }

    /** Bytes, as base64 in a JSON string. */
    record Blob() implements Schema {
        @Override
        public List<String> phrases() {
            return List.of();
        }
    }

    /** A list. {@code nullItems}: AWS does not name "must not be null" among the constraints of its elements. */
    record Elements(Integer min, Integer max, Schema element, boolean nullItems) implements Schema {

        String tooLong() {
            return phrase("have length less than or equal to " + max);
        }

        String tooShort() {
            return phrase("have length greater than or equal to " + min);
        }

        String elementsMissed() {
            List<String> each = new ArrayList<>(element.phrases());
            if (!nullItems) {
                each.add(phrase("not be null"));
            }
            return phrase("satisfy constraint: [" + String.join(", ", each) + "]");
        }

        @Override
        public List<String> phrases() {
            List<String> all = new ArrayList<>();
            if (max != null) {
                all.add(tooLong());
            }
            if (min != null) {
                all.add(tooShort());
            }
            if (!element.phrases().isEmpty()) {
                all.add(elementsMissed());
            }
            return all;
        }
    }

    /** A map with strings as keys. */
    record Entries(Integer min, Integer max, Text key, Schema value, boolean sensitive) implements Schema {

        String tooLong() {
            return phrase("have length less than or equal to " + max);
        }

        String tooShort() {
            return phrase("have length greater than or equal to " + min);
        }

        // AWS: "Map keys" in the plural, "Map value" in the singular.
        String keysMissed() {
            return "Map keys must satisfy constraint: [" + notNull(key) + "]";
        }

        String valuesMissed() {
            return "Map value must satisfy constraint: [" + notNull(value) + "]";
        }

        private static String notNull(Schema schema) {
            List<String> each = new ArrayList<>(schema.phrases());
            each.add(phrase("not be null"));
            return String.join(", ", each);
        }

        @Override
        public List<String> phrases() {
            return List.of();
        }
    }

    /**
     * An object with known members, in the contract's order; others are ignored.
     *
     * @param refused members that the model doesn't have, and that are not ignored but refused where the request is read
     */
    record Structure(String name, Map<String, Schema> members, Set<String> required, Set<String> refused) implements Schema {
        @Override
        public List<String> phrases() {
            return List.of();
        }
    }
}
