package dev.sluice.api.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.api.http.BodyJson;
import dev.sluice.api.http.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One JSON object of a control request while it is read. A member that was asked for is a valid one; {@link #rejectOtherMembers}
 * refuses the rest. A member that is null counts as absent, except where {@link #isNull} asks. Confined to one thread.
 */
final class ControlBody {

    private final String path;
    private final JsonNode node;
    private final Set<String> asked = new LinkedHashSet<>();

    private ControlBody(String path, JsonNode node) {
        this.path = path;
        this.node = node;
    }

    static ControlBody parse(byte[] json) {
        try {
            JsonNode node = BodyJson.object(json);
            requireCharacters("", node);
            return new ControlBody("", node);
        } catch (BodyJson.Unreadable e) {
            throw ControlException.badRequest("The body " + e.getMessage());
        }
    }

    /** Everywhere at once, also in names: whatever becomes of a text, half of a surrogate pair has no bytes. */
    private static void requireCharacters(String place, JsonNode node) {
        if (node.isTextual() && Json.hasHalfAPair(node.textValue())) {
            throw halfAPair(place);
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (Json.hasHalfAPair(member.getKey())) {
                throw halfAPair("the name of a member" + (place.isEmpty() ? "" : " of " + place));
            }
            requireCharacters(place.isEmpty() ? member.getKey() : place + "." + member.getKey(), member.getValue());
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            requireCharacters(place + "[" + i + "]", node.get(i));
        }
    }

    private static ControlException halfAPair(String place) {
        return ControlException.badRequest(place + " has half of a surrogate pair, which is no character; bytes that are no text go into"
                + " a member that takes base64");
    }

    boolean isNull(String member) {
        asked.add(member);
        return node.has(member) && node.get(member).isNull();
    }

    boolean has(String member) {
        return value(member).isPresent();
    }

    Optional<String> text(String member) {
        return value(member).map(value -> {
            if (!value.isTextual()) {
                throw refused(member, value, "a text");
            }
            return value.textValue();
        });
    }

    Optional<byte[]> base64(String member) {
        return text(member).map(text -> {
            try {
                return Base64.getDecoder().decode(text);
            } catch (IllegalArgumentException bad) {
                // The text itself stays out of the message: it may be a long payload.
                throw ControlException.badRequest(path + member + " is no base64: " + bad.getMessage());
            }
        });
    }

    Optional<Integer> wholeNumber(String member, int min, int max) {
        return value(member).map(value -> {
            if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < min || value.intValue() > max) {
                throw refused(member, value, "a whole number from " + min + " to " + max);
            }
            return value.intValue();
        });
    }

    Optional<Boolean> flag(String member) {
        return value(member).map(value -> {
            if (!value.isBoolean()) {
                throw refused(member, value, "true or false");
            }
            return value.booleanValue();
        });
    }

    /** The texts of an array. */
    Optional<List<String>> textArray(String member) {
        return value(member).map(array -> {
            List<String> texts = new ArrayList<>();
            for (JsonNode item : array) {
                texts.add(item.textValue());
            }
            if (!array.isArray() || texts.contains(null)) {
                throw refused(member, array, "an array of texts");
            }
            return texts;
        });
    }

    /** The objects of an array. */
    List<ControlBody> objects(String member) {
        List<ControlBody> objects = new ArrayList<>();
        value(member).ifPresent(array -> {
            if (!array.isArray()) {
                throw refused(member, array, "an array of objects");
            }
            for (JsonNode item : array) {
                String place = path + member + "[" + objects.size() + "]";
                if (!item.isObject()) {
                    throw ControlException.badRequest(place + " is " + shown(item) + "; allowed is an object");
                }
                objects.add(new ControlBody(place + ".", item));
            }
        });
        return objects;
    }

    /** An object of texts. */
    Map<String, String> texts(String member) {
        Map<String, String> texts = new LinkedHashMap<>();
        value(member).ifPresent(object -> {
            if (!object.isObject()) {
                throw refused(member, object, "an object of texts");
            }
            for (Map.Entry<String, JsonNode> entry : object.properties()) {
                if (!entry.getValue().isTextual()) {
                    // Without the value: environment values may be secrets.
                    throw ControlException.badRequest(path + member + "." + entry.getKey() + " is no text");
                }
                texts.put(entry.getKey(), entry.getValue().textValue());
            }
        });
        return texts;
    }

    void rejectOtherMembers() {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (!asked.contains(member.getKey())) {
                throw ControlException.badRequest("Unknown member " + path + member.getKey() + "; allowed are " + String.join(", ", asked));
            }
        }
    }

    ControlException refused(String member, String value, String allowed) {
        return ControlException.badRequest(path + member + " is " + value + "; allowed is " + allowed);
    }

    private ControlException refused(String member, JsonNode value, String allowed) {
        return refused(member, shown(value), allowed);
    }

    ControlException refused(String what) {
        return ControlException.badRequest((path.isEmpty() ? "" : path.substring(0, path.length() - 1) + ": ") + what);
    }

    private Optional<JsonNode> value(String member) {
        asked.add(member);
        JsonNode value = node.get(member);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    private static String shown(JsonNode value) {
        if (value.isFloatingPointNumber() && !Double.isFinite(value.doubleValue())) {
            return "a number too large";
        }
        String text = value.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
