package dev.sluice.testing;

import dev.sluice.json.Json;
import java.util.List;

/**
 * What was an on-failure destination told of a record that was given up? Immutable.
 *
 * @param text what AWS calls the invocation record, as JSON
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html">On-failure destinations</a>
 */
public record Failure(String text) {

    public Json json() {
        return Json.parse(text);
    }

    /** Why it was given up: {@code RetriesExhausted}, {@code EventAgeExceeded} … */
    public String condition() {
        return json().member("requestContext").text("condition").orElseThrow();
    }

    /** The record itself. */
    public EventRecord record() {
        List<Json> partitions = json().member("payload").member("records").values();
        return EventRecord.of(partitions.get(0).items().get(0));
    }

    @Override
    public String toString() {
        return text;
    }
}
