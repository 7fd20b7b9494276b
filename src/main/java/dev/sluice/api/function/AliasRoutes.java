package dev.sluice.api.function;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.aws.AwsOperation;
import dev.sluice.api.aws.AwsRequest;
import dev.sluice.api.aws.FunctionReferences;
import dev.sluice.api.aws.Marker;
import dev.sluice.api.aws.Page;
import dev.sluice.api.http.Json;
import dev.sluice.api.http.Members;
import dev.sluice.function.FunctionAlias;
import dev.sluice.function.FunctionAliases;
import dev.sluice.resource.FunctionReference;
import dev.sluice.runtime.Functions;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The operations on aliases. A qualifier in FunctionName doesn't matter to them. Thread-safe. */
public final class AliasRoutes {

    private final Functions functions;

    public AliasRoutes(Functions functions) {
        this.functions = functions;
    }

    public void addTo(Map<String, AwsOperation> handlers) {
        handlers.put("CreateAlias", this::create);
        handlers.put("GetAlias", this::get);
        handlers.put("ListAliases", this::list);
        handlers.put("UpdateAlias", this::update);
        handlers.put("DeleteAlias", this::delete);
    }

    private void create(AwsRequest request, Context ctx) {
        FunctionReference function = FunctionReferences.unqualified(request);
        FunctionAlias created = functions.aliases().create(request.caller(), function, Members.text(request.body(), "Name"),
                change(request.body()));
        AwsOperation.answer(ctx, 201, document(request, function, created));
    }

    private void get(AwsRequest request, Context ctx) {
        FunctionReference function = FunctionReferences.unqualified(request);
        AwsOperation.answer(ctx, 200, document(request, function,
                functions.aliases().get(request.caller(), function, request.parameter("Name"))));
    }

    private void list(AwsRequest request, Context ctx) {
        FunctionReference function = FunctionReferences.unqualified(request);
        List<FunctionAlias> all = functions.aliases().list(request.caller(), function, request.parameter("FunctionVersion"));
        Page<FunctionAlias> page = Page.behind(Marker.alias(request.parameter("Marker")), all, FunctionAlias::name,
                request.parameter("MaxItems"));
        ObjectNode answer = Json.MAPPER.createObjectNode();
        ArrayNode aliases = answer.putArray("Aliases");
        page.items().forEach(alias -> aliases.add(document(request, function, alias)));
        page.addMarkerTo(answer, alias -> Marker.ofAlias(alias.name()));
        AwsOperation.answer(ctx, 200, answer);
    }

    private void update(AwsRequest request, Context ctx) {
        FunctionReference function = FunctionReferences.unqualified(request);
        FunctionAlias updated = functions.aliases().update(request.caller(), function, request.parameter("Name"), change(request.body()),
                Members.text(request.body(), "RevisionId"));
        AwsOperation.answer(ctx, 200, document(request, function, updated));
    }

    private void delete(AwsRequest request, Context ctx) {
        functions.aliases().delete(request.caller(), FunctionReferences.unqualified(request), request.parameter("Name"));
        ctx.status(204);
    }

    private static FunctionAliases.Change change(ObjectNode body) {
        Map<String, Double> weights = null;
        if (body.hasNonNull("RoutingConfig")) {
            // {} and {"AdditionalVersionWeights": {}} take the weights away (recorded for an update).
            weights = new LinkedHashMap<>();
            for (var weight : body.get("RoutingConfig").path("AdditionalVersionWeights").properties()) {
                weights.put(weight.getKey(), weight.getValue().doubleValue());
            }
        }
        return new FunctionAliases.Change(Members.text(body, "FunctionVersion"), Members.text(body, "Description"), weights);
    }

    private static ObjectNode document(AwsRequest request, FunctionReference function, FunctionAlias alias) {
        ObjectNode document = Json.MAPPER.createObjectNode();
        document.put("AliasArn", function.resolve(request.caller()).withQualifier(alias.name()).toString());
        document.put("Name", alias.name());
        document.put("FunctionVersion", alias.version());
        document.put("Description", alias.description());
        if (!alias.additionalVersionWeights().isEmpty()) {
            alias.additionalVersionWeights().forEach(document.putObject("RoutingConfig").putObject("AdditionalVersionWeights")::put);
        }
        return document.put("RevisionId", alias.revisionId());
    }
}
