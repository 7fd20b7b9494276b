package dev.sluice.api.control;

import static dev.sluice.api.control.ControlAnswers.answer;
import static dev.sluice.api.control.ControlAnswers.guarded;
import static dev.sluice.api.control.ControlAnswers.object;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.RecentHints;
import dev.sluice.api.http.Routes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** The hints of the last refusals in the control API. Thread-safe. */
public final class HintRoutes implements Routes {

    @Override
    public void register(RoutesConfig routes) {
        routes.get(CONTROL + "hints", guarded(HintRoutes::list));
    }

    private static void list(Context ctx) {
        ObjectNode json = object();
        ArrayNode hints = json.putArray("hints");
        for (RecentHints.Refusal refusal : ctx.appData(RecentHints.KEY).newest()) {
            hints.addObject().put("time", refusal.time().toString()).put("method", refusal.method()).put("path", refusal.path())
                    .put("error", refusal.error()).put("message", refusal.message()).put("hint", refusal.hint());
        }
        answer(ctx, 200, json);
    }
}
