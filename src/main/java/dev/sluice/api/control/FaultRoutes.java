package dev.sluice.api.control;

import static dev.sluice.api.control.ControlAnswers.answer;
import static dev.sluice.api.control.ControlAnswers.guarded;
import static dev.sluice.api.control.ControlAnswers.object;
import static dev.sluice.api.control.ControlAnswers.withBody;
import static dev.sluice.api.http.Routes.CONTROL;

import dev.sluice.api.http.Routes;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.resource.Scope;
import dev.sluice.runtime.Functions;
import dev.sluice.runtime.InjectedFault;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Objects;

/** Has the next invocations of a function fail, be throttled or begin late, in the control API. Thread-safe. */
public final class FaultRoutes implements Routes {

    private static final String PATH = CONTROL + "functions/{name}/faults";
    private static final int MOST_AT_ONCE = 10_000;
    private static final int LONGEST_DELAY_MILLIS = 900_000;

    private final Functions functions;

    public FaultRoutes(Functions functions) {
        this.functions = functions;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post(PATH, withBody(this::inject, "accountId", "region"));
        routes.delete(PATH, guarded(this::clear, "accountId", "region"));
    }

    private void inject(Context ctx, byte[] json) {
        FunctionDefinition function = function(ctx);
        ControlBody body = ControlBody.parse(json);
        String kind = body.text("kind").orElseThrow(() -> body.refused("kind is missing; allowed is error, throttle or delay"));
        int times = body.wholeNumber("times", 1, MOST_AT_ONCE).orElse(1);
        InjectedFault fault = switch (kind) {
            case "error" -> new InjectedFault.Error(body.text("message").orElse("This invocation was to fail"));
            case "throttle" -> new InjectedFault.Throttle();
            case "delay" -> new InjectedFault.Delay(Duration.ofMillis(body.wholeNumber("millis", 1, LONGEST_DELAY_MILLIS)
                    .orElseThrow(() -> body.refused("millis is missing, which says how long the delay is"))));
            default -> throw body.refused("kind", "'" + kind + "'", "error, throttle or delay");
        };
        body.rejectOtherMembers();
        answer(ctx, 200, object().put("faults", functions.inject(function, fault, times)));
    }

    private void clear(Context ctx) {
        functions.injectNothing(function(ctx));
        ctx.status(204);
    }

    /** One of AWS's or of this API's: what comes over invocations is no matter of who has made the function. */
    private FunctionDefinition function(Context ctx) {
        String name = ctx.pathParam("name");
        Scope scope = ScopeQuery.of(ctx);
        return functions.registry().all().stream()
                .filter(function -> function.name().equals(name) && Objects.equals(function.scope(), scope)).findFirst()
                .orElseThrow(() -> ControlException.notFound("There is no function '" + name + "' "
                        + (scope == null ? "that is everybody's; name its accountId and region" : "in " + scope)));
    }
}
