package dev.sluice.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/** Reads and writes tags. */
final class TagMembers {

    private TagMembers() {
    }

    /** The member {@code Tags} of a body that keeps the contract; empty when it is absent. */
    static Map<String, String> read(ObjectNode body) {
        return new TreeMap<>(Members.map(body, "Tags"));
    }

    static ObjectNode document(Map<String, String> tags) {
        ObjectNode document = Json.MAPPER.createObjectNode();
        ObjectNode values = document.putObject("Tags");
        tags.forEach(values::put);
        return document;
    }
}
