package dev.sluice.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.Operation.Parameter;
import dev.sluice.mapping.Scope;
import io.javalin.http.Context;
import java.util.HashMap;
import java.util.Map;

/**
 * One request whose form keeps the contract.
 *
 * @param parameters decoded values from path, query and headers, by member name; absent ones are missing
 * @param body the JSON body, empty when nothing was sent; null when the operation takes none
 * @param payload the body's bytes where it is not JSON by contract; else null
 */
record AwsRequest(Scope caller, Map<String, String> parameters, ObjectNode body, byte[] payload) {

    /** Reads and validates; throws {@link ApiException} for everything that is wrong with the form. */
    static AwsRequest read(Context ctx, Operation operation, CredentialScope credentials, ModelValidator validator) {
        // Read also when it is refused: most clients look at the answer only after they have sent everything.
        byte[] bytes = "GET".equals(operation.method()) || "DELETE".equals(operation.method()) ? null
                : RequestBody.bytes(ctx, operation.bodyLimit());
        Scope caller = credentials.of(ctx::header, ctx::queryParam);
        Map<String, String> parameters = parameters(ctx, operation);
        ObjectNode body = operation.body() == null ? null : RequestBody.object(bytes);
        validator.validate(operation.id(), parameters, body);
        return new AwsRequest(caller, Map.copyOf(parameters), body, operation.body() == null ? bytes : null);
    }

    /** A parameter's value; null when absent. */
    String parameter(String member) {
        return parameters.get(member);
    }

    private static Map<String, String> parameters(Context ctx, Operation operation) {
        Map<String, String> values = new HashMap<>();
        for (Parameter parameter : operation.parameters()) {
            String value = switch (parameter.place()) {
                case PATH -> ctx.pathParam(parameter.name());
                case QUERY -> ctx.queryParam(parameter.name());
                case HEADER -> ctx.header(parameter.name());
            };
            if (value != null) {
                values.put(parameter.member(), value);
            }
        }
        return values;
    }
}
