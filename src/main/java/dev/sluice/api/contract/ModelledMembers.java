package dev.sluice.api.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Map;

/**
 * What of a request does AWS's model know? The rest is dropped on all levels before anybody reads the request, as AWS, whose requests
 * and answers are typed, can neither keep nor return it. Stateless.
 */
public final class ModelledMembers {

    private ModelledMembers() {
    }

    /** Takes everything out of {@code body} that its schema doesn't name. @param body keeps the contract */
    public static void keepOnly(Schema.Structure schema, ObjectNode body) {
        for (String member : new ArrayList<>(body.propertyStream().map(Map.Entry::getKey).toList())) {
            Schema known = schema.members().get(member);
            if (known != null) {
                keepOnly(known, body.get(member));
            } else if (!schema.refused().contains(member)) {
                body.remove(member);
            }
        }
    }

    private static void keepOnly(Schema schema, JsonNode node) {
        if (schema instanceof Schema.Structure structure && node instanceof ObjectNode object) {
            keepOnly(structure, object);
        } else if (schema instanceof Schema.Elements elements) {
            node.forEach(element -> keepOnly(elements.element(), element));
        } else if (schema instanceof Schema.Entries entries) {
            node.forEach(value -> keepOnly(entries.value(), value));
        }
    }
}
