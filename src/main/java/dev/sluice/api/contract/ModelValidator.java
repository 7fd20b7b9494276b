package dev.sluice.api.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.contract.Operation.Parameter;
import dev.sluice.api.http.ApiException;
import dev.sluice.api.http.Json;
import java.util.List;
import java.util.Map;

/**
 * Whether a request keeps what the contract says about its members. All violations are collected into one ValidationException, as
 * AWS does; their order is the contract's. Thread-safe.
 */
public final class ModelValidator {

    /** The contracts differ in Topics only. */
    static final String RELAXED_HINT = "AWS takes one topic, of two or more characters, for each mapping. Either create a mapping for each"
            + " topic or start the server with --relaxed.";

    private final Contract.Pair contracts;
    private final boolean relaxed;

    /** @param relaxed whether the limits that {@code --relaxed} lifts are lifted */
    public ModelValidator(Contract.Pair contracts, boolean relaxed) {
        this.contracts = contracts;
        this.relaxed = relaxed;
    }

    /**
     * @param parameters decoded values from path, query and headers by member name; one of each but for lists; absent ones are
     *     missing
     * @param body the JSON body; null when the operation takes none
     * @throws ApiException SerializationException when a member has another JSON type, ValidationException for the rest
     */
    public void validate(String operationId, Map<String, List<String>> parameters, ObjectNode body) {
        Contract contract = relaxed ? contracts.relaxed() : contracts.strict();
        List<Violation> violations = violations(contract.operation(operationId), parameters, body);
        if (violations.isEmpty()) {
            return;
        }
        boolean wouldPass = !relaxed && violations(contracts.relaxed().operation(operationId), parameters, body).isEmpty();
        throw ApiException.validation(Violation.message(violations), wouldPass ? RELAXED_HINT : null);
    }

    private static List<Violation> violations(Operation operation, Map<String, List<String>> parameters, ObjectNode body) {
        ConstraintCheck check = new ConstraintCheck();
        for (Parameter parameter : operation.parameters()) {
            String path = ConstraintCheck.lowerFirst(parameter.member());
            List<String> values = parameters.get(parameter.member());
            if (values == null && parameter.required()) {
                check.missing(path);
            } else if (values != null) {
                check.value(path, parameter.schema(), fromTexts(path, parameter, values));
            }
        }
        if (operation.body() != null) {
            check.structure("", operation.body(), body);
        }
        return check.violations();
    }

    private static JsonNode fromTexts(String path, Parameter parameter, List<String> texts) {
        if (!parameter.repeated()) {
            return fromText(path, parameter.schema(), texts.get(0));
        }
        ArrayNode list = Json.MAPPER.createArrayNode();
        texts.forEach(text -> list.add(fromText(path, ((Schema.Elements) parameter.schema()).element(), text)));
        return list;
    }

    private static JsonNode fromText(String path, Schema schema, String text) {
        if (!(schema instanceof Schema.Numeric)) {
            return Json.MAPPER.getNodeFactory().textNode(text);
        }
        if (!text.matches("[+-]?\\d{1,18}")) {
            throw ApiException.serialization("'" + path + "' is '" + text + "': STRING_VALUE can not be converted to an Integer");
        }
        return Json.MAPPER.getNodeFactory().numberNode(Long.parseLong(text));
    }
}
