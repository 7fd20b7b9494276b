package dev.sluice.destination;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.sluice.dispatch.FailedBatch;
import dev.sluice.dispatch.FailureCondition;
import dev.sluice.dispatch.PartitionRecords;
import dev.sluice.resource.FunctionArn;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * What a destination is told of a failed batch: what AWS calls the invocation record, as JSON with its members in AWS's order.
 *
 * <p>From the AWS Lambda developer guide, "Capturing discarded batches for Amazon MSK and self-managed Apache Kafka event
 * sources" for queues, topics and buckets, and "Using a Kafka topic as an on-failure destination" for {@code kafka://}. The two
 * pages differ in the function's ARN and in the word for exhausted retries; so do the records. What the guide leaves open: a
 * self-managed source has no {@code eventSourceArn}, as its event has none; a record without a timestamp has a null one; {@code
 * requestId} is null when the function was never invoked; an answer without an error has no {@code functionError}.
 *
 * <p>Reads the batch anew for each document. Confined to one thread.
 */
final class InvocationRecord {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /** As the page about {@code kafka://} has it, unlike the one about the other kinds. */
    private static final String RETRIES_EXHAUSTED = "RetriesExhausted";

    /** An event and its length in bytes. */
    private record Event(String text, int length) {
    }

    private final FailedBatch failed;
    private final String bootstrapServers;

    /** @param bootstrapServers one string, comma-joined, as in the event */
    InvocationRecord(FailedBatch failed, String bootstrapServers) {
        this.failed = failed;
        this.bootstrapServers = bootstrapServers;
    }

    /** For a queue or a topic: where the records are, and why they failed. */
    String withoutEvent() {
        return new String(bytes(ofBatch(event())), StandardCharsets.UTF_8);
    }

    /** For a bucket: the same, and the whole event as a string. */
    byte[] withEvent() {
        Event event = event();
        return bytes(ofBatch(event).put("payload", event.text()));
    }

    /** For a topic of Kafka: one record, with its event as an object. */
    byte[] ofRecord(PartitionRecords records, int index) {
        PartitionRecords record = records.only(index);
        Event event = event(List.of(record), failed.writer().length(List.of(record)));
        String condition = failed.condition() == FailureCondition.RETRY_ATTEMPTS_EXHAUSTED ? RETRIES_EXHAUSTED
                : failed.condition().awsName();
        FunctionArn function = failed.mapping().settings().functionArn();
        ObjectNode document = head(function.qualifier() == null ? function.withQualifier("$LATEST") : function, condition);
        ObjectNode info = batchInfo(document, 1, event.length()).putObject("recordInfo");
        info.put("offset", Long.toString(record.offset(0)));
        info.put("timestamp", millis(record.timestamp(0)));
        document.putRawValue("payload", new RawValue(event.text()));
        return bytes(document);
    }

    private ObjectNode ofBatch(Event event) {
        ObjectNode document = head(failed.mapping().settings().functionArn(), failed.condition().awsName());
        ObjectNode infos = batchInfo(document, failed.size(), event.length()).putObject("recordsInfo");
        for (PartitionRecords records : failed.records()) {
            int last = records.size() - 1;
            ObjectNode info = infos.putObject(records.topic() + "-" + records.partition());
            info.put("firstRecordOffset", Long.toString(records.offset(0)));
            info.put("lastRecordOffset", Long.toString(records.offset(last)));
            info.put("firstRecordTimestamp", millis(records.timestamp(0)));
            info.put("lastRecordTimestamp", millis(records.timestamp(last)));
        }
        return document;
    }

    private ObjectNode head(FunctionArn function, String condition) {
        ObjectNode document = MAPPER.createObjectNode();
        ObjectNode request = document.putObject("requestContext");
        request.put("requestId", failed.requestId());
        request.put("functionArn", function.toString());
        request.put("condition", condition);
        request.put("approximateInvokeCount", failed.approximateInvokeCount());
        FailedBatch.LastResponse answer = failed.lastResponse();
        if (answer == null) {
            document.putNull("responseContext");
        } else {
            ObjectNode response = document.putObject("responseContext");
            response.put("statusCode", answer.statusCode());
            response.put("executedVersion", answer.executedVersion());
            if (answer.functionError() != null) {
                response.put("functionError", answer.functionError());
            }
        }
        document.put("version", "1.0");
        document.put("timestamp", MILLIS.format(failed.time()));
        return document;
    }

    private ObjectNode batchInfo(ObjectNode document, int batchSize, int payloadSize) {
        ObjectNode info = document.putObject("KafkaBatchInfo");
        info.put("batchSize", batchSize);
        failed.mapping().source().eventSource().eventSourceArn().ifPresent(arn -> info.put("eventSourceArn", arn));
        info.put("bootstrapServers", bootstrapServers);
        info.put("payloadSize", payloadSize);
        return info;
    }

    private Event event() {
        return event(failed.records(), failed.eventLength());
    }

    private Event event(List<? extends PartitionRecords> records, int maximumLength) {
        byte[] buffer = new byte[maximumLength];
        int length = failed.writer().write(records, buffer);
        return new Event(new String(buffer, 0, length, StandardCharsets.UTF_8), length);
    }

    /** Null for a record that has none, which Kafka says as -1. */
    private static String millis(long timestamp) {
        return timestamp < 0 ? null : MILLIS.format(Instant.ofEpochMilli(timestamp));
    }

    private static byte[] bytes(ObjectNode document) {
        try {
            return MAPPER.writeValueAsBytes(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an invocation record could not be written", e);
        }
    }
}
