package dev.sluice.testing;

import dev.sluice.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One record as a function got it. Immutable but for its arrays, which nobody must change.
 *
 * @param keyBytes null without a key
 * @param bytes the value; null of a tombstone
 */
public record EventRecord(String topic, int partition, long offset, Instant timestamp, byte[] keyBytes, byte[] bytes,
        List<Header> headers) {

    /** One header; the same name may come again. */
    public record Header(String name, byte[] bytes) {
        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    public EventRecord {
        headers = List.copyOf(headers);
    }

    /** The value as a text; null of a tombstone. */
    public String text() {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    /** The value as JSON. @throws IllegalArgumentException when it is none */
    public Json json() {
        return bytes == null ? new Json(null) : Json.parse(text());
    }

    /** The key as a text; null without one. */
    public String key() {
        return keyBytes == null ? null : new String(keyBytes, StandardCharsets.UTF_8);
    }

    /** The last header of this name, as a text. */
    public Optional<String> header(String name) {
        return headers.stream().filter(header -> header.name().equals(name)).reduce((first, last) -> last).map(Header::text);
    }

    static EventRecord of(Json record) {
        List<Header> headers = new ArrayList<>();
        for (Json header : record.list("headers")) {
            for (Map.Entry<String, Json> entry : header.members().entrySet()) {
                headers.add(new Header(entry.getKey(), signed(entry.getValue().items())));
            }
        }
        return new EventRecord(record.text("topic").orElseThrow(), record.number("partition").orElseThrow().intValue(),
                record.number("offset").orElseThrow(), Instant.ofEpochMilli(record.number("timestamp").orElse(0L)), decoded(record, "key"),
                decoded(record, "value"), headers);
    }

    private static byte[] decoded(Json record, String member) {
        return record.text(member).map(Base64.getDecoder()::decode).orElse(null);
    }

    /** Lambda writes a header's value as an array of Java's bytes. */
    private static byte[] signed(List<Json> numbers) {
        byte[] bytes = new byte[numbers.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = ((Number) numbers.get(i).value()).byteValue();
        }
        return bytes;
    }

    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset + " key=" + key() + " value=" + text();
    }
}
