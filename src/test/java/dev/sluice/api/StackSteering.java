package dev.sluice.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What is there on the server, and so what makes a made-up request meaningful: functions, versions, aliases and mappings that exist,
 * new names for what is created, and in {@link MappingRules} and {@link FunctionRules} the rules that AWS documents beside its
 * model. Confined to one thread.
 */
final class StackSteering {

    static final String FUNCTIONS = "arn:aws:lambda:us-east-1:111111111111:function:";
    static final List<String> LASTING = List.of("lasting-1", "lasting-2");
    static final String INVOKED = "invoked";
    /** Each lasting function has the versions 1 and 2. */
    static final List<String> VERSIONS = List.of("1", "2");
    static final String ALIAS = "live";

    private final Random random;
    private final MappingRules mappingRules;
    private final FunctionRules functionRules;
    /** What requests have created, and requests may delete. */
    private final List<String> functions = new ArrayList<>();
    private final List<String> aliases = new ArrayList<>();
    private final Map<String, ObjectNode> mappings = new HashMap<>();
    private int number;

    StackSteering(Random random) {
        this.random = random;
        this.mappingRules = new MappingRules(random);
        this.functionRules = new FunctionRules(random);
    }

    /** Makes the request meaningful; false where what it needs is not there at the moment, so that a 404 is right. */
    boolean steer(GeneratedRequest request) {
        ObjectNode parameters = request.parameters();
        ObjectNode body = request.body();
        parameters.remove("Marker");
        if (parameters.has("FunctionName")) {
            parameters.put("FunctionName", form(one(LASTING)));
        }
        if (parameters.has("Qualifier")) {
            parameters.put("Qualifier", random.nextBoolean() ? ALIAS : random.nextBoolean() ? one(VERSIONS) : "$LATEST");
        }
        boolean found = true;
        switch (request.operation().id()) {
            case "CreateFunction" -> functionRules.create(body, "made-" + number++);
            case "UpdateFunctionConfiguration" -> functionRules.configuration(body);
            case "UpdateFunctionCode" -> functionRules.code(body);
            case "DeleteFunction" -> found = deleteFunction(parameters);
            case "Invoke" -> invoke(request);
            case "PublishVersion" -> body.remove(List.of("CodeSha256", "RevisionId"));
            case "CreateAlias" -> {
                functionRules.alias(body);
                body.put("Name", "alias-" + number++);
                parameters.put("FunctionName", LASTING.get(0));
            }
            case "UpdateAlias" -> {
                functionRules.alias(body);
                body.remove("RevisionId");
                found = alias(parameters);
            }
            case "GetAlias", "DeleteAlias" -> found = alias(parameters);
            case "ListAliases" -> versionFilter(parameters);
            case "PutFunctionConcurrency" -> body.put("ReservedConcurrentExecutions", random.nextInt(10));
            case "TagResource" -> {
                functionRules.tags(body, "Tags");
                resource(parameters);
            }
            case "UntagResource" -> {
                // An empty list can't be told from none in a query.
                parameters.putArray("TagKeys").add("key-1").add("key-" + random.nextInt(9));
                resource(parameters);
            }
            case "ListTags" -> resource(parameters);
            case "CreateEventSourceMapping" -> {
                mappingRules.create(body, "topic-" + number++);
                body.put("FunctionName", qualified(one(LASTING)));
            }
            case "UpdateEventSourceMapping" -> {
                found = mapping(parameters);
                mappingRules.update(body, mappings.get(parameters.path("UUID").asText()));
                body.put("FunctionName", qualified(one(LASTING)));
            }
            case "GetEventSourceMapping", "DeleteEventSourceMapping" -> found = mapping(parameters);
            case "ListFunctions" -> {
                // With another region there is nothing to find, and it goes with ALL only.
                parameters.remove("MasterRegion");
            }
            default -> {}
        }
        return found;
    }

    /** Notes what there is after a request that was accepted. */
    void learn(GeneratedRequest request, JsonNode answer) {
        ObjectNode parameters = request.parameters();
        switch (request.operation().id()) {
            case "CreateFunction" -> functions.add(answer.path("FunctionName").asText());
            case "DeleteFunction" -> functions.remove(parameters.path("FunctionName").asText());
            case "CreateAlias" -> aliases.add(answer.path("Name").asText());
            case "DeleteAlias" -> aliases.remove(parameters.path("Name").asText());
            case "CreateEventSourceMapping", "UpdateEventSourceMapping" ->
                mappings.put(answer.path("UUID").asText(), (ObjectNode) answer);
            case "DeleteEventSourceMapping" -> mappings.remove(parameters.path("UUID").asText());
            default -> {}
        }
    }

    private boolean deleteFunction(ObjectNode parameters) {
        parameters.remove("Qualifier");
        parameters.put("FunctionName", functions.isEmpty() ? "nobody" : one(functions));
        return !functions.isEmpty();
    }

    private void invoke(GeneratedRequest request) {
        request.parameters().put("FunctionName", form(INVOKED)).remove(List.of("DurableExecutionName", "TenantId", "Qualifier"));
        if (request.parameters().has("ClientContext")) {
            request.parameters().put("ClientContext", "e30=");
        }
        request.payload("{\"records\":{}}".getBytes(StandardCharsets.UTF_8));
    }

    private boolean alias(ObjectNode parameters) {
        parameters.put("FunctionName", LASTING.get(0));
        parameters.put("Name", aliases.isEmpty() ? "nobody" : one(aliases));
        return !aliases.isEmpty();
    }

    private void versionFilter(ObjectNode parameters) {
        if (parameters.has("FunctionVersion")) {
            parameters.put("FunctionVersion", one(VERSIONS));
        }
    }

    private void resource(ObjectNode parameters) {
        parameters.put("Resource", mappings.isEmpty() || random.nextBoolean() ? FUNCTIONS + one(LASTING)
                : "arn:aws:lambda:us-east-1:111111111111:event-source-mapping:" + one(List.copyOf(mappings.keySet())));
    }

    private boolean mapping(ObjectNode parameters) {
        if (mappings.isEmpty()) {
            parameters.put("UUID", "11111111-2222-3333-4444-555555555555");
            return false;
        }
        parameters.put("UUID", one(List.copyOf(mappings.keySet())));
        return true;
    }

    /** One of the forms of a function's name that AWS takes. */
    private String form(String name) {
        return switch (random.nextInt(4)) {
            case 0 -> FUNCTIONS + name;
            case 1 -> "111111111111:function:" + name;
            default -> name;
        };
    }

    private String qualified(String name) {
        return form(name) + switch (random.nextInt(4)) {
            case 0 -> ":" + ALIAS;
            case 1 -> ":" + one(VERSIONS);
            case 2 -> ":$LATEST";
            default -> "";
        };
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}
