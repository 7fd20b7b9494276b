package dev.sluice.api.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.http.Json;
import dev.sluice.cluster.OutgoingRecord;
import dev.sluice.cluster.TopicReader;
import dev.sluice.cluster.TopicRecord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The JSON form of records to be written, in the control API: one record, or {@code {"records": [...]}}. */
final class RecordForm {

    private RecordForm() {
    }

    static List<OutgoingRecord> parse(byte[] json) {
        ControlBody body = ControlBody.parse(json);
        if (!body.has("records")) {
            return List.of(record(body));
        }
        List<OutgoingRecord> records = new ArrayList<>();
        for (ControlBody item : body.objects("records")) {
            records.add(record(item));
        }
        body.rejectOtherMembers();
        return records;
    }

    private static OutgoingRecord record(ControlBody body) {
        byte[] key = bytes(body, "key").orElse(null);
        boolean tombstone = body.isNull("value");
        Optional<byte[]> value = bytes(body, "value");
        if (!tombstone && value.isEmpty()) {
            throw body.refused("value is missing; a tombstone has \"value\": null");
        }
        if (tombstone && value.isPresent()) {
            throw body.refused("value and valueBase64 are both given; one is needed");
        }
        List<OutgoingRecord.Header> headers = new ArrayList<>();
        for (ControlBody header : body.objects("headers")) {
            String name = header.text("name").orElseThrow(() -> header.refused("name is missing"));
            byte[] content = bytes(header, "value").orElseThrow(() -> header.refused("value is missing"));
            headers.add(new OutgoingRecord.Header(name, content));
            header.rejectOtherMembers();
        }
        Integer partition = body.wholeNumber("partition", 0, Integer.MAX_VALUE).orElse(null);
        Long timestamp = body.text("timestamp").map(text -> millis(body, text)).orElse(null);
        body.rejectOtherMembers();
        return new OutgoingRecord(partition, key, value.orElse(null), timestamp, headers);
    }

    /** In the form in which records are shown. Kafka takes no time before 1970. */
    private static long millis(ControlBody body, String timestamp) {
        try {
            long millis = Instant.parse(timestamp).toEpochMilli();
            if (millis >= 0) {
                return millis;
            }
        } catch (DateTimeParseException | ArithmeticException none) {
            // Refused below, as one that is too early is.
        }
        throw body.refused("timestamp", "'" + timestamp + "'", "a time since 1970 such as 2026-01-31T12:00:00Z");
    }

    /** A text member, or the same as base64. */
    private static Optional<byte[]> bytes(ControlBody body, String member) {
        Optional<byte[]> text = body.text(member).map(value -> value.getBytes(StandardCharsets.UTF_8));
        Optional<byte[]> base64 = body.base64(member + "Base64");
        if (text.isPresent() && base64.isPresent()) {
            throw body.refused(member + " and " + member + "Base64 are both given; one is needed");
        }
        return text.or(() -> base64);
    }

    /** Text where the bytes are some, else base64; a tombstone's value is null. */
    static ObjectNode toJson(TopicReader.Page page) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        ArrayNode records = json.putArray("records");
        for (TopicRecord record : page.records()) {
            ObjectNode item = records.addObject().put("partition", record.partition()).put("offset", record.offset())
                    .put("timestamp", record.timestamp() < 0 ? null : Instant.ofEpochMilli(record.timestamp()).toString());
            put(item, "key", record.key());
            put(item, "value", record.value());
            if (!record.headers().isEmpty()) {
                ArrayNode headers = item.putArray("headers");
                record.headers().forEach(header -> put(headers.addObject().put("name", header.name()), "value", header.value()));
            }
        }
        json.put("next", new TreeMap<>(page.next()).entrySet().stream().map(each -> each.getKey() + ":" + each.getValue())
                .collect(Collectors.joining(",")));
        return json.put("more", page.more());
    }

    private static void put(ObjectNode item, String member, byte[] bytes) {
        if (bytes == null) {
            item.putNull(member);
            return;
        }
        try {
            item.put(member, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException noText) {
            item.put(member + "Base64", Base64.getEncoder().encodeToString(bytes));
        }
    }
}
