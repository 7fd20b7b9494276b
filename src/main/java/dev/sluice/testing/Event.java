package dev.sluice.testing;

import dev.sluice.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What was a function invoked with? The event as Lambda has it for Kafka, and its records. Immutable.
 *
 * @param requestId of the invocation
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html">AWS's example of the event</a>
 */
public record Event(String requestId, String functionArn, String text) {

    /** The event's JSON. */
    public Json json() {
        return Json.parse(text);
    }

    public byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Its records, each partition's in their order. */
    public List<EventRecord> records() {
        List<EventRecord> records = new ArrayList<>();
        for (Json partition : json().member("records").values()) {
            partition.items().forEach(record -> records.add(EventRecord.of(record)));
        }
        return records;
    }

    /** An answer that says that these records failed and the others didn't, for a mapping with ReportBatchItemFailures. */
    public static Map<String, Object> batchItemFailures(EventRecord... failed) {
        return batchItemFailures(Arrays.stream(failed));
    }

    private static Map<String, Object> batchItemFailures(Stream<EventRecord> failed) {
        return Map.of("batchItemFailures", failed.map(record -> {
            Map<String, Object> identifier = new LinkedHashMap<>();
            identifier.put("partition", record.topic() + "-" + record.partition());
            identifier.put("offset", record.offset());
            return Map.of("itemIdentifier", identifier);
        }).toList());
    }

    @Override
    public String toString() {
        return text;
    }
}
