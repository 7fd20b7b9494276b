package dev.sluice.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.contract.ContractOperation;
import dev.sluice.api.contract.ContractValues;
import dev.sluice.api.contract.Place;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All single steps that lead outside of what the contract allows for an operation. Confined to one thread. */
final class OutsideSteps {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    /** Lists and texts with higher limits than these cost more than they tell. */
    private static final int LONGEST_LIST = 2_000;
    private static final int LONGEST_TEXT = 20_000;

    private final ContractValues values;
    private final List<Step> steps = new ArrayList<>();

    /**
     * One step.
     *
     * @param name what it does, for failure messages
     * @param path where AWS reports it
     * @param constraint what AWS says of the value there; null for a wrong JSON type, which is a SerializationException
     */
    record Step(String name, String path, String constraint, Place place, Value value) {

        void take(GeneratedRequest request) {
            place.set(request, value.of());
        }

        @Override
        public String toString() {
            return name + " at " + path;
        }
    }

    /** What is put in place; null for nothing. */
    @FunctionalInterface
    interface Value {
        JsonNode of();
    }

    private OutsideSteps(ContractValues values) {
        this.values = values;
    }

    static List<Step> of(ContractOperation operation, ContractValues values) {
        OutsideSteps all = new OutsideSteps(values);
        for (ContractOperation.Parameter parameter : operation.parameters()) {
            all.parameter(parameter);
        }
        if (operation.body() != null) {
            all.members(Place.BODY, operation.body(), "");
        }
        return all.steps;
    }

    private void parameter(ContractOperation.Parameter parameter) {
        Place place = Place.member(Place.PARAMETERS, null, parameter.member(), values);
        String path = lowerFirst(parameter.member());
        JsonNode schema = values.resolved(parameter.schema());
        if (parameter.required() && !parameter.place().equals("path")) {
            step("left out", path, "Member must not be null", place, () -> null);
        }
        switch (schema.path("type").asText()) {
            // What is empty in a path is another path; what is empty in a query or header is absent.
            case "string" -> text(place, schema, path, 2);
            case "integer" -> {
                number(place, schema, path);
                step("no number", path, null, place, () -> NODES.textNode("ten"));
            }
            default -> {}
        }
    }

    private void members(Place structure, JsonNode unresolved, String path) {
        JsonNode schema = values.resolved(unresolved);
        for (Map.Entry<String, JsonNode> member : schema.path("properties").properties()) {
            Place place = Place.member(structure, unresolved, member.getKey(), values);
            String memberPath = path.isEmpty() ? lowerFirst(member.getKey()) : path + "." + lowerFirst(member.getKey());
            for (JsonNode required : schema.path("required")) {
                if (required.asText().equals(member.getKey())) {
                    step("left out", memberPath, "Member must not be null", place, () -> null);
                    step("null", memberPath, "Member must not be null", place, NODES::nullNode);
                }
            }
            value(place, member.getValue(), memberPath);
        }
    }

    private void value(Place place, JsonNode unresolved, String path) {
        JsonNode schema = values.resolved(unresolved);
        switch (schema.path("type").asText()) {
            case "string" -> {
                step("a number for a text", path, null, place, () -> NODES.numberNode(7));
                step("a list for a text", path, null, place, NODES::arrayNode);
                text(place, schema, path, 1);
            }
            case "boolean" -> step("a text for a flag", path, null, place, () -> NODES.textNode("true"));
            case "integer" -> {
                step("a text for a number", path, null, place, () -> NODES.textNode("7"));
                step("a fraction", path, null, place, () -> NODES.numberNode(schema.path("minimum").asLong(0) + 1.5));
                number(place, schema, path);
            }
            case "number" -> {
                step("a text for a number", path, null, place, () -> NODES.textNode("7"));
                number(place, schema, path);
            }
            case "array" -> array(place, unresolved, schema, path);
            default -> {
                step("a list for an object", path, null, place, NODES::arrayNode);
                step("a text for an object", path, null, place, () -> NODES.textNode("x"));
                if (schema.has("properties")) {
                    members(place, unresolved, path);
                } else {
                    entries(place, unresolved, schema, path);
                }
            }
        }
    }

