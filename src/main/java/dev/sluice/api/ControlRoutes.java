package dev.sluice.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionException;
import dev.sluice.function.Functions;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.mapping.FleetView;
import dev.sluice.mapping.MappingId;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control API under {@code /_sluice/}: what AWS has no request for, seen across all accounts and regions. Answers are JSON; an
 * error is {@code {"message": "…"}} with its status. Thread-safe.
 */
public final class ControlRoutes {

    /** Where every path of the control API begins. */
    public static final String PREFIX = "/_sluice/";

    private static final Logger LOG = LoggerFactory.getLogger(ControlRoutes.class);

    private final EventSourceMappings mappings;
    private final FleetView fleet;
    private final Functions functions;
    private final KafkaHealth kafka;
    private final RecordPublisher publisher;
    private final Function<EventSourceMapping, ObjectNode> awsForm;

    /** @param awsForm the members AWS shows of a mapping, in a new object */
    public ControlRoutes(EventSourceMappings mappings, FleetView fleet, Functions functions, KafkaHealth kafka,
                         RecordPublisher publisher, Function<EventSourceMapping, ObjectNode> awsForm) {
        this.mappings = mappings;
        this.fleet = fleet;
        this.functions = functions;
        this.kafka = kafka;
        this.publisher = publisher;
        this.awsForm = awsForm;
    }

    public void register(RoutesConfig routes) {
        routes.get(PREFIX + "health", guarded(this::health));
        routes.get(PREFIX + "functions", guarded(this::listFunctions));
        routes.put(PREFIX + "functions/{name}", guarded(this::putFunction));
        routes.get(PREFIX + "functions/{name}", guarded(this::getFunction));
        routes.delete(PREFIX + "functions/{name}", guarded(this::deleteFunction));
        routes.get(PREFIX + "mappings", guarded(this::listMappings));
        routes.get(PREFIX + "mappings/{uuid}", guarded(this::getMapping));
        routes.post(PREFIX + "mappings/{uuid}/retry", guarded(this::retryMapping));
        routes.post(PREFIX + "topics/{topic}/records", guarded(this::postRecords));
    }

    private void health(Context ctx) {
        String wait = ctx.queryParam("wait");
        if (wait != null && !wait.equals("kafka")) {
            throw ControlException.badRequest("wait is '" + wait + "'; allowed is kafka");
        }
        boolean up = kafka.up();
        ObjectNode json = object();
        json.put("status", "up");
        json.put("kafka", up ? "up" : "down");
        json.put("bootstrapServers", kafka.bootstrapServers());
        answer(ctx, wait != null && !up ? 503 : 200, json);
    }

    private void listFunctions(Context ctx) {
        ObjectNode json = object();
        functions.all().forEach(function -> json.withArray("functions").add(FunctionForm.toJson(function)));
        json.withArray("functions");
        answer(ctx, 200, json);
    }

    private void putFunction(Context ctx) {
        String name = ctx.pathParam("name");
        if (!name.matches("[a-zA-Z0-9-_]{1,64}")) {
            throw ControlException.badRequest("name is '" + name + "'; allowed are 1 to 64 letters, digits, - and _");
        }
        FunctionForm form = FunctionForm.parse(ctx.bodyAsBytes());
        answer(ctx, 200, FunctionForm.toJson(
                functions.register(name, FunctionDefinition.Origin.CONTROL_API, form.code(), form.settings())));
    }

    private void getFunction(Context ctx) {
        answer(ctx, 200, FunctionForm.toJson(registered(ctx.pathParam("name"))));
    }

    private void deleteFunction(Context ctx) {
        functions.unregister(registered(ctx.pathParam("name")).name());
        ctx.status(204);
    }

    /** The function of this name that belongs to no account, which is what this API registers. */
    private FunctionDefinition registered(String name) {
        List<FunctionDefinition> named = functions.all().stream().filter(function -> function.name().equals(name)).toList();
        return named.stream().filter(function -> function.scope() == null).findFirst().orElseThrow(() ->
                ControlException.notFound(named.isEmpty() ? "There is no function '" + name + "'"
                        : "Function '" + name + "' was created through the Lambda API, in account "
                                + named.get(0).scope().accountId() + ", region " + named.get(0).scope().region()
                                + "; use that API for it"));
    }

