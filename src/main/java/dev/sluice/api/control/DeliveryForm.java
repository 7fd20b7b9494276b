package dev.sluice.api.control;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.sluice.api.http.Json;
import dev.sluice.dispatch.AttemptReport;
import dev.sluice.dispatch.Fate;
import dev.sluice.dispatch.PartitionOffsets;
import dev.sluice.dispatch.Replay;
import dev.sluice.telemetry.Body;
import dev.sluice.telemetry.DeliverySummary;
import dev.sluice.telemetry.JournaledAttempt;
import dev.sluice.telemetry.JournaledDelivery;
import dev.sluice.telemetry.SettledRecords;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The JSON form of deliveries in the control API. What is unknown or was not kept is null. */
final class DeliveryForm {

    private DeliveryForm() {
    }

    static ObjectNode toJson(DeliverySummary summary) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("id", summary.id());
        json.put("state", summary.state().text());
        json.put("mapping", summary.origin().mapping().toString());
        json.put("function", summary.origin().function().name());
        json.put("functionArn", summary.origin().function().toString());
        json.put("replayOf", summary.origin().replayOf());
        json.put("firstSeen", summary.period().firstSeen().toString());
        json.put("ended", summary.period().ended() == null ? null : summary.period().ended().toString());
        json.put("records", summary.size());
        for (PartitionOffsets partition : summary.records()) {
            json.withArray("partitions").add(range(partition.topic(), partition.partition(), partition.first(), partition.last(),
                    partition.count()));
        }
        json.withArray("partitions");
        json.put("attemptCount", summary.progress().attempts());
        json.put("lastResult", summary.progress().lastResult());
        json.put("lastDetail", emptyAsNull(summary.progress().lastDetail()));
        json.put("destinationError", summary.progress().destinationError());
        return json;
    }

    static ObjectNode toJson(JournaledDelivery delivery) {
        ObjectNode json = toJson(delivery.summary());
        for (SettledRecords group : delivery.settled()) {
            json.withArray("settled").add(Json.MAPPER.createObjectNode().put("fate", fate(group.fate()))
                    .setAll(range(group.topic(), group.partition(), group.first(), group.last(), group.count())));
        }
        json.withArray("settled");
        for (JournaledAttempt attempt : delivery.attempts()) {
            ObjectNode item = json.withArray("attempts").addObject();
            item.put("number", attempt.number());
            item.put("requestId", attempt.call().requestId());
            item.put("started", attempt.call().started().toString());
            item.put("durationMillis", millis(attempt.call().took()));
            item.put("records", attempt.records());
            putResult(item, attempt.report());
            putBody(item, "event", attempt.event() == null ? null : attempt.event().body());
            putBody(item, "answer", attempt.answer());
        }
        json.withArray("attempts");
        return json;
    }

    /** @param id of the journal's entry */
    static ObjectNode toJson(String id, String replayOf, Replay.Invoked invoked) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("id", id);
        json.put("replayOf", replayOf);
        json.put("requestId", invoked.requestId());
        json.put("durationMillis", millis(invoked.took()));
        putResult(json, invoked.report());
        putBody(json, "answer", invoked.answer() == null ? null : new Body(invoked.answer(), invoked.answer().length));
        return json;
    }

    private static void putResult(ObjectNode json, AttemptReport report) {
        json.put("outcome", switch (report.kind()) {
            case SUCCEEDED -> "succeeded";
            case FAILED -> "failed";
            case MOVED -> "moved";
            case FUNCTION_NOT_VALID -> "functionNotValid";
        });
        json.put("result", report.lastProcessingResult());
        json.put("detail", emptyAsNull(report.detail()));
    }

    private static ObjectNode range(String topic, int partition, long first, long last, int count) {
        return Json.MAPPER.createObjectNode().put("topic", topic).put("partition", partition).put("firstOffset", first)
                .put("lastOffset", last).put("records", count);
    }

    static String fate(Fate fate) {
        return switch (fate) {
            case DELIVERED -> "delivered";
            case SENT_TO_DESTINATION -> "sentToDestination";
            case DROPPED -> "dropped";
            case SKIPPED -> "skipped";
        };
    }

    /** As JSON where it is all there and is JSON, else as base64. */
    private static void putBody(ObjectNode json, String member, Body body) {
        if (body == null) {
            json.putNull(member);
            return;
        }
        ObjectNode item = json.putObject(member).put("length", body.length()).put("truncated", body.truncated());
        String text = body.truncated() ? null : jsonText(body.bytes());
        if (text == null) {
            item.put("base64", body.bytes());
        } else {
            // As it was sent: numbers keep their digits, members their order.
            item.putRawValue("json", new RawValue(text));
        }
    }

    /** Null when it is no JSON. */
    private static String jsonText(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException notText) {
            return null;
        }
        try (JsonParser parser = Json.MAPPER.createParser(text)) {
            if (parser.nextToken() == null) {
                return null;
            }
            parser.skipChildren();
            return parser.nextToken() == null ? text : null;
        } catch (IOException notJson) {
            return null;
        }
    }

    private static double millis(Duration took) {
        return took.toNanos() / 1_000 / 1_000.0;
    }

    private static String emptyAsNull(String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
