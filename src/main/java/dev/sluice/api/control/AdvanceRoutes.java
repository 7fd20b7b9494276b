package dev.sluice.api.control;

import static dev.sluice.api.control.ControlAnswers.answer;
import static dev.sluice.api.control.ControlAnswers.object;
import static dev.sluice.api.control.ControlAnswers.withBody;

import dev.sluice.api.http.Routes;
import dev.sluice.dispatch.DeliveryClock;
import dev.sluice.dispatch.MovableDeliveryClock;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.format.DateTimeParseException;

/**
 * Moves delivery time on: batching windows end, records age, backoffs pass, without anybody waiting for it. Refused unless the server's clock
 * can be moved. Thread-safe; who asks waits until what fell due has been handed over.
 */
public final class AdvanceRoutes implements Routes {

    private static final String DURATION = "duration";

    private final DeliveryClock clock;

    public AdvanceRoutes(DeliveryClock clock) {
        this.clock = clock;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post(CONTROL + "advance", withBody(this::advance));
    }

    private void advance(Context ctx, byte[] body) throws InterruptedException {
        if (!(clock instanceof MovableDeliveryClock movable)) {
            throw new ControlException(403, "This server lets nobody move its time; start it with: sluice serve --movable-clock");
        }
        ControlBody request = ControlBody.parse(body);
        Duration by = duration(request, movable.farthest());
        MovableDeliveryClock.Move move = movable.advance(by);
        if (move.moved().compareTo(by) < 0) {
            throw new ControlException(503,
                    "Delivery time was moved by " + move.moved() + " of " + by + ", as more fell due until then than"
                            + " was handed over in time: " + move.fellDue() + " windows, backoffs and limits ended, " + move.underWay()
                            + " deliveries and pollers are at work; ask again for the rest");
        }
        answer(ctx, 200, object().put("now", move.now().toString()).put("moved", move.moved().toString())
                .put("total", move.total().toString()).put("fellDue", move.fellDue()).put("underWay", move.underWay()));
    }

    private static Duration duration(ControlBody request, Duration farthest) {
        String allowed = "a positive duration as PT5M, PT1H30M or P1D, up to P" + farthest.toDays() + "D";
        String text = request.text(DURATION).orElse(null);
        request.rejectOtherMembers();
        if (text == null) {
            throw ControlException.badRequest(DURATION + " is missing; allowed is " + allowed);
        }
        try {
            Duration by = Duration.parse(text);
            if (!by.isNegative() && !by.isZero() && by.compareTo(farthest) <= 0) {
                return by;
            }
        } catch (DateTimeParseException none) {
            throw request.refused(DURATION, "'" + text + "'", allowed);
        }
        throw request.refused(DURATION, "'" + text + "'", allowed);
    }
}
