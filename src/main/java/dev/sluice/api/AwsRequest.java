package dev.sluice.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.Operation.BodyLimit;
import dev.sluice.api.Operation.Parameter;
import dev.sluice.mapping.Scope;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One request whose form keeps the contract.
 *
 * @param parameters decoded values from path, query and headers, by member name; one of each but for lists; absent ones are
 *     missing
 * @param body the JSON body, empty when nothing was sent; null when the operation takes none
 * @param payload the body's bytes where it is not JSON by contract; else null
 */
record AwsRequest(Scope caller, Map<String, List<String>> parameters, ObjectNode body, byte[] payload) {

    /** Reads and validates; throws {@link ApiException} for everything that is wrong with the form. */
    static AwsRequest read(Context ctx, Operation operation, CredentialScope credentials, ModelValidator validator)
            throws IOException {
        Scope caller = credentials.of(ctx.header("Authorization"));
        Map<String, List<String>> parameters = parameters(ctx, operation);
        byte[] bytes = "GET".equals(operation.method()) || "DELETE".equals(operation.method()) ? null
                : readBody(ctx, operation.bodyLimit());
        ObjectNode body = operation.body() == null ? null : parse(bytes);
        validator.validate(operation.id(), parameters, body);
        return new AwsRequest(caller, Map.copyOf(parameters), body, operation.body() == null ? bytes : null);
    }

    /** A parameter's value; null when absent. */
    String parameter(String member) {
        return parameters.containsKey(member) ? parameters.get(member).get(0) : null;
    }

    /** The values of a parameter that is a list; empty when absent. */
    List<String> parameterValues(String member) {
        return parameters.getOrDefault(member, List.of());
    }

    private static Map<String, List<String>> parameters(Context ctx, Operation operation) {
        Map<String, List<String>> values = new HashMap<>();
        for (Parameter parameter : operation.parameters()) {
            List<String> given = switch (parameter.place()) {
                case PATH -> List.of(ctx.pathParam(parameter.name()));
                case QUERY -> ctx.queryParams(parameter.name());
                case HEADER -> Stream.ofNullable(ctx.header(parameter.name())).toList();
            };
            if (!given.isEmpty()) {
                values.put(parameter.member(), parameter.repeated() ? given : given.subList(0, 1));
            }
        }
        return values;
    }

    private static ObjectNode parse(byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            return Json.MAPPER.createObjectNode();
        }
        try {
            JsonNode node = Json.MAPPER.readTree(bytes);
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw ApiException.serialization("the body must be a JSON object, not " + node.getNodeType());
        } catch (JsonProcessingException e) {
            throw ApiException.serialization("the body is no JSON: " + e.getOriginalMessage()
                    + (e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr()));
        }
    }

    private static byte[] readBody(Context ctx, BodyLimit limit) throws IOException {
        int announced = Math.max(ctx.contentLength(), 0);
        ByteArrayOutputStream body = new ByteArrayOutputStream((int) Math.min(Math.max(announced, 512), limit.bytes()));
        byte[] buffer = new byte[16_384];
        long read = 0;
        InputStream in = ctx.req().getInputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            read += n;
            if (read <= limit.bytes()) {
                body.write(buffer, 0, n);
            } else if (read > 2 * limit.bytes()) {
                break;
            }
            // In between the rest is read and dropped: most clients look at the answer only after they have sent everything.
        }
        if (read > limit.bytes()) {
            throw ApiException.of(ErrorType.REQUEST_ENTITY_TOO_LARGE,
                    "Request must be smaller than " + limit.bytes() + " bytes for the " + limit.operation() + " operation");
        }
        return body.toByteArray();
    }
}
