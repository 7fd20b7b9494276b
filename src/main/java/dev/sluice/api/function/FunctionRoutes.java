package dev.sluice.api.function;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.aws.AwsOperation;
import dev.sluice.api.aws.AwsRequest;
import dev.sluice.api.aws.FunctionReferences;
import dev.sluice.api.aws.Marker;
import dev.sluice.api.aws.Page;
import dev.sluice.api.http.ApiServer;
import dev.sluice.api.http.Json;
import dev.sluice.api.http.Members;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionRegistry;
import dev.sluice.function.FunctionVersion;
import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.FunctionReference;
import dev.sluice.resource.Scope;
import dev.sluice.runtime.Functions;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;

/** The operations on functions and their {@code $LATEST}, but Invoke. Thread-safe. */
public final class FunctionRoutes {

    private final Functions functions;
    private final WithoutEffect withoutEffect = new WithoutEffect();

    public FunctionRoutes(Functions functions) {
        this.functions = functions;
    }

    public void addTo(Map<String, AwsOperation> handlers) {
        handlers.put("CreateFunction", this::create);
        handlers.put("ListFunctions", this::list);
        handlers.put("GetFunction", this::get);
        handlers.put("GetFunctionConfiguration", this::getConfiguration);
        handlers.put("UpdateFunctionCode", this::updateCode);
        handlers.put("UpdateFunctionConfiguration", this::updateConfiguration);
        handlers.put("DeleteFunction", this::delete);
    }

    private void create(AwsRequest request, Context ctx) {
        FunctionRegistry.Create create = FunctionRequests.create(request.caller(), request.body());
        FunctionDefinition created = functions.registry().create(request.caller(), create);
        withoutEffect.tell(created, request.caller(), ctx);
        // Recorded: the published version is answered, with the function's ARN.
        FunctionVersion shown = create.publish() ? created.publications().newest().orElseThrow() : created.latest();
        AwsOperation.answer(ctx, 201, new FunctionDocument(shown, created.arn(request.caller())).pending(unseen(ctx)));
    }

    private void get(AwsRequest request, Context ctx) {
        FunctionReference reference = FunctionReferences.of(request);
        FunctionDefinition found = functions.registry().get(request.caller(), reference);
        AwsOperation.answer(ctx, 200, document(found, request.caller(), reference.qualifier()).withCode(found));
    }

    private void getConfiguration(AwsRequest request, Context ctx) {
        FunctionReference reference = FunctionReferences.of(request);
        FunctionDefinition found = functions.registry().get(request.caller(), reference);
        AwsOperation.answer(ctx, 200, document(found, request.caller(), reference.qualifier()).active());
    }

    private void updateCode(AwsRequest request, Context ctx) {
        FunctionRegistry.CodeUpdate update = FunctionRequests.updateCode(request.body());
        FunctionDefinition updated = functions.registry().updateCode(request.caller(), FunctionReferences.named(request), update);
        FunctionArn arn = updated.arn(request.caller());
        if (update.dryRun()) {
            AwsOperation.answer(ctx, 200, new FunctionDocument(updated.latest(), arn).active());
        } else if (update.publish()) {
            FunctionVersion published = updated.publications().newest().orElseThrow();
            FunctionDocument document = new FunctionDocument(published, arn.withQualifier(published.version()));
            boolean there = published.lastModified().isBefore(updated.latest().lastModified());
            // Recorded: other than of a function, the revision of a version stays when it becomes Active.
            AwsOperation.answer(ctx, 200, there ? document.active() : document.pending(published.revisionId()));
        } else {
            AwsOperation.answer(ctx, 200, new FunctionDocument(updated.latest(), arn).inProgress(unseen(ctx)));
        }
    }

    private void updateConfiguration(AwsRequest request, Context ctx) {
        FunctionDefinition updated = functions.registry().updateConfiguration(request.caller(), FunctionReferences.named(request),
                FunctionMembers.ofConfiguration(request.caller(), request.body()), Members.text(request.body(), "RevisionId"));
        withoutEffect.tell(updated, request.caller(), ctx);
        AwsOperation.answer(ctx, 200, new FunctionDocument(updated.latest(), updated.arn(request.caller())).inProgress(unseen(ctx)));
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
        // A function of a master region is a replica that Lambda@Edge made; there are none here.
        List<FunctionDefinition> all = request.parameter("MasterRegion") == null ? functions.registry().list(request.caller()) : List.of();
        ObjectNode answer = Json.MAPPER.createObjectNode();
        ArrayNode found = answer.putArray("Functions");
        if ("ALL".equals(request.parameter("FunctionVersion"))) {
            VersionRoutes.addPage(all.stream(), request, answer, found);
        } else {
            Page<FunctionDefinition> page = Page.behind(Marker.function(request.parameter("Marker")), all, FunctionDefinition::name,
                    request.parameter("MaxItems"));
            page.items().forEach(function -> found.add(document(function, request.caller(), null).listed()));
            page.addMarkerTo(answer, function -> Marker.ofFunction(function.name()));
        }
        AwsOperation.answer(ctx, 200, answer);
    }

    private static FunctionDocument document(FunctionDefinition function, Scope caller, String qualifier) {
        return new FunctionDocument(function.version(qualifier).orElseThrow(), function.arn(caller).withQualifier(qualifier));
    }

    /** A revision that is shown once and never again; the request's own id is one that nothing else has. */
    private static String unseen(Context ctx) {
        return ctx.res().getHeader(ApiServer.REQUEST_ID);
    }
}
