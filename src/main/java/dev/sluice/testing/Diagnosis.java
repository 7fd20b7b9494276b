package dev.sluice.testing;

import dev.sluice.json.Json;
import java.util.List;
import java.util.stream.Collectors;

/** How is it said, in the message of a failed test, what is in the way of records? Stateless. */
final class Diagnosis {

    private Diagnosis() {
    }

    /** @param mapping as the control API shows it */
    static String ofMapping(Json mapping, Advice advice) {
        String topics = mapping.list("Topics").stream().map(topic -> String.valueOf(topic.value())).collect(Collectors.joining(", "));
        StringBuilder text = new StringBuilder("  Mapping ").append(mapping.text("UUID").orElse("?")).append(" of topic ").append(topics)
                .append(" is ").append(mapping.text("State").orElse("?")).append(", from ")
                .append(mapping.text("StartingPosition").orElse("?")).append('.');
        for (Json finding : mapping.list("diagnosis")) {
            text.append("\n    ").append(finding.text("sentence").orElse(""));
            List<Json> figures = finding.list("figures");
            if (!figures.isEmpty()) {
                text.append("\n      ").append(figures.stream().map(figure -> String.valueOf(figure.value()))
                        .collect(Collectors.joining("; ")));
            }
            advice.on(finding).ifPresentOrElse(inTest -> text.append("\n      → ").append(inTest),
                    () -> finding.text("command").ifPresent(command -> text.append("\n      → ").append(command)));
        }
        return text.append('\n').toString();
    }

    /** What the filters drop, and by which patterns; empty where they have dropped nothing. @param value of the last record that they dropped */
    static String ofFilter(Json mapping, String value) {
        return "    The record's value is: " + value + "\n    The filter's patterns are: "
                + mapping.member("FilterCriteria").list("Filters").stream()
                        .map(filter -> filter.text("Pattern").orElse("")).collect(Collectors.joining("  "))
                + "\n";
    }

    /** @param page of deliveries, the newest first; empty where there was none */
    static String ofLastDelivery(Json page) {
        return page.list("deliveries").stream().findFirst()
                .map(delivery -> "    The last delivery, " + delivery.text("id").orElse("?") + ", "
                        + delivery.text("state").orElse("?") + " after " + delivery.number("attemptCount").orElse(0L) + " attempt(s): "
                        + delivery.text("lastResult").orElse("no result yet")
                        + delivery.text("lastDetail").map(detail -> "\n      " + detail).orElse("") + "\n")
                .orElse("");
    }
}
