package dev.sluice.api.control;

import static dev.sluice.api.control.ControlAnswers.answer;
import static dev.sluice.api.control.ControlAnswers.guarded;
import static dev.sluice.api.control.ControlAnswers.object;
import static dev.sluice.api.control.ControlAnswers.withBody;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.Routes;
import dev.sluice.api.mapping.EventSourceMappingDocument;
import dev.sluice.diagnosis.MappingDiagnosis;
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
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The control API under {@code /_sluice/}: what AWS has no request for, seen across all accounts and regions. Answers are JSON; an
 * error is {@code {"message": "…"}} with its status. Thread-safe.
 */
public final class ControlRoutes implements Routes {

    private final EventSourceMappings mappings;
    private final FleetView fleet;
    private final Functions functions;
    private final DefaultCluster cluster;
    private final Supplier<Map<MappingId, FilteredOut>> filteredOut;

    /** @param filteredOut what the filters of each mapping kept from its function */
    public ControlRoutes(EventSourceMappings mappings, FleetView fleet, Functions functions, DefaultCluster cluster,
            Supplier<Map<MappingId, FilteredOut>> filteredOut) {
        this.mappings = mappings;
        this.fleet = fleet;
        this.functions = functions;
        this.cluster = cluster;
        this.filteredOut = filteredOut;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get(CONTROL + "health", guarded(this::health));
        routes.get(CONTROL + "functions", guarded(this::listFunctions));
        routes.put(CONTROL + "functions/{name}", withBody(this::putFunction));
        routes.get(CONTROL + "functions/{name}", guarded(this::getFunction));
        routes.delete(CONTROL + "functions/{name}", guarded(this::deleteFunction));
        routes.get(CONTROL + "mappings", guarded(this::listMappings));
        routes.get(CONTROL + "mappings/{uuid}", guarded(this::getMapping));
        routes.post(CONTROL + "mappings/{uuid}/retry", guarded(this::retryMapping));
        routes.post(CONTROL + "mappings/{uuid}/skip", guarded(this::skip));
        routes.post(CONTROL + "mappings/{uuid}/enable", guarded(ctx -> switchTo(ctx, true)));
        routes.post(CONTROL + "mappings/{uuid}/disable", guarded(ctx -> switchTo(ctx, false)));
    }

    private void health(Context ctx) {
        String wait = ctx.queryParam("wait");
        if (wait != null && !wait.equals("kafka")) {
            throw ControlException.badRequest("wait is '" + wait + "'; allowed is kafka");
        }
        boolean up = cluster.up();
        ObjectNode json = object();
        json.put("status", "up");
        json.put("kafka", up ? "up" : "down");
        json.put("bootstrapServers", cluster.bootstrapServers());
        json.put("kafkaSeenSecondsAgo", cluster.age().map(age -> age.toMillis() / 1000.0).orElse(null));
        json.put("pid", ProcessHandle.current().pid());
        answer(ctx, wait != null && !up ? 503 : 200, json);
    }

    private void listFunctions(Context ctx) {
        ObjectNode json = object();
        functions.registry().all().forEach(function -> json.withArray("functions").add(shown(function)));
        json.withArray("functions");
        answer(ctx, 200, json);
    }

    private void putFunction(Context ctx, byte[] body) {
        String name = ctx.pathParam("name");
        if (!name.matches("[a-zA-Z0-9-_]{1,64}")) {
            throw ControlException.badRequest("name is '" + name + "'; allowed are 1 to 64 letters, digits, - and _");
        }
        FunctionForm form = FunctionForm.parse(body);
        form.requireDebugPortOfItsOwn(name, functions.registry().all());
        answer(ctx, 200, shown(
                functions.registry().register(name, form.code(), form.settings())));
    }

    private ObjectNode shown(FunctionDefinition function) {
        ObjectNode json = FunctionForm.toJson(function);
        functions.placement(function).ifPresent(placement -> {
            json.put("runsIn", placement.inProcess() ? "process" : "jvm");
            if (placement.because() != null) {
                json.put("runsInBecause", placement.because());
            }
        });
        functions.attachAddress(function).ifPresent(address -> json.put("runtimeApi", address));
        return json;
    }

    private void getFunction(Context ctx) {
        answer(ctx, 200, shown(registered(ctx.pathParam("name"))));
    }

    private void deleteFunction(Context ctx) {
        functions.registry().unregister(registered(ctx.pathParam("name")).name());
        ctx.status(204);
    }

    /** The function of this name that belongs to no account, which is what this API registers. */
    private FunctionDefinition registered(String name) {
        List<FunctionDefinition> named = functions.registry().all().stream().filter(function -> function.name().equals(name)).toList();
        return named.stream().filter(function -> function.scope() == null).findFirst()
                .orElseThrow(() -> ControlException.notFound(named.isEmpty() ? "There is no function '" + name + "'"
                        : "Function '" + name + "' was created through the Lambda API, in account "
                                + named.get(0).scope().accountId() + ", region " + named.get(0).scope().region()
                                + "; use that API for it"));
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
                mappings.failure(mapping).orElse(null), function(mapping));
        return MappingForm.toJson(MappingDiagnosis.of(observed, Instant.now()));
    }

    private Observed.Function function(EventSourceMapping mapping) {
        FunctionArn arn = mapping.settings().functionArn();
        return functions.exists(arn)
                ? functions.registry().visible(arn).map(known -> new Observed.Function(known.reservedConcurrency())).orElse(null)
                : null;
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
