package dev.sluice.testing;

import dev.sluice.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** With what was a function invoked that doesn't run in this JVM? As far as the server's journal has kept it. Stateless. */
final class JournaledEvents {

    private static final int MOST = 1_000;

    private JournaledEvents() {
    }

    /** The oldest first. */
    static List<Event> of(ControlClient control, List<String> mappings) {
        List<Json> deliveries = new ArrayList<>();
        for (String mapping : mappings) {
            control.get("/_sluice/deliveries?limit=" + MOST + "&mapping=" + mapping).list("deliveries").forEach(deliveries::add);
        }
        Collections.reverse(deliveries);
        List<Event> events = new ArrayList<>();
        for (Json summary : deliveries) {
            Json delivery = control.get("/_sluice/deliveries/" + summary.text("id").orElseThrow());
            for (Json attempt : delivery.list("attempts")) {
                Json event = attempt.member("event").member("json");
                if (!event.isNull()) {
                    events.add(new Event(attempt.text("requestId").orElse(null), delivery.text("functionArn").orElse(null),
                            Json.print(event)));
                }
            }
        }
        return events;
    }
}
