package dev.sluice.api.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.api.http.ApiException;
import dev.sluice.api.http.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Walks one request along its schemas and collects what breaks a constraint. Confined to one thread.
 *
 * <p>AWS reports the elements of a list and the entries of a map at the list or map itself, with all constraints of an element,
 * and only structures in a list at a path of their own (recorded at {@code architectures}, {@code layers},
 * {@code vpcConfig.subnetIds}, {@code routingConfig.additionalVersionWeights}; the path inside a list is not recorded).
 */
final class ConstraintCheck {

    // Java's regular expressions recurse per repetition of a group, so a long text could overflow the stack.
    private static final int LONGEST_MATCHED = 4096;
    private static final int LONGEST_MATCHED_WITH_A_LIMIT = 1024;

    private final List<Violation> violations = new ArrayList<>();

    List<Violation> violations() {
        return List.copyOf(violations);
    }

    void missing(String path) {
        violations.add(new Violation(null, path, Schema.phrase("not be null")));
    }

    void structure(String path, Schema.Structure schema, JsonNode node) {
        for (Map.Entry<String, Schema> member : schema.members().entrySet()) {
            String memberPath = path.isEmpty() ? lowerFirst(member.getKey()) : path + "." + lowerFirst(member.getKey());
            JsonNode value = node.get(member.getKey());
            if (value != null && !value.isNull()) {
                value(memberPath, member.getValue(), value);
            } else if (schema.required().contains(member.getKey())) {
                missing(memberPath);
            }
        }
    }

    void value(String path, Schema schema, JsonNode node) {
        requireType(path, schema, node);
        if (schema instanceof Schema.Text text) {
            text(path, text, node.textValue());
        } else if (schema instanceof Schema.Numeric numeric) {
            brokenLimits(numeric, node).forEach(constraint -> add(node, path, constraint, schema));
        } else if (schema instanceof Schema.Elements elements) {
            elements(path, elements, node);
        } else if (schema instanceof Schema.Entries entries) {
            entries(path, entries, node);
        } else if (schema instanceof Schema.Structure structure) {
            structure(path, structure, node);
        }
    }

    private void text(String path, Schema.Text schema, String text) {
        for (String constraint : brokenLimits(schema, text)) {
            violations.add(new Violation(schema.sensitive() ? JavaPrint.SENSITIVE : text, path, constraint));
        }
    }

    private void elements(String path, Schema.Elements schema, JsonNode list) {
        if (schema.max() != null && list.size() > schema.max()) {
            add(list, path, schema.tooLong(), schema);
        }
        if (schema.min() != null && list.size() < schema.min()) {
            add(list, path, schema.tooShort(), schema);
        }
        boolean missed = false;
        int number = 0;
        for (JsonNode element : list) {
            number++;
            if (element.isNull()) {
                missed |= !schema.nullItems();
            } else if (schema.element() instanceof Schema.Structure structure) {
                String elementPath = path + "." + number + ".member";
                requireType(elementPath, structure, element);
                structure(elementPath, structure, element);
            } else {
                missed |= broken(path, schema.element(), element);
            }
        }
        if (missed) {
            add(list, path, schema.elementsMissed(), schema);
        }
    }

