package dev.sluice.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads members of JSON objects whose types are checked already; what is absent or null is null. */
public final class Members {

    private Members() {
    }

    public static String text(JsonNode node, String member) {
        return node.hasNonNull(member) ? node.get(member).textValue() : null;
    }

    public static Integer integer(JsonNode node, String member) {
        return node.hasNonNull(member) ? node.get(member).intValue() : null;
    }

    public static Boolean flag(JsonNode node, String member) {
        return node.hasNonNull(member) ? node.get(member).booleanValue() : null;
    }

    /** A map of texts, none of them null in a body that keeps the contract; empty when absent. */
    public static Map<String, String> map(JsonNode node, String member) {
        Map<String, String> map = new LinkedHashMap<>();
        node.path(member).properties().forEach(entry -> map.put(entry.getKey(), entry.getValue().textValue()));
        return map;
    }

    public static List<String> texts(JsonNode node, String member) {
        if (!node.hasNonNull(member)) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        node.get(member).forEach(item -> texts.add(item.textValue()));
        return texts;
    }

    /** Whether a member holds more than null, {}, [] or "", on all levels: those ask for nothing. */
    public static boolean saysSomething(JsonNode node) {
        if (node == null || node.isNull()) {
            return false;
        }
        if (node.isContainerNode()) {
            for (JsonNode child : node) {
                if (saysSomething(child)) {
                    return true;
                }
            }
            // An element of a list is something even when it is {}; a member of a structure is not.
            return node.isArray() && !node.isEmpty();
        }
        return !node.isTextual() || !node.textValue().isEmpty();
    }
}
