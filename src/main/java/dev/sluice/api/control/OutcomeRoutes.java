package dev.sluice.api.control;

import static dev.sluice.api.control.ControlAnswers.answer;
import static dev.sluice.api.control.ControlAnswers.guarded;
import static dev.sluice.api.control.ControlAnswers.object;
import static dev.sluice.api.http.Routes.CONTROL;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.Routes;
import dev.sluice.dispatch.Fate;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.mapping.MappingId;
import dev.sluice.telemetry.Outcomes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;

/** What has become of a mapping's records, in the control API, and the next change of it as it comes. Thread-safe. */
public final class OutcomeRoutes implements Routes {

    private static final int LONGEST_WAIT_SECONDS = 60;

    private final EventSourceMappings mappings;
    private final Outcomes outcomes;

    public OutcomeRoutes(EventSourceMappings mappings, Outcomes outcomes) {
        this.mappings = mappings;
        this.outcomes = outcomes;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get(CONTROL + "mappings/{uuid}/outcomes", guarded(this::read, "after", "wait"));
    }

    private void read(Context ctx) {
        MappingId mapping = MappingReference.find(ctx.pathParam("uuid"), mappings).id();
        long after = WholeNumber.of(ctx, "after", 0, 0, Long.MAX_VALUE);
        Duration wait = Duration.ofSeconds(WholeNumber.of(ctx, "wait", 0, 0, LONGEST_WAIT_SECONDS));
        ControlAnswers.later(ctx, outcomes.read(mapping, after, wait), counts -> answer(ctx, 200, json(counts)));
    }

    private static ObjectNode json(Outcomes.Counts counts) {
        ObjectNode json = object().put("change", counts.change()).put("filtered", counts.filtered());
        for (Fate fate : Fate.values()) {
            json.put(DeliveryForm.fate(fate), counts.of(fate));
        }
        return json;
    }
}
