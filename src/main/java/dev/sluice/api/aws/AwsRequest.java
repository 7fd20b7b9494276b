package dev.sluice.api.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.contract.ModelValidator;
import dev.sluice.api.contract.ModelledMembers;
import dev.sluice.api.contract.Operation;
import dev.sluice.api.contract.Operation.Parameter;
import dev.sluice.api.http.ApiException;
import dev.sluice.api.http.BodyJson;
import dev.sluice.api.http.Json;
import dev.sluice.resource.Scope;
import io.javalin.http.Context;
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
public record AwsRequest(Scope caller, Map<String, List<String>> parameters, ObjectNode body, byte[] payload) {

    /**
     * Reads and validates; throws {@link ApiException} for everything that is wrong with the form.
     *
     * @param bytes the body; null when none is read
     */
    public static AwsRequest read(Context ctx, byte[] bytes, Operation operation, CredentialScope credentials, ModelValidator validator) {
        Scope caller = credentials.of(ctx::header, ctx::queryParam);
        return of(caller, parameters(ctx, operation), bytes, operation, validator);
    }

    /** The same of a caller who didn't sign. @param bytes the body; null when none is read */
    public static AwsRequest of(Scope caller, Map<String, List<String>> parameters, byte[] bytes, Operation operation,
            ModelValidator validator) {
        ObjectNode body = operation.body() == null ? null : object(bytes);
        validator.validate(operation.id(), parameters, body);
        if (body != null) {
            ModelledMembers.keepOnly(operation.body(), body);
        }
        return new AwsRequest(caller, Map.copyOf(parameters), body, operation.body() == null ? bytes : null);
    }

    private static ObjectNode object(byte[] bytes) {
        if (bytes.length == 0) {
            return Json.MAPPER.createObjectNode();
        }
        try {
            return BodyJson.object(bytes);
        } catch (BodyJson.Unreadable e) {
            throw ApiException.serialization("the body " + e.getMessage());
        }
    }

    /** A parameter's value; null when absent. */
    public String parameter(String member) {
        return parameters.containsKey(member) ? parameters.get(member).get(0) : null;
    }

    /** The values of a parameter that is a list; empty when absent. */
    public List<String> parameterValues(String member) {
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
}
