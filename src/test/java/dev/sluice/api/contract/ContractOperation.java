package dev.sluice.api.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One operation as the contract's text has it, read again for the tests: they must not believe the product's own reading. Immutable.
 *
 * @param body the schema of the JSON body; null when there is none
 */
public record ContractOperation(String id, String method, String path, List<Parameter> parameters, JsonNode body) {

    /** @param place {@code path}, {@code query} or {@code header} */
    public record Parameter(String member, String name, String place, boolean required, JsonNode schema) {
    }

    /** All operations of the contract. */
    public static List<ContractOperation> all(JsonNode document) {
        List<ContractOperation> operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                JsonNode operation = method.getValue();
                List<Parameter> parameters = new ArrayList<>();
                for (JsonNode parameter : operation.path("parameters")) {
                    String name = parameter.path("name").asText();
                    parameters.add(new Parameter(parameter.path("x-member").asText(name), name, parameter.path("in").asText(),
                            parameter.path("required").asBoolean(), parameter.path("schema")));
                }
                JsonNode body = operation.path("requestBody").path("content").path("application/json").path("schema");
                operations.add(new ContractOperation(operation.path("operationId").asText(), method.getKey().toUpperCase(Locale.ROOT),
                        path.getKey(), List.copyOf(parameters), body.isMissingNode() ? null : body));
            }
        }
        return operations;
    }
}
