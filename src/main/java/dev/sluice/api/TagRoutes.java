package dev.sluice.api;

import dev.sluice.api.aws.AwsOperation;
import dev.sluice.api.aws.AwsRequest;
import dev.sluice.api.aws.FunctionReferences;
import dev.sluice.api.aws.TagMembers;
import dev.sluice.api.http.ApiException;
import dev.sluice.function.FunctionException;
import dev.sluice.mapping.MappingException;
import dev.sluice.mapping.MappingTags;
import dev.sluice.resource.FunctionReference;
import dev.sluice.runtime.Functions;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;

/** The operations on tags, of mappings and of functions alike: the ARN tells which. Thread-safe. */
final class TagRoutes {

    private enum Kind { MAPPING, FUNCTION, OTHER }

    private final MappingTags mappings;
    private final Functions functions;

    TagRoutes(MappingTags mappings, Functions functions) {
        this.mappings = mappings;
        this.functions = functions;
    }

    void addTo(Map<String, AwsOperation> handlers) {
        handlers.put("ListTags", this::list);
        handlers.put("TagResource", this::tag);
        handlers.put("UntagResource", this::untag);
    }

    private void list(AwsRequest request, Context ctx) {
        String arn = request.parameter("Resource");
        Map<String, String> tags = switch (kind(arn)) {
            case MAPPING -> mappings.list(request.caller(), arn).values();
            case FUNCTION -> functions.account().tags(request.caller(), function(request, arn)).values();
            case OTHER -> throw new MappingException.NotFound();
        };
        AwsOperation.answer(ctx, 200, TagMembers.document(tags));
    }

    private void tag(AwsRequest request, Context ctx) {
        String arn = request.parameter("Resource");
        Map<String, String> tags = TagMembers.read(request.body());
        if (tags.isEmpty()) {
            throw ApiException.invalidParameter("An error occurred and the request cannot be processed."); // recorded
        }
        switch (kind(arn)) {
            case MAPPING -> mappings.tag(request.caller(), arn, tags);
            case FUNCTION -> functions.account().tag(request.caller(), function(request, arn), tags);
            case OTHER -> throw new MappingException.NotFound();
        }
        ctx.status(204);
    }

    private void untag(AwsRequest request, Context ctx) {
        String arn = request.parameter("Resource");
        List<String> keys = request.parameterValues("TagKeys");
        switch (kind(arn)) {
            case MAPPING -> mappings.untag(request.caller(), arn, keys);
            case FUNCTION -> functions.account().untag(request.caller(), function(request, arn), keys);
            case OTHER -> throw new MappingException.NotFound();
        }
        ctx.status(204);
    }

    /** What an ARN names that keeps the contract; there are no layers, signing configurations and capacity providers here. */
    private static Kind kind(String arn) {
        return switch (arn.split(":", 7)[5]) {
            case "event-source-mapping" -> Kind.MAPPING;
            case "function" -> Kind.FUNCTION;
            default -> Kind.OTHER;
        };
    }

    private static FunctionReference function(AwsRequest request, String arn) {
        FunctionReference function = FunctionReferences.parse(arn);
        if (function.qualifier() != null) {
            // Recorded.
            throw new FunctionException.InvalidParameter(
                    "Tags on function aliases and versions are not supported. Please specify a function ARN.");
        }
        FunctionReferences.requireReachable(function, request.caller());
        return function;
    }
}
