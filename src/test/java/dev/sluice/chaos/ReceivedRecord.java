package dev.sluice.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** One record as a function was given it. Immutable. */
record ReceivedRecord(TopicPartition partition, long offset, Payload payload) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** All records of an event, in its order. */
    static List<ReceivedRecord> of(byte[] event) throws IOException {
        List<ReceivedRecord> records = new ArrayList<>();
        for (JsonNode partition : JSON.readTree(event).get("records")) {
            for (JsonNode each : partition) {
                records.add(new ReceivedRecord(new TopicPartition(each.get("topic").asText(), each.get("partition").asInt()),
                        each.get("offset").asLong(), Payload.parse(Base64.getDecoder().decode(each.get("value").asText()))));
            }
        }
        return records;
    }

    /** Their offsets by partition. */
    static Map<TopicPartition, List<Long>> offsets(List<ReceivedRecord> records) {
        Map<TopicPartition, List<Long>> offsets = new HashMap<>();
        records.forEach(each -> offsets.computeIfAbsent(each.partition(), name -> new ArrayList<>()).add(each.offset()));
        return offsets;
    }
}
