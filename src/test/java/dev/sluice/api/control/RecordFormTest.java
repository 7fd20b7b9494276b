package dev.sluice.api.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cluster.OutgoingRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordFormTest {

    @Test
    void readsOneRecordOfText() {
        OutgoingRecord record = only(
                parse("""
                        {"key": "k", "value": "grüß", "partition": 3, "headers": [{"name": "h", "value": "1"}, {"name": "h", "valueBase64": "AP8="}]}"""));

        assertThat(record.key()).isEqualTo(bytes("k"));
        assertThat(record.value()).isEqualTo(bytes("grüß"));
        assertThat(record.partition()).isEqualTo(3);
        assertThat(record.headers()).extracting(OutgoingRecord.Header::name).containsExactly("h", "h");
        assertThat(record.headers().get(0).value()).isEqualTo(bytes("1"));
        assertThat(record.headers().get(1).value()).isEqualTo(new byte[] {0, (byte) 0xff});
    }

    @Test
    void readsOneRecordOfBytes() {
        OutgoingRecord record = only(parse("{\"keyBase64\": \"AA==\", \"valueBase64\": \"\"}"));

        assertThat(record.key()).isEqualTo(new byte[] {0});
        assertThat(record.value()).isEmpty();
        assertThat(record.partition()).isNull();
        assertThat(record.headers()).isEmpty();
    }

    @Test
    void aValueOfNullIsATombstone() {
        OutgoingRecord record = only(parse("{\"key\": \"k\", \"value\": null}"));

        assertThat(record.value()).isNull();
        assertThat(record.key()).isEqualTo(bytes("k"));
    }

    @Test
    void readsSeveralRecordsInTheirOrder() {
        assertThat(parse("{\"records\": [{\"value\": \"a\"}, {\"value\": \"b\"}]}"))
                .extracting(record -> new String(record.value(), StandardCharsets.UTF_8)).containsExactly("a", "b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "[] | The body must be a JSON object, not ARRAY",
            "{\"value\": | The body is no JSON: it ends in the middle at line 1",
            "{} | value is missing; a tombstone has \"value\": null",
            "{\"value\": 1} | value is 1; allowed is a text",
            "{\"value\": \"a\", \"valueBase64\": \"AA==\"} | value and valueBase64 are both given; one is needed",
            "{\"value\": null, \"valueBase64\": \"AA==\"} | value and valueBase64 are both given; one is needed",
            "{\"valueBase64\": \"?\"} | valueBase64 is no base64",
            "{\"value\": \"a\", \"partition\": -1} | partition is -1; allowed is a whole number from 0 to 2147483647",
            "{\"value\": \"a\", \"partition\": 1.5} | partition is 1.5; allowed is a whole number from 0 to 2147483647",
            "{\"value\": \"a\", \"kee\": \"b\"} | Unknown member kee; allowed are",
            "{\"records\": [{\"value\": \"a\"}, {\"vale\": \"b\"}]} | records[1]: value is missing",
            "{\"records\": [{\"value\": \"a\", \"x\": 1}]} | Unknown member records[0].x; allowed are",
            "{\"records\": [1]} | records[0] is 1; allowed is an object",
            "{\"records\": {}} | records is {}; allowed is an array of objects",
            "{\"records\": [], \"key\": \"a\"} | Unknown member key; allowed are records",
            "{\"value\": \"a\", \"headers\": [{\"value\": \"1\"}]} | headers[0]: name is missing",
            "{\"value\": \"a\", \"headers\": [{\"name\": \"1\"}]} | headers[0]: value is missing",
    })
    void refuses(String json, String message) {
        assertThatThrownBy(() -> parse(json)).isInstanceOfSatisfying(ControlException.class, e -> {
            assertThat(e).hasMessageStartingWith(message);
            assertThat(e.status()).isEqualTo(400);
        });
    }

    private static List<OutgoingRecord> parse(String json) {
        return RecordForm.parse(bytes(json));
    }

    private static OutgoingRecord only(List<OutgoingRecord> records) {
        assertThat(records).hasSize(1);
        return records.get(0);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