    private void entries(String path, Schema.Entries schema, JsonNode map) {
        if (schema.max() != null && map.size() > schema.max()) {
            add(map, path, schema.tooLong(), schema);
        }
        if (schema.min() != null && map.size() < schema.min()) {
            add(map, path, schema.tooShort(), schema);
        }
        boolean keys = false;
        boolean values = false;
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            requireCharacters(path, entry.getKey());
            keys |= !brokenLimits(schema.key(), entry.getKey()).isEmpty();
            // That AWS names "must not be null" among the constraints of a map's values is recorded.
            values |= entry.getValue().isNull() || broken(path, schema.value(), entry.getValue());
        }
        if (keys) {
            add(map, path, schema.keysMissed(), schema);
        }
        if (values) {
            add(map, path, schema.valuesMissed(), schema);
        }
    }

    /** Whether an element, looked at by itself, breaks a constraint; AWS does not say which one. */
    private static boolean broken(String path, Schema schema, JsonNode element) {
        ConstraintCheck inner = new ConstraintCheck();
        inner.value(path, schema, element);
        return !inner.violations.isEmpty();
    }

    private static List<String> brokenLimits(Schema.Text schema, String text) {
        List<String> broken = new ArrayList<>();
        if (schema.max() != null && text.length() > schema.max()) {
            broken.add(schema.tooLong());
        }
        if (schema.min() != null && text.length() < schema.min()) {
            broken.add(schema.tooShort());
        }
        if (schema.pattern() != null && missesPattern(schema, text)) {
            broken.add(schema.patternMissed());
        }
        if (!schema.values().isEmpty() && !schema.values().contains(text)) {
            broken.add(schema.notInSet());
        }
        return broken;
    }

    private static boolean missesPattern(Schema.Text schema, String text) {
        if (schema.max() == null) {
            return text.length() > LONGEST_MATCHED || !schema.pattern().matcher(text).matches();
        }
        // AWS reports the pattern beside the length; a text far too long is refused for its length alone.
        return text.length() <= Math.max(2 * schema.max(), LONGEST_MATCHED_WITH_A_LIMIT) && !schema.pattern().matcher(text).matches();
    }

    private static List<String> brokenLimits(Schema.Numeric schema, JsonNode node) {
        BigDecimal value = node.decimalValue();
        List<String> broken = new ArrayList<>();
        if (schema.max() != null && value.compareTo(schema.max()) > 0) {
            broken.add(schema.tooLarge());
        }
        if (schema.min() != null && value.compareTo(schema.min()) < 0) {
            broken.add(schema.tooSmall());
        }
        return broken;
    }

    private void add(JsonNode node, String path, String constraint, Schema schema) {
        violations.add(new Violation(JavaPrint.of(schema, node), path, constraint));
    }

    private static void requireType(String path, Schema schema, JsonNode node) {
        if (schema instanceof Schema.Text) {
            require(node.isTextual(), path, node, "a String");
            requireCharacters(path, node.textValue());
        } else if (schema instanceof Schema.Flag) {
            require(node.isBoolean(), path, node, "a Boolean");
        } else if (schema instanceof Schema.Blob) {
            // Whether it is base64 shows when it is decoded, once: an upload may be 70 MB.
            require(node.isTextual(), path, node, "a Blob");
        } else if (schema instanceof Schema.Numeric numeric) {
            boolean fits = numeric.whole() ? node.isIntegralNumber()
                    : node.isNumber() && (!node.isFloatingPointNumber() || Double.isFinite(node.doubleValue()));
            require(fits, path, node, "Integer".equals(numeric.awsName()) ? "an Integer" : "a " + numeric.awsName());
        } else if (schema instanceof Schema.Elements) {
            require(node.isArray(), path, node, "a List");
        } else {
            require(node.isObject(), path, node, schema instanceof Schema.Entries ? "a Map" : "a Structure");
        }
    }

    private static void requireCharacters(String path, String text) {
        if (Json.hasHalfAPair(text)) {
            throw ApiException.serialization("'" + path + "': half of a surrogate pair is no character");
        }
    }

    private static void require(boolean fits, String path, JsonNode node, String wanted) {
        if (!fits) {
            String found = node.isNumber() && !node.isIntegralNumber() ? "DECIMAL_VALUE"
                    : node.getNodeType().name().toUpperCase(Locale.ROOT) + "_VALUE";
            throw ApiException.serialization("'" + path + "': " + found + " can not be converted to " + wanted);
        }
    }

    static String lowerFirst(String member) {
        return member.substring(0, 1).toLowerCase(Locale.ROOT) + member.substring(1);
    }
}
