package dev.sluice.api.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.Json;
import dev.sluice.api.http.Members;
import java.util.Map;
import java.util.TreeMap;

/** Reads and writes tags. */
public final class TagMembers {

    private TagMembers() {
    }

    /** The member {@code Tags} of a body that keeps the contract; empty when it is absent. */
    public static Map<String, String> read(ObjectNode body) {
        return new TreeMap<>(Members.map(body, "Tags"));
    }

    public static ObjectNode document(Map<String, String> tags) {
        ObjectNode document = Json.MAPPER.createObjectNode();
        ObjectNode values = document.putObject("Tags");
        tags.forEach(values::put);
        return document;
    }
}
