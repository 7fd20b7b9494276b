package dev.sluice.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads and writes tags. */
final class TagMembers {

    private TagMembers() {
    }

    /** The member {@code Tags} of a body that keeps the contract; empty when it is absent. */
    static Map<String, String> read(ObjectNode body) {
        JsonNode tags = body.path("Tags");
        Map<String, String> values = new TreeMap<>();
        for (Map.Entry<String, JsonNode> tag : tags.properties()) {
            if (tag.getValue().isNull()) {
                // Not recorded; AWS's phrase for the values of a map.
                throw ApiException.validation(Violation.message(List.of(new Violation("{" + tag.getKey() + "=null}", "tags",
                        "Map value must satisfy constraint: [" + Schema.phrase("not be null") + "]"))), null);
            }
            values.put(tag.getKey(), tag.getValue().textValue());
        }
        return values;
    }

    static ObjectNode document(Map<String, String> tags) {
        ObjectNode document = Json.MAPPER.createObjectNode();
        ObjectNode values = document.putObject("Tags");
        tags.forEach(values::put);
        return document;
    }
}
