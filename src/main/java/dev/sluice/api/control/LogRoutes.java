package dev.sluice.api.control;

import static dev.sluice.api.control.ControlAnswers.answer;
import static dev.sluice.api.control.ControlAnswers.guarded;
import static dev.sluice.api.control.ControlAnswers.object;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.Routes;
import dev.sluice.runtime.Functions;
import dev.sluice.runtime.log.LogLine;
import dev.sluice.runtime.log.LogPage;
import dev.sluice.runtime.log.LogQuery;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;

/** What functions have logged, in the control API: the newest lines, and those that follow, as they come. Thread-safe. */
public final class LogRoutes implements Routes {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MOST = 10_000;
    private static final int LONGEST_WAIT_SECONDS = 60;

    private final Functions functions;

    public LogRoutes(Functions functions) {
        this.functions = functions;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get(CONTROL + "functions/{name}/logs", guarded(this::read, "after", "limit", "request", "wait"));
    }

    private void read(Context ctx) {
        String name = ctx.pathParam("name");
        String after = ctx.queryParam("after");
        LogQuery query = new LogQuery(name, after == null ? null : WholeNumber.of(ctx, "after", 0, 0, Long.MAX_VALUE),
                (int) WholeNumber.of(ctx, "limit", DEFAULT_LIMIT, 1, MOST), ctx.queryParam("request"));
        Duration wait = Duration.ofSeconds(WholeNumber.of(ctx, "wait", 0, 0, LONGEST_WAIT_SECONDS));
        // A deleted function's log goes on to be there, as on AWS.
        if (!functions.logs().has(name) && functions.registry().all().stream().noneMatch(function -> function.name().equals(name))) {
            throw ControlException.notFound("There is no function '" + name + "'");
        }
        ControlAnswers.later(ctx, functions.logs().read(query, wait), page -> answer(ctx, 200, json(page)));
    }

    private static ObjectNode json(LogPage page) {
        ObjectNode json = object();
        ArrayNode lines = json.putArray("lines");
        for (LogLine line : page.lines()) {
            ObjectNode item = lines.addObject().put("seq", line.seq()).put("time", Instant.ofEpochMilli(line.epochMillis()).toString())
                    .put("requestId", line.origin().requestId()).put("version", line.origin().version());
            if (line.origin().scope() != null) {
                item.put("accountId", line.origin().scope().accountId()).put("region", line.origin().scope().region());
            }
            item.put("text", line.text());
        }
        return json.put("next", page.next()).put("lost", page.lost());
    }
}
