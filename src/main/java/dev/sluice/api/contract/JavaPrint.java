package dev.sluice.api.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How AWS's Java server prints a value inside a validation error: {@code [a, b]}, {@code {k=v}}; a structure as
 * {@code Name(member=value)} (that form is not recorded).
 */
final class JavaPrint {

    /** What stands for a value that may be a secret. */
    static final String SENSITIVE = "***";

    private JavaPrint() {
    }

    static String of(Schema schema, JsonNode node) {
        if (node.isNull()) {
            return "null";
        }
        if (schema instanceof Schema.Text text && text.sensitive() || schema instanceof Schema.Blob) {
            return SENSITIVE;
        }
        if (schema instanceof Schema.Elements elements) {
            List<String> items = new ArrayList<>();
            node.forEach(item -> items.add(of(elements.element(), item)));
            return "[" + String.join(", ", items) + "]";
        }
        if (schema instanceof Schema.Entries entries) {
            List<String> items = new ArrayList<>();
            for (Map.Entry<String, JsonNode> entry : node.properties()) {
                items.add(entry.getKey() + "=" + (entries.sensitive() ? SENSITIVE : of(entries.value(), entry.getValue())));
            }
            return "{" + String.join(", ", items) + "}";
        }
        if (schema instanceof Schema.Structure structure) {
            List<String> items = new ArrayList<>();
            structure.members().forEach((name, member) -> {
                if (node.hasNonNull(name)) {
                    items.add(ConstraintCheck.lowerFirst(name) + "=" + of(member, node.get(name)));
                }
            });
            return structure.name() + "(" + String.join(", ", items) + ")";
        }
        if (schema instanceof Schema.Numeric numeric && "Double".equals(numeric.awsName())) {
            return String.valueOf(node.doubleValue());
        }
        return node.asText();
    }
}
