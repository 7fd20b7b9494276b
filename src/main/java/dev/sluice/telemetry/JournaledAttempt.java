package dev.sluice.telemetry;

import dev.sluice.dispatch.AttemptReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * One attempt of a delivery as the journal keeps it. Immutable.
 *
 * @param number counted from 1 within the delivery
 * @param records how many it was made with
 * @param event null when it was not kept
 * @param answer what the function answered, its error included; null when it did not, or it was not kept
 */
public record JournaledAttempt(int number, Call call, AttemptReport report, int records, Event event, Body answer) {

    /** @param requestId null when the function could not be invoked */
    public record Call(String requestId, Instant started, Duration took) {
        public Call {
            Objects.requireNonNull(started, "started");
            Objects.requireNonNull(took, "took");
        }
    }

    /**
     * What the function was invoked with. Attempts of one delivery with the same records have the same key, and the body is kept once.
     *
     * @param body null when the one of this key was handed over before
     */
    public record Event(String key, Body body) {
        public Event {
            Objects.requireNonNull(key, "key");
        }
    }

    public JournaledAttempt {
        Objects.requireNonNull(call, "call");
        Objects.requireNonNull(report, "report");
    }

    boolean failed() {
        return report.kind() != AttemptReport.Kind.SUCCEEDED;
    }

    /** How much memory its bodies take. */
    int bodyBytes() {
        return (event == null || event.body() == null ? 0 : event.body().bytes().length) + (answer == null ? 0 : answer.bytes().length);
    }

    JournaledAttempt withoutBodies() {
        return new JournaledAttempt(number, call, report, records, null, null);
    }
}
