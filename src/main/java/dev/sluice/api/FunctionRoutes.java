package dev.sluice.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.function.CodeSource;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.Functions;
import dev.sluice.mapping.FunctionReference;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;

/** The operations on functions, but Invoke. Thread-safe. */
final class FunctionRoutes {

    // "up to 50 functions per call" (API reference of ListFunctions)
    private static final int MOST_PER_PAGE = 50;

    private final Functions functions;

    FunctionRoutes(Functions functions) {
        this.functions = functions;
    }

    void addTo(Map<String, AwsRoutes.Handler> handlers) {
        handlers.put("CreateFunction", this::create);
        handlers.put("ListFunctions", this::list);
        handlers.put("GetFunction", this::get);
        handlers.put("GetFunctionConfiguration", this::getConfiguration);
        handlers.put("UpdateFunctionCode", this::updateCode);
        handlers.put("DeleteFunction", this::delete);
    }

    private void create(AwsRequest request, Context ctx) {
        FunctionDefinition created = functions.create(request.caller(), FunctionRequests.create(request.caller(), request.body()));
        AwsRoutes.answer(ctx, 201, new FunctionDocument(created, request.caller()).created());
    }

    private void get(AwsRequest request, Context ctx) {
        FunctionReference reference = FunctionReferences.of(request);
        FunctionDefinition found = functions.get(request.caller(), reference);
        AwsRoutes.answer(ctx, 200, new FunctionDocument(found, request.caller()).withCode(reference.qualifier()));
    }

    private void getConfiguration(AwsRequest request, Context ctx) {
        FunctionReference reference = FunctionReferences.of(request);
        FunctionDefinition found = functions.get(request.caller(), reference);
        AwsRoutes.answer(ctx, 200, new FunctionDocument(found, request.caller()).configuration(reference.qualifier()));
    }

    private void updateCode(AwsRequest request, Context ctx) {
        FunctionReference reference = FunctionReferences.of(request);
        CodeSource code = FunctionRequests.updatedCode(request.body());
        String revision = FunctionRequests.revisionId(request.body());
        if (revision != null && !revision.equals(functions.get(request.caller(), reference).revisionId())) {
            throw ApiException.of(ErrorType.PRECONDITION_FAILED, "The Revision Id provided does not match the latest Revision Id. "
                    + "Call the GetFunction/GetAlias API to retrieve the latest Revision Id");
        }
        FunctionDefinition updated = functions.updateCode(request.caller(), reference, code);
        AwsRoutes.answer(ctx, 200, new FunctionDocument(updated, request.caller()).configuration(null));
    }

    private void delete(AwsRequest request, Context ctx) {
        functions.delete(request.caller(), FunctionReferences.forDelete(request));
        ctx.status(204);
    }

    private void list(AwsRequest request, Context ctx) {
        String after = Marker.function(request.parameter("Marker"));
        String maxItems = request.parameter("MaxItems");
        int limit = maxItems == null ? MOST_PER_PAGE : Math.min(Integer.parseInt(maxItems), MOST_PER_PAGE);
        String qualifier = "ALL".equals(request.parameter("FunctionVersion")) ? "$LATEST" : null;
        List<FunctionDefinition> rest = functions.list(request.caller()).stream()
                .filter(function -> after == null || function.name().compareTo(after) > 0)
                .toList();
        ObjectNode answer = Json.MAPPER.createObjectNode();
        ArrayNode found = answer.putArray("Functions");
        List<FunctionDefinition> page = rest.subList(0, Math.min(limit, rest.size()));
        page.forEach(function -> found.add(new FunctionDocument(function, request.caller()).listed(qualifier)));
        if (page.size() < rest.size()) {
            answer.put("NextMarker", Marker.ofFunction(page.get(page.size() - 1).name()));
        }
        AwsRoutes.answer(ctx, 200, answer);
    }
}
