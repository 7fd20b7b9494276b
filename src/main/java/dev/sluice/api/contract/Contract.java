package dev.sluice.api.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.contract.Operation.BodyLimit;
import dev.sluice.api.contract.Operation.Parameter;
import dev.sluice.api.contract.Operation.Place;
import dev.sluice.api.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What every AWS route takes: {@code openapi/lambda.json}, read once. Immutable. */
public final class Contract {

    private static final String RESOURCE = "/openapi/lambda.json";
    private static final String SCHEMAS = "#/components/schemas/";

    // Nobody recorded AWS's limit for operations without an upload; none of their members comes near this.
    private static final long DEFAULT_BODY_LIMIT = 1_048_576;

    private final Map<String, Operation> operations = new LinkedHashMap<>();
    private final JsonNode schemas;
    private final boolean relaxed;
    private final Map<String, Schema> read = new HashMap<>();

    private Contract(JsonNode document, boolean relaxed) {
        this.schemas = document.path("components").path("schemas");
        this.relaxed = relaxed;
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                Operation operation = operation(path.getKey(), method.getKey(), method.getValue());
                operations.put(operation.id(), operation);
            }
        }
    }

    /** The contract in this JAR, with AWS's own limits and once more with those that {@code --relaxed} replaces. */
    public record Pair(Contract strict, Contract relaxed) {
    }

    public static Pair load() {
        try (InputStream in = Contract.class.getResourceAsStream(RESOURCE)) {
            JsonNode document = Json.MAPPER.readTree(in);
            return new Pair(new Contract(document, false), new Contract(document, true));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE + " from the JAR", e);
        }
    }

    public Collection<Operation> operations() {
        return operations.values();
    }

    public Operation operation(String id) {
        Operation operation = operations.get(id);
        if (operation == null) {
            throw new IllegalArgumentException("no operation '" + id + "' in " + RESOURCE);
        }
        return operation;
    }

    private Operation operation(String path, String method, JsonNode node) {
        String id = node.path("operationId").asText();
        List<Parameter> parameters = new ArrayList<>();
        for (JsonNode parameter : node.path("parameters")) {
            String name = parameter.path("name").asText();
            parameters.add(new Parameter(parameter.path("x-member").asText(name), name,
                    Place.valueOf(parameter.path("in").asText().toUpperCase(Locale.ROOT)),
                    parameter.path("required").asBoolean(), schema(parameter.path("schema"))));
        }
        JsonNode body = node.path("requestBody").path("content").path("application/json").path("schema");
        JsonNode limit = node.path("x-body-limit");
        return new Operation(id, method.toUpperCase(Locale.ROOT), path, parameters,
                body.isMissingNode() ? null : (Schema.Structure) schema(body),
                new BodyLimit(limit.path("bytes").asLong(DEFAULT_BODY_LIMIT), limit.path("operation").asText(id)));
    }

    private Schema schema(JsonNode node) {
        String reference = node.path("$ref").asText("");
        if (reference.isEmpty()) {
            return inline("", node);
        }
        String name = reference.substring(SCHEMAS.length());
        Schema known = read.get(name);
        if (known == null) {
            known = inline(name, schemas.path(name));
            read.put(name, known);
        }
        return known;
    }

    private Schema inline(String name, JsonNode written) {
        JsonNode node = written;
        if (relaxed && written.has("x-relaxed")) {
            node = ((ObjectNode) written.deepCopy()).setAll((ObjectNode) written.get("x-relaxed"));
        }
        String type = node.path("type").asText();
        return switch (type) {
            case "string" -> text(node);
            case "boolean" -> new Schema.Flag();
            case "integer", "number" -> new Schema.Numeric(numericName(node), "integer".equals(type),
                    node.has("minimum") ? node.get("minimum").decimalValue() : null,
                    node.has("maximum") ? node.get("maximum").decimalValue() : null);
            case "array" -> new Schema.Elements(integer(node, "minItems"), integer(node, "maxItems"), schema(node.path("items")),
                    node.path("x-null-items").asBoolean());
            case "object" -> node.has("properties") ? structure(name, node) : new Schema.Entries(integer(node, "minProperties"),
                    integer(node, "maxProperties"), (Schema.Text) schema(node.path("propertyNames")),
                    schema(node.path("additionalProperties")), node.path("x-sensitive").asBoolean());
            default -> throw new IllegalArgumentException("schema '" + name + "' in " + RESOURCE + " has the type '" + type + "'");
        };
    }

    private Schema structure(String name, JsonNode node) {
        Map<String, Schema> members = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : node.path("properties").properties()) {
            members.put(member.getKey(), schema(member.getValue()));
        }
        Set<String> required = new LinkedHashSet<>();
        node.path("required").forEach(member -> required.add(member.asText()));
        Set<String> refused = new LinkedHashSet<>();
        node.path("x-refused").forEach(member -> refused.add(member.asText()));
        return new Schema.Structure(name, members, required, refused);
    }

    private static Schema text(JsonNode node) {
        if (node.has("contentEncoding")) {
            return new Schema.Blob();
        }
        List<String> values = new ArrayList<>();
        node.path("enum").forEach(value -> values.add(value.asText()));
        return new Schema.Text(integer(node, "minLength"), integer(node, "maxLength"),
                node.has("pattern") ? Pattern.compile(node.get("pattern").asText()) : null, List.copyOf(values),
                node.path("x-sensitive").asBoolean());
    }

    private static String numericName(JsonNode node) {
        return switch (node.path("format").asText()) {
            case "int32" -> "Integer";
            case "int64" -> "Long";
            case "epoch-seconds" -> "Timestamp";
            default -> "Double";
        };
    }

    private static Integer integer(JsonNode node, String member) {
        return node.has(member) ? node.get(member).intValue() : null;
    }
}
