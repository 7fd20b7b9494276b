package dev.sluice.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Whether an answer of an AWS path is one that {@code openapi/lambda.json} declares: its status, the members of its body and their
 * types, and for an error its name under its status. Members that the contract doesn't know are violations. Thread-safe.
 */
public final class ResponseContract {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SCHEMAS = "#/components/schemas/";
    private static final Pattern AWS_PATH = Pattern.compile("/\\d{4}-\\d{2}-\\d{2}/.*");
    private static final ResponseContract SHIPPED = new ResponseContract(shipped());

    private final JsonNode document;
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final Map<JsonNode, Schema> schemas = new ConcurrentHashMap<>();

    private final JsonNode definitions;

    private ResponseContract(JsonNode document) {
        this.document = document;
        this.definitions = closed(document.path("components").path("schemas"));
    }

    /**
     * Throws an AssertionError when the answer is none that the contract declares. Paths that are not AWS's pass.
     *
     * @param path as it was sent, without the query
     * @param header a header's value by its name; null when absent
     */
    public static void check(String method, String path, int status, UnaryOperator<String> header, String body) {
        if (!AWS_PATH.matcher(path).matches()) {
            return;
        }
        String wrong = SHIPPED.violation(method, path, status, header, body);
        if (wrong != null) {
            throw new AssertionError(method + " " + path + " answered " + status + ", which breaks openapi/lambda.json: " + wrong
                    + "\n" + body);
        }
    }

    private String violation(String method, String path, int status, UnaryOperator<String> header, String body) {
        if (header.apply("x-amzn-RequestId") == null) {
            return "it has no x-amzn-RequestId";
        }
        JsonNode operation = operation(method, path);
        if (status >= 400) {
            return errorViolation(operation, status, header.apply("x-amzn-ErrorType"), body);
        }
        if (operation == null) {
            return "there is no such operation";
        }
        JsonNode response = operation.path("responses").path(String.valueOf(status));
        if (response.isMissingNode()) {
            return operation.path("operationId").asText() + " has no such status";
        }
        if (!response.has("content")) {
            return body.isEmpty() ? null : "it has a body";
        }
        String type = header.apply("Content-Type");
        if (type == null || !response.path("content").has(type)) {
            return "its Content-Type is " + type;
        }
        JsonNode schema = response.path("content").path(type).path("schema");
        return schema.isMissingNode() ? null : bodyViolation(schema, body);
    }

    private String errorViolation(JsonNode operation, int status, String error, String body) {
        if (error == null) {
            return "it has no x-amzn-ErrorType";
        }
        if (operation == null && "UnknownOperationException".equals(error)) {
            return status == 404 && ("<UnknownOperationException/>".equals(body) || body.isEmpty()) ? null
                    : "an unknown operation is a 404 in XML";
        }
        Set<String> declared = new LinkedHashSet<>();
        document.path("x-common-errors").forEach(name -> declared.add(name.asText()));
        if (operation != null) {
            operation.path("responses").path(String.valueOf(status)).findValuesAsText("$ref").forEach(
                    reference -> declared.add(reference.substring(SCHEMAS.length())));
        }
        if (!declared.contains(error)) {
            return error + " is none of its errors, " + declared;
        }
        JsonNode schema = document.path("components").path("schemas").path(error);
        // What HTTP has a status of its own for keeps it.
        boolean anyStatus = "MalformedHttpRequestException".equals(error);
        if (!anyStatus && schema.path("x-status").asInt() != status) {
            return error + " is declared with the status " + schema.path("x-status").asInt();
        }
        return bodyViolation(JSON.createObjectNode().put("$ref", SCHEMAS + error), body);
    }

    private String bodyViolation(JsonNode schema, String body) {
        JsonNode value;
        try {
            value = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return "its body is no JSON";
        }
        List<Error> errors = schemas.computeIfAbsent(schema, this::schema).validate(value);
        return errors.isEmpty() ? null : String.join("; ", errors.stream().map(Error::toString).toList());
    }

    private Schema schema(JsonNode part) {
        ObjectNode whole = (ObjectNode) relocated(part);
        whole.set("$defs", definitions);
        return registry.getSchema(whole);
    }

    /** The operation that serves a path; null for none. */
    private JsonNode operation(String method, String path) {
        for (Map.Entry<String, JsonNode> template : document.path("paths").properties()) {
            String form = template.getKey().replaceAll("\\{[^}]+}", "[^/]+") + "/?";
            JsonNode operation = template.getValue().path(method.toLowerCase(Locale.ROOT));
            if (path.matches(form) && !operation.isMissingNode() && method.equals(method.toUpperCase(Locale.ROOT))) {
                return operation;
            }
        }
        return null;
    }

    // A request's unknown members are ignored, so the contract leaves objects open; an answer has no others than it declares.
    private static JsonNode closed(JsonNode schemas) {
        JsonNode closed = relocated(schemas);
        for (JsonNode node : closed.findParents("type")) {
            if (node instanceof ObjectNode schema && schema.path("type").isTextual()) {
                if (schema.has("x-relaxed")) {
                    schema.setAll((ObjectNode) schema.get("x-relaxed"));
                }
                if (schema.has("properties")) {
                    schema.put("additionalProperties", false);
                }
                if (schema.has("pattern")) {
                    schema.put("pattern", "^(?:" + schema.get("pattern").asText() + ")$");
                }
                schema.remove(List.of("x-refused", "x-relaxed", "x-null-items", "x-sensitive", "x-status"));
            }
        }
        return closed;
    }

    // The validator knows JSON Schema, where shared schemas have another place than in OpenAPI.
    private static JsonNode relocated(JsonNode node) {
        try {
            return JSON.readTree(node.toString().replace("\"" + SCHEMAS, "\"#/$defs/"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode shipped() {
        try (InputStream in = ResponseContract.class.getResourceAsStream("/openapi/lambda.json")) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
