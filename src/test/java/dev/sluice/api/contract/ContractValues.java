package dev.sluice.api.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.curiousoddman.rgxgen.RgxGen;
import com.github.curiousoddman.rgxgen.config.RgxGenOption;
import com.github.curiousoddman.rgxgen.config.RgxGenProperties;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;

/** Makes up values that the contract's schemas allow; often just at a limit. Confined to one thread. */
public final class ContractValues {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String SCHEMAS = "#/components/schemas/";
    /** The generator knows only some of it; what it makes is matched against the whole pattern anyway. */
    private static final Pattern LOOKAROUND = Pattern.compile("\\(\\?<?[!=](?:[^()]|\\([^()]*\\))*\\)");
    private static final RgxGenProperties SHORT = new RgxGenProperties();
    private static final int TRIES = 200;
    private static final long NOW = 1_790_000_000;

    static {
        // Patterns repeat several times without a limit, in texts that have one.
        RgxGenOption.INFINITE_PATTERN_REPETITION.setInProperties(SHORT, 16);
    }

    private final JsonNode schemas;
    private final Random random;
    private final Map<String, RgxGen> generators = new HashMap<>();
    private final Map<String, Pattern> patterns = new HashMap<>();

    public ContractValues(JsonNode document, Random random) {
        this.schemas = document.path("components").path("schemas");
        this.random = random;
    }

    /** The schema itself where there is a reference to it. */
    public JsonNode resolved(JsonNode schema) {
        String reference = schema.path("$ref").asText("");
        return reference.isEmpty() ? schema : schemas.path(reference.substring(SCHEMAS.length()));
    }

    /** A structure with known members, other than a map. */
    public boolean isStructure(JsonNode schema) {
        return resolved(schema).has("properties");
    }

    public JsonNode valid(JsonNode unresolved) {
        JsonNode schema = resolved(unresolved);
        return switch (schema.path("type").asText()) {
            case "string" -> NODES.textNode(text(schema));
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            case "integer" -> NODES.numberNode(whole(schema));
            case "number" -> "epoch-seconds".equals(schema.path("format").asText())
                    ? NODES.numberNode(NOW - random.nextInt(1_000_000)) : NODES.numberNode(schema.path("minimum").asDouble(0)
                            + random.nextDouble() * (schema.path("maximum").asDouble(1) - schema.path("minimum").asDouble(0)));
            case "array" -> array(schema);
            default -> schema.has("properties") ? structure(schema) : entries(schema);
        };
    }

    private ArrayNode array(JsonNode schema) {
        ArrayNode array = NODES.arrayNode();
        int size = size(schema.path("minItems").asInt(0), schema.path("maxItems").asInt(3));
        while (array.size() < size) {
            array.add(valid(schema.path("items")));
        }
        return array;
    }

    private ObjectNode structure(JsonNode schema) {
        ObjectNode structure = NODES.objectNode();
        for (Map.Entry<String, JsonNode> member : schema.path("properties").properties()) {
            boolean required = false;
            for (JsonNode name : schema.path("required")) {
                required |= name.asText().equals(member.getKey());
            }
            if (required || random.nextInt(3) == 0) {
                structure.set(member.getKey(), valid(member.getValue()));
            } else if (random.nextInt(20) == 0) {
                // As good as absent.
                structure.putNull(member.getKey());
            }
        }
        return structure;
    }

    private ObjectNode entries(JsonNode schema) {
        ObjectNode entries = NODES.objectNode();
        int size = size(schema.path("minProperties").asInt(0), schema.path("maxProperties").asInt(3));
        for (int i = 0; i < size; i++) {
            entries.set(text(resolved(schema.path("propertyNames"))), valid(schema.path("additionalProperties")));
        }
        return entries;
    }

    private int size(int min, int max) {
        int some = Math.min(max, min + 3);
        return random.nextInt(8) == 0 && max <= 50 ? max : min + random.nextInt(some - min + 1);
    }

    private long whole(JsonNode schema) {
        long min = schema.path("minimum").asLong(0);
        long max = schema.path("maximum").asLong(1000);
        return switch (random.nextInt(4)) {
            case 0 -> min;
            case 1 -> max;
            default -> min + (long) (random.nextDouble() * (max - min));
        };
    }

    public String text(JsonNode schema) {
        if (schema.has("enum")) {
            return schema.path("enum").get(random.nextInt(schema.path("enum").size())).asText();
        }
        if (schema.has("contentEncoding")) {
            return "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==";
        }
        int min = schema.path("minLength").asInt(0);
        int max = schema.path("maxLength").asInt(200);
        for (int i = 0; i < TRIES; i++) {
            String text = schema.has("pattern") ? generator(schema).generate(random)
                    : letters(min + random.nextInt(Math.min(max - min, 20) + 1));
            text = random.nextInt(6) == 0 ? longer(text, max) : text;
            if (text.length() >= min && text.length() <= max && matches(schema, text)) {
                return text;
            }
        }
        throw new IllegalStateException("no text found for " + schema);
    }

    /** A text of just this length, which matches the pattern where that is easy to reach. */
    public String ofLength(JsonNode schema, int length) {
        String text = length == 0 ? "" : text(schema);
        return text.length() > length ? text.substring(0, length) : longer(text.isEmpty() ? "a" : text, length).substring(0, length);
    }

    /** A text within the limits of length that misses the pattern; null when nothing does. */
    public String missing(JsonNode schema) {
        int min = Math.max(1, schema.path("minLength").asInt(0));
        int max = schema.path("maxLength").asInt(200);
        for (int i = 0; i < TRIES; i++) {
            String text;
            try {
                text = generator(schema).generateNotMatching(random).strip();
            } catch (RuntimeException everythingMatches) {
                return null;
            }
            text = text.length() > max ? text.substring(0, max).strip() : text;
            if (text.length() >= min && !matches(schema, text) && !text.startsWith(".")) {
                return text;
            }
        }
        return null;
    }

    private RgxGen generator(JsonNode schema) {
        return generators.computeIfAbsent(schema.path("pattern").asText(),
                pattern -> RgxGen.parse(SHORT, LOOKAROUND.matcher(pattern).replaceAll("")));
    }

    private boolean matches(JsonNode schema, String text) {
        return !schema.has("pattern")
                || patterns.computeIfAbsent(schema.path("pattern").asText(), Pattern::compile).matcher(text).matches();
    }

    private static String longer(String text, int length) {
        String last = text.isEmpty() ? "a" : text.substring(text.length() - 1);
        return text.length() >= length ? text : text + last.repeat(length - text.length());
    }

    private String letters(int length) {
        StringBuilder letters = new StringBuilder();
        while (letters.length() < length) {
            letters.append((char) ('a' + random.nextInt(26)));
        }
        return letters.toString();
    }
}
