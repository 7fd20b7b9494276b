package dev.sluice.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The value of a record. Immutable.
 *
 * @param id no other record has it
 * @param at when it was produced, in nanoseconds of the harness's clock
 * @param kind what filters ask for
 * @param poison whether functions that drop what fails too often always fail with it
 */
record Payload(long id, long at, String kind, boolean poison) {

    private static final ObjectMapper JSON = new ObjectMapper();

    byte[] bytes() {
        return ("{\"id\":" + id + ",\"at\":" + at + ",\"kind\":\"" + kind + "\",\"poison\":" + poison + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    static Payload parse(byte[] bytes) throws IOException {
        JsonNode json = JSON.readTree(bytes);
        return new Payload(json.get("id").asLong(), json.get("at").asLong(), json.get("kind").asText(), json.get("poison").asBoolean());
    }
}