    private void listMappings(Context ctx) {
        ObjectNode json = object();
        for (EventSourceMapping mapping : mappings.all()) {
            ObjectNode item = awsForm.apply(mapping);
            MappingForm.putLag(item, fleet.detail(mapping.id()).map(FleetView.Detail::partitions).orElse(List.of()));
            json.withArray("mappings").add(item);
        }
        json.withArray("mappings");
        answer(ctx, 200, json);
    }

    private void getMapping(Context ctx) {
        EventSourceMapping mapping = mapping(ctx);
        ObjectNode json = awsForm.apply(mapping);
        json.set("detail", fleet.detail(mapping.id()).map(MappingForm::toJson).orElse(null));
        answer(ctx, 200, json);
    }

    private void retryMapping(Context ctx) {
        boolean retried = fleet.retryNow(mapping(ctx).id());
        answer(ctx, 200, object().put("retried", retried));
    }

    private EventSourceMapping mapping(Context ctx) {
        String uuid = ctx.pathParam("uuid");
        return MappingId.parse(uuid).flatMap(mappings::find)
                .orElseThrow(() -> ControlException.notFound("There is no mapping '" + uuid + "'"));
    }

    private void postRecords(Context ctx) {
        String topic = ctx.pathParam("topic");
        if (!topic.matches("[a-zA-Z0-9._-]{1,249}") || topic.equals(".") || topic.equals("..")) {
            throw ControlException.badRequest("topic is '" + topic + "'; allowed are 1 to 249 letters, digits, ., _ and -");
        }
        List<CompletableFuture<RecordPublisher.Position>> written = RecordForm.parse(ctx.bodyAsBytes()).stream()
                .map(record -> publisher.publish(topic, record)).toList();
        ctx.future(() -> CompletableFuture.allOf(written.toArray(CompletableFuture[]::new))
                .handle((nothing, failed) -> {
                    answerWritten(ctx, written);
                    return null;
                }));
    }

    /** All have ended; those written are told also when others failed, since they can't be taken back. */
    private static void answerWritten(Context ctx, List<CompletableFuture<RecordPublisher.Position>> written) {
        ObjectNode json = object();
        String problem = null;
        int failed = 0;
        for (CompletableFuture<RecordPublisher.Position> one : written) {
            if (one.isCompletedExceptionally()) {
                failed++;
                problem = problem == null ? reason(one) : problem;
                continue;
            }
            RecordPublisher.Position position = one.join();
            json.withArray("records").addObject().put("topic", position.topic()).put("partition", position.partition())
                    .put("offset", position.offset());
        }
        json.withArray("records");
        if (problem != null) {
            json.put("message", failed + " of " + written.size() + " records were not written: " + problem);
        }
        answer(ctx, problem == null ? 200 : 503, json);
    }

    private static String reason(CompletableFuture<?> failed) {
        Throwable cause = failed.handle((value, thrown) -> thrown).join();
        if (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** Turns what a handler refuses into this API's form of an error, which isn't AWS's. */
    private static Handler guarded(Handler handler) {
        return ctx -> {
            try {
                handler.handle(ctx);
            } catch (ControlException refused) {
                fail(ctx, refused.status(), refused.getMessage());
            } catch (FunctionException.NotFound missing) {
                fail(ctx, 404, missing.getMessage());
            } catch (FunctionException.Conflict conflict) {
                fail(ctx, 409, conflict.getMessage());
            } catch (FunctionException refused) {
                fail(ctx, 400, refused.getMessage());
            } catch (RuntimeException broken) {
                LOG.error("A control request failed: {} {}", ctx.method(), ctx.path(), broken);
                fail(ctx, 500, "Internal error; the server's log has it");
            }
        };
    }

    private static void fail(Context ctx, int status, String message) {
        answer(ctx, status, object().put("message", message));
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static void answer(Context ctx, int status, ObjectNode json) {
        try {
            byte[] body = ControlBody.MAPPER.writeValueAsString(json).getBytes(StandardCharsets.UTF_8);
            ctx.status(status).contentType("application/json").result(body);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a JSON tree could not be written", impossible);
        }
    }
}
