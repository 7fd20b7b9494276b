package dev.sluice.api.control;

import static dev.sluice.api.control.ControlAnswers.answer;
import static dev.sluice.api.control.ControlAnswers.guarded;
import static dev.sluice.api.control.ControlAnswers.object;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.Routes;
import dev.sluice.api.mapping.EventSourceMappingDocument;
import dev.sluice.diagnosis.MappingDiagnosis;
import dev.sluice.diagnosis.MappingProgress;
import dev.sluice.diagnosis.Observed;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.mapping.FilteredOut;
import dev.sluice.mapping.FleetView;
import dev.sluice.mapping.MappingException;
import dev.sluice.mapping.MappingId;
import dev.sluice.mapping.MappingState;
import dev.sluice.resource.FunctionArn;
import dev.sluice.runtime.Functions;
import dev.sluice.runtime.JavaPlacement;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The control API of mappings, whosever they are: how they stand, and why nothing arrives. Thread-safe. */
public final class MappingRoutes implements Routes {

    private final EventSourceMappings mappings;
    private final FleetView fleet;
    private final Functions functions;
    private final Supplier<Map<MappingId, FilteredOut>> filteredOut;
    private final Function<MappingId, MappingProgress> progress;

    /**
     * @param filteredOut what the filters of each mapping kept from its function
     * @param progress how a mapping has got on
     */
    public MappingRoutes(EventSourceMappings mappings, FleetView fleet, Functions functions,
            Supplier<Map<MappingId, FilteredOut>> filteredOut, Function<MappingId, MappingProgress> progress) {
        this.mappings = mappings;
        this.fleet = fleet;
        this.functions = functions;
        this.filteredOut = filteredOut;
        this.progress = progress;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get(CONTROL + "mappings", guarded(this::listMappings));
        routes.get(CONTROL + "mappings/{uuid}", guarded(this::getMapping));
        routes.post(CONTROL + "mappings/{uuid}/retry", guarded(this::retryMapping));
        routes.post(CONTROL + "mappings/{uuid}/skip", guarded(this::skip));
        routes.post(CONTROL + "mappings/{uuid}/enable", guarded(ctx -> switchTo(ctx, true)));
        routes.post(CONTROL + "mappings/{uuid}/disable", guarded(ctx -> switchTo(ctx, false)));
    }

    private void listMappings(Context ctx) {
        ObjectNode json = object();
        for (EventSourceMapping mapping : mappings.all()) {
            ObjectNode item = EventSourceMappingDocument.of(mapping);
            Optional<FleetView.Detail> detail = fleet.detail(mapping.id());
            MappingForm.putLag(item, detail.map(FleetView.Detail::partitions).orElse(List.of()));
            item.put("lastError", detail.map(FleetView.Detail::lastError).orElse(null));
            item.set("diagnosis", diagnosis(mapping, detail));
            json.withArray("mappings").add(item);
        }
        json.withArray("mappings");
        answer(ctx, 200, json);
    }

    private void getMapping(Context ctx) {
        EventSourceMapping mapping = mapping(ctx);
        ObjectNode json = EventSourceMappingDocument.of(mapping);
        // No member of AWS's document, so it is here and not in AWS's API.
        json.put("joinForeignGroups", mapping.settings().joinForeignGroups());
        FilteredOut filtered = filteredOut.get().get(mapping.id());
        json.set("filteredOut", filtered == null ? null : MappingForm.toJson(filtered));
        json.set("disabled", mappings.failure(mapping).map(failure -> object().put("since", failure.since().toString())
                .put("cause", failure.cause()).put("goOnWith", enable(mapping))).orElse(null));
        Optional<FleetView.Detail> detail = fleet.detail(mapping.id());
        json.set("diagnosis", diagnosis(mapping, detail));
        json.set("detail", detail.map(MappingForm::toJson).orElse(null));
        answer(ctx, 200, json);
    }

    private ArrayNode diagnosis(EventSourceMapping mapping, Optional<FleetView.Detail> detail) {
        Observed observed = new Observed(mapping, detail.orElse(null), filteredOut.get().get(mapping.id()),
                mappings.failure(mapping).orElse(null), function(mapping), progress.apply(mapping.id()));
        return MappingForm.toJson(MappingDiagnosis.of(observed, Instant.now()));
    }

    private Observed.Function function(EventSourceMapping mapping) {
        FunctionArn arn = mapping.settings().functionArn();
        Optional<FunctionDefinition> known = functions.exists(arn) ? functions.registry().visible(arn) : Optional.empty();
        if (known.isEmpty()) {
            return new Observed.Function.Missing(functions.registry().all().stream()
                    .filter(other -> other.name().equals(arn.name()) && other.scope() != null && !other.scope().equals(arn.scope()))
                    .findFirst().map(other -> "in " + other.scope()).orElse(null));
        }
        FunctionDefinition definition = known.get();
        return new Observed.Function.Known(definition.reservedConcurrency(), functions.waiting(definition),
                definition.latest().settings().memoryMb(),
                functions.placement(definition).filter(JavaPlacement::inProcess).map(JavaPlacement::because).orElse(null));
    }

    private void retryMapping(Context ctx) {
        boolean retried = fleet.retryNow(polling(ctx).id());
        answer(ctx, 200, object().put("retried", retried));
    }

    private void skip(Context ctx) {
        int skipped = fleet.skip(polling(ctx).id());
        answer(ctx, 200, object().put("skipped", skipped));
    }

    private void switchTo(Context ctx, boolean enabled) {
        EventSourceMapping mapping = mapping(ctx);
        try {
            answer(ctx, 200, EventSourceMappingDocument.of(mappings.switchTo(mapping, enabled)));
        } catch (MappingException.InUse busy) {
            throw new ControlException(409, "Mapping " + mapping.id() + " is " + mapping.state().awsName() + "; wait until that is over");
        }
    }

    private static String enable(EventSourceMapping mapping) {
        return "sluice mappings enable " + mapping.id();
    }

    /** A mapping that has batches, or may have some in a moment. */
    private EventSourceMapping polling(Context ctx) {
        EventSourceMapping mapping = mapping(ctx);
        if (mapping.state() == MappingState.DISABLED) {
            throw new ControlException(409, "Mapping " + mapping.id() + " is Disabled (" + mapping.status().reason()
                    + "), and no batch of it waits; go on with: " + enable(mapping));
        }
        return mapping;
    }

    private EventSourceMapping mapping(Context ctx) {
        return MappingReference.find(ctx.pathParam("uuid"), mappings);
    }
}
