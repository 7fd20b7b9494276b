package dev.sluice.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionRegistry;
import dev.sluice.function.FunctionVersion;
import dev.sluice.function.Functions;
import dev.sluice.mapping.FunctionArn;
import dev.sluice.mapping.FunctionReference;
import dev.sluice.mapping.Scope;
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
        FunctionRegistry.Create create = FunctionRequests.create(request.caller(), request.body());
        FunctionDefinition created = functions.registry().create(request.caller(), create);
        // Recorded: the published version is answered, with the function's ARN.
        FunctionVersion shown = create.publish() ? created.publications().newest().orElseThrow() : created.latest();
        AwsRoutes.answer(ctx, 201, new FunctionDocument(shown, created.arn(request.caller())).pending(unseen(ctx)));
    }

    private void get(AwsRequest request, Context ctx) {
        FunctionReference reference = FunctionReferences.of(request);
        FunctionDefinition found = functions.registry().get(request.caller(), reference);
        AwsRoutes.answer(ctx, 200, document(found, request.caller(), reference.qualifier()).withCode(found));
    }

    private void getConfiguration(AwsRequest request, Context ctx) {
        FunctionReference reference = FunctionReferences.of(request);
        FunctionDefinition found = functions.registry().get(request.caller(), reference);
        AwsRoutes.answer(ctx, 200, document(found, request.caller(), reference.qualifier()).active());
    }

    private void updateCode(AwsRequest request, Context ctx) {
        FunctionRegistry.CodeUpdate update = FunctionRequests.updateCode(request.body());
        FunctionDefinition updated = functions.registry().updateCode(request.caller(), FunctionReferences.of(request), update);
        FunctionArn arn = updated.arn(request.caller());
        if (update.publish() && !update.dryRun()) {
            FunctionVersion published = updated.publications().newest().orElseThrow();
            AwsRoutes.answer(ctx, 200, new FunctionDocument(published, arn.withQualifier(published.version())).inProgress(unseen(ctx)));
        } else {
            AwsRoutes.answer(ctx, 200, new FunctionDocument(updated.latest(), arn).inProgress(unseen(ctx)));
        }
    }

    private void delete(AwsRequest request, Context ctx) {
        FunctionReference reference = FunctionReferences.forDelete(request);
        if (reference.qualifier() == null) {
            functions.registry().delete(request.caller(), reference);
        } else {
            functions.versions().delete(request.caller(), reference);
        }
        ctx.status(204);
    }

    private void list(AwsRequest request, Context ctx) {
        String after = Marker.function(request.parameter("Marker"));
        String maxItems = request.parameter("MaxItems");
        int limit = maxItems == null ? MOST_PER_PAGE : Math.min(Integer.parseInt(maxItems), MOST_PER_PAGE);
        String qualifier = "ALL".equals(request.parameter("FunctionVersion")) ? "$LATEST" : null;
        List<FunctionDefinition> rest = functions.registry().list(request.caller()).stream()
                .filter(function -> after == null || function.name().compareTo(after) > 0)
                .toList();
        ObjectNode answer = Json.MAPPER.createObjectNode();
        ArrayNode found = answer.putArray("Functions");
        List<FunctionDefinition> page = rest.subList(0, Math.min(limit, rest.size()));
        page.forEach(function -> found.add(document(function, request.caller(), qualifier).listed()));
        if (page.size() < rest.size()) {
            answer.put("NextMarker", Marker.ofFunction(page.get(page.size() - 1).name()));
        }
        AwsRoutes.answer(ctx, 200, answer);
    }

    private static FunctionDocument document(FunctionDefinition function, Scope caller, String qualifier) {
        return new FunctionDocument(function.version(qualifier).orElseThrow(), function.arn(caller).withQualifier(qualifier));
    }

    /** A revision that is shown once and never again; the request's own id is one that nothing else has. */
    private static String unseen(Context ctx) {
        return ctx.res().getHeader(ApiServer.REQUEST_ID);
    }
}
