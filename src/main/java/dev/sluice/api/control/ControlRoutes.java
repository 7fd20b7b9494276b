package dev.sluice.api.control;

import static dev.sluice.api.control.ControlAnswers.answer;
import static dev.sluice.api.control.ControlAnswers.guarded;
import static dev.sluice.api.control.ControlAnswers.object;
import static dev.sluice.api.control.ControlAnswers.withBody;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.Routes;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionDefinition.Origin;
import dev.sluice.resource.Scope;
import dev.sluice.runtime.Functions;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Objects;

/**
 * The control API of the server and its functions, under {@code /_sluice/}: what AWS has no request for, seen across all accounts and
 * regions. Answers are JSON; an error is {@code {"message": "…"}} with its status. Thread-safe.
 */
public final class ControlRoutes implements Routes {

    private final Functions functions;
    private final DefaultCluster cluster;
    private final Scope home;

    /** @param home the account and the region of requests that name none */
    public ControlRoutes(Functions functions, DefaultCluster cluster, Scope home) {
        this.functions = functions;
        this.cluster = cluster;
        this.home = home;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get(CONTROL + "health", guarded(this::health, "wait"));
        routes.get(CONTROL + "functions", guarded(this::listFunctions));
        routes.put(CONTROL + "functions/{name}", withBody(this::putFunction, "accountId", "region"));
        routes.get(CONTROL + "functions/{name}", guarded(this::getFunction, "accountId", "region"));
        routes.delete(CONTROL + "functions/{name}", guarded(this::deleteFunction, "accountId", "region"));
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
        json.put("accountId", home.accountId()).put("region", home.region());
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
                functions.registry().register(ScopeQuery.of(ctx), name, form.code(), form.settings())));
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
        answer(ctx, 200, shown(registered(ctx.pathParam("name"), ScopeQuery.of(ctx))));
    }

    private void deleteFunction(Context ctx) {
        Scope scope = ScopeQuery.of(ctx);
        functions.registry().unregister(scope, registered(ctx.pathParam("name"), scope).name());
        ctx.status(204);
    }

    /** The function of this name that this API has registered, for all accounts where {@code scope} is null. */
    private FunctionDefinition registered(String name, Scope scope) {
        List<FunctionDefinition> named = functions.registry().all().stream().filter(function -> function.name().equals(name)).toList();
        return named.stream().filter(function -> Objects.equals(function.scope(), scope) && function.origin() != Origin.LAMBDA_API)
                .findFirst().orElseThrow(() -> ControlException.notFound(elsewhere(name, scope, named)));
    }

    private static String elsewhere(String name, Scope scope, List<FunctionDefinition> named) {
        if (named.isEmpty()) {
            return "There is no function '" + name + "'" + (scope == null ? "" : " in " + scope);
        }
        FunctionDefinition other = named.get(0);
        return "Function '" + name + "' " + (other.origin() == Origin.LAMBDA_API
                ? "was created through the Lambda API, in " + other.scope() + "; use that API for it"
                : other.scope() == null ? "is registered for all accounts; leave accountId and region out"
                        : "is registered in " + other.scope() + "; name it by accountId and region");
    }
}