    /** @param shortest shorter texts can't be sent in this place */
    private void text(Place place, JsonNode schema, String path, int shortest) {
        if (schema.has("contentEncoding")) {
            step("no base64", path, null, place, () -> NODES.textNode("%%%"));
            return;
        }
        if (schema.has("enum")) {
            step("unknown value", path, "Member must satisfy enum value set: [", place, () -> NODES.textNode("Unheard_of"));
        }
        int max = schema.path("maxLength").asInt(LONGEST_TEXT);
        if (max < LONGEST_TEXT) {
            step("too long", path, "Member must have length less than or equal to " + max, place,
                    () -> NODES.textNode(values.ofLength(schema, max + 1)));
        }
        int min = schema.path("minLength").asInt(0);
        if (min >= shortest) {
            step("too short", path, "Member must have length greater than or equal to " + min, place,
                    () -> NODES.textNode(values.ofLength(schema, min - 1)));
        }
        if (schema.has("pattern") && values.missing(schema) != null) {
            step("pattern missed", path, "Member must satisfy regular expression pattern: " + schema.path("pattern").asText(), place,
                    () -> NODES.textNode(values.missing(schema)));
        }
    }

    private void number(Place place, JsonNode schema, String path) {
        if (schema.has("maximum")) {
            String constraint = "Member must have value less than or equal to " + schema.path("maximum").asText();
            step("too large", path, constraint, place, () -> NODES.numberNode(schema.path("maximum").decimalValue().toBigInteger()
                    .add(BigInteger.ONE)));
        }
        if (schema.has("minimum")) {
            step("too small", path, "Member must have value greater than or equal to " + schema.path("minimum").asText(), place,
                    () -> NODES.numberNode(schema.path("minimum").decimalValue().toBigInteger().subtract(BigInteger.ONE)));
        }
    }

    private void array(Place place, JsonNode unresolved, JsonNode schema, String path) {
        step("a text for a list", path, null, place, () -> NODES.textNode("x"));
        int max = schema.path("maxItems").asInt(LONGEST_LIST);
        if (max < LONGEST_LIST) {
            step("one element too many", path, "Member must have length less than or equal to " + max, place, () -> {
                ArrayNode array = NODES.arrayNode();
                while (array.size() <= max) {
                    array.add(values.valid(schema.path("items")));
                }
                return array;
            });
        }
        int min = schema.path("minItems").asInt(0);
        if (min > 0) {
            step("too few elements", path, "Member must have length greater than or equal to " + min, place, NODES::arrayNode);
        }
        Place element = Place.element(place, unresolved, values);
        if (!schema.path("x-null-items").asBoolean()) {
            step("a null element", path, "Member must satisfy constraint: [", element, NODES::nullNode);
        }
        if (values.isStructure(schema.path("items"))) {
            step("a text for an object", path + ".1.member", null, element, () -> NODES.textNode("x"));
            members(element, schema.path("items"), path + ".1.member");
        } else {
            // AWS reports what is wrong with an element at the list.
            value(element, schema.path("items"), path);
        }
    }

    private void entries(Place place, JsonNode unresolved, JsonNode schema, String path) {
        JsonNode key = values.resolved(schema.path("propertyNames"));
        if (schema.has("maxProperties")) {
            int max = schema.path("maxProperties").asInt();
            step("one entry too many", path, "Member must have length less than or equal to " + max, place, () -> {
                ObjectNode entries = NODES.objectNode();
                for (int i = 0; i <= max; i++) {
                    String name = key.has("enum") ? "key" + i : values.text(key) + i;
                    entries.set(name, values.valid(schema.path("additionalProperties")));
                }
                return entries;
            });
        }
        int min = schema.path("minProperties").asInt(0);
        if (min > 0) {
            step("too few entries", path, "Member must have length greater than or equal to " + min, place, NODES::objectNode);
        }
        if (key.has("enum") || key.has("pattern")) {
            step("a wrong key", path, "Map keys must satisfy constraint: [", place, () -> {
                ObjectNode entries = NODES.objectNode();
                entries.set(key.has("enum") ? "Unheard_of" : values.missing(key), values.valid(schema.path("additionalProperties")));
                return entries;
            });
        }
        value(Place.entry(place, unresolved, values), schema.path("additionalProperties"), path);
    }

    private void step(String name, String path, String constraint, Place place, Value value) {
        steps.add(new Step(name, path, constraint, place, value));
    }

    /** As AWS writes members in its texts. */
    private static String lowerFirst(String member) {
        return member.substring(0, 1).toLowerCase(Locale.ROOT) + member.substring(1);
    }
}
