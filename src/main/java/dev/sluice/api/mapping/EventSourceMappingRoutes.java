package dev.sluice.api.mapping;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.aws.AwsOperation;
import dev.sluice.api.aws.AwsRequest;
import dev.sluice.api.aws.FunctionReferences;
import dev.sluice.api.aws.Marker;
import dev.sluice.api.http.ErrorAnswers;
import dev.sluice.api.http.Json;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.resource.FunctionReference;
import io.javalin.http.Context;
import java.util.Map;

/** The five operations on event source mappings. Thread-safe. */
public final class EventSourceMappingRoutes {

    // "a maximum of 100 items in each response, even if you set the number higher" (API reference of ListEventSourceMappings)
    private static final int MOST_PER_PAGE = 100;

    private final EventSourceMappings mappings;

    public EventSourceMappingRoutes(EventSourceMappings mappings) {
        this.mappings = mappings;
    }

    public void addTo(Map<String, AwsOperation> handlers) {
        handlers.put("CreateEventSourceMapping", this::create);
        handlers.put("ListEventSourceMappings", this::list);
        handlers.put("GetEventSourceMapping", this::get);
        handlers.put("UpdateEventSourceMapping", this::update);
        handlers.put("DeleteEventSourceMapping", this::delete);
    }

    private void create(AwsRequest request, Context ctx) {
        EventSourceMapping created = mappings.create(request.caller(), EventSourceMappingRequests.create(request.body()));
        created.source().eventSource().unknownToAws(created.scope())
                .ifPresent(doubt -> ctx.header(ErrorAnswers.HINT, "EventSourceArn: " + doubt));
        AwsOperation.answer(ctx, 202, EventSourceMappingDocument.of(created));
    }

    private void get(AwsRequest request, Context ctx) {
        AwsOperation.answer(ctx, 200, EventSourceMappingDocument.of(mappings.get(request.caller(), request.parameter("UUID"))));
    }

    private void update(AwsRequest request, Context ctx) {
        AwsOperation.answer(ctx, 202, EventSourceMappingDocument.of(mappings.update(request.caller(), request.parameter("UUID"),
                EventSourceMappingRequests.update(request.body()))));
    }

    private void delete(AwsRequest request, Context ctx) {
        AwsOperation.answer(ctx, 202, EventSourceMappingDocument.of(mappings.delete(request.caller(), request.parameter("UUID"))));
    }

    private void list(AwsRequest request, Context ctx) {
        String functionName = request.parameter("FunctionName");
        FunctionReference function = functionName == null ? null : FunctionReferences.parse(functionName);
        String maxItems = request.parameter("MaxItems");
        int limit = maxItems == null ? MOST_PER_PAGE : Math.min(Integer.parseInt(maxItems), MOST_PER_PAGE);
        EventSourceMappings.Page page = mappings.list(request.caller(), request.parameter("EventSourceArn"), function,
                Marker.mapping(request.parameter("Marker")), limit);
        ObjectNode answer = Json.MAPPER.createObjectNode();
        ArrayNode found = answer.putArray("EventSourceMappings");
        page.mappings().forEach(mapping -> found.add(EventSourceMappingDocument.of(mapping)));
        if (page.next() != null) {
            answer.put("NextMarker", Marker.of(page.next()));
        }
        AwsOperation.answer(ctx, 200, answer);
    }
}
