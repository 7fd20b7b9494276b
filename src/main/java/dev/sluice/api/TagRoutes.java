package dev.sluice.api;

import dev.sluice.function.FunctionException;
import dev.sluice.mapping.FunctionReference;
import dev.sluice.mapping.MappingException;
import dev.sluice.mapping.MappingTags;
import io.javalin.http.Context;
import java.util.Map;

/** The operations on tags, of mappings. What a resource's ARN means is said in {@link #kind}. Thread-safe. */
final class TagRoutes {

    private enum Kind { MAPPING, FUNCTION, OTHER }

    private final MappingTags mappings;

    TagRoutes(MappingTags mappings) {
        this.mappings = mappings;
    }

    void addTo(Map<String, AwsRoutes.Handler> handlers) {
        handlers.put("ListTags", this::list);
        handlers.put("TagResource", this::tag);
        handlers.put("UntagResource", this::untag);
    }

    private void list(AwsRequest request, Context ctx) {
        String arn = request.parameter("Resource");
        Map<String, String> tags = switch (kind(arn)) {
            case MAPPING -> mappings.list(request.caller(), arn).values();
            case FUNCTION -> throw noFunction(request, arn);
            case OTHER -> throw new MappingException.NotFound();
        };
        AwsRoutes.answer(ctx, 200, TagMembers.document(tags));
    }

    private void tag(AwsRequest request, Context ctx) {
        String arn = request.parameter("Resource");
        Map<String, String> tags = TagMembers.read(request.body());
        if (tags.isEmpty()) {
            throw ApiException.invalidParameter("An error occurred and the request cannot be processed."); // recorded
        }
        switch (kind(arn)) {
            case MAPPING -> mappings.tag(request.caller(), arn, tags);
            case FUNCTION -> throw noFunction(request, arn);
            case OTHER -> throw new MappingException.NotFound();
        }
        ctx.status(204);
    }

    private void untag(AwsRequest request, Context ctx) {
        String arn = request.parameter("Resource");
        switch (kind(arn)) {
            case MAPPING -> mappings.untag(request.caller(), arn, request.parameterValues("TagKeys"));
            case FUNCTION -> throw noFunction(request, arn);
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

    private static FunctionException noFunction(AwsRequest request, String arn) {
        FunctionReference function = FunctionReferences.parse(arn);
        if (function.qualifier() != null) {
            // Recorded.
            return new FunctionException.InvalidParameter(
                    "Tags on function aliases and versions are not supported. Please specify a function ARN.");
        }
        FunctionReferences.requireReachable(function, request.caller());
        return new FunctionException.NotFound("Function not found: " + arn);
    }
}
