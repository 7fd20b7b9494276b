package dev.sluice.filter;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.sluice.filter.RecordFilter.Refusal;
import dev.sluice.fixture.TestRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which records pass. Filters that were silently dropped elsewhere: ministack#914, #1034, floci#3060, yulin#1347. */
class RecordFilterTest {

    private static final String DEVICE = "{'device_ID': 'AB1234', 'session': {'start_time': 'yyyy-mm-ddThh:mm:ss', 'duration': 162}}";

    /**
     * AWS Lambda developer guide: "Filtering events from Amazon MSK and self-managed Apache Kafka event sources" (the first two), and
     * the examples and the table of operators of "Control which events Lambda sends to your function" with {@code value} as data key.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
            "{'value': {'device_ID': [{'prefix': 'AB'}]}} | " + DEVICE + " | {'device_ID': 'XY1', 'session': {}}",
            "{'value': [{'anything-but': ['error']}]} | Hello, this is a test. | error",
            "{'value': {'a': [1, 2]}} | {'a': 2} | {'a': 3}",
            "{'value': {'Location': ['Los Angeles']}} | {'Location': 'Los Angeles', 'x': 1} | {'Location': 'los angeles'}",
            "{'value': {'Temperature': [{'numeric': ['>', 50, '<=', 60]}]}} | {'Temperature': 60.0} | {'Temperature': 50}",
            "{'value': {'Keys': {'Id': {'N': ['101']}}}} | {'Keys': {'Id': {'N': '101'}}} | {'Keys': {'Id': {'N': '102'}}}",
            "{'value': {'UserID': [null]}} | {'UserID': null} | {'UserID': 'null'}",
            "{'value': {'LastName': ['']}} | {'LastName': ''} | {'LastName': ' '}",
            "{'value': {'Name': ['Alice']}} | {'Name': 'Alice'} | {'Name': 'alice'}",
            "{'value': {'Name': [{'equals-ignore-case': 'alice'}]}} | {'Name': 'aLICE'} | {'Name': 'alic'}",
            "{'value': {'Location': ['New York'], 'Day': ['Monday']}} | {'Location': 'New York', 'Day': 'Monday'} | {'Day': 'Monday'}",
            "{'value': {'PaymentType': ['Credit', 'Debit']}} | {'PaymentType': 'Debit'} | {'PaymentType': 'Cash'}",
            "{'value': {'$or': [{'Location': ['New York']}, {'Day': ['Monday']}]}} | {'Day': 'Monday'} | {'Day': 'Sunday'}",
            "{'value': {'Weather': [{'anything-but': ['Raining']}]}} | {'Weather': 'Sunny'} | {'Weather': 'Raining'}",
            "{'value': {'Price': [{'numeric': ['=', 100]}]}} | {'Price': 1.0e2} | {'Price': '100'}",
            "{'value': {'Price': [{'numeric': ['>', 10, '<=', 20]}]}} | {'Price': 20} | {'Price': 10}",
            "{'value': {'ProductName': [{'exists': true}]}} | {'ProductName': null} | {'Product': 'x'}",
            "{'value': {'ProductName': [{'exists': false}]}} | {'Product': 'x'} | {'ProductName': 'x'}",
            "{'value': {'Region': [{'prefix': 'us-'}]}} | {'Region': 'us-east-1'} | {'Region': 'eu-us-1'}",
            "{'value': {'FileName': [{'suffix': '.png'}]}} | {'FileName': 'a.png'} | {'FileName': 'a.PNG'}"})
    void aRecordPassesAsAwsDocumentsIt(String pattern, String passes, String doesNot) {
        assertThat(passes(pattern, passes)).isTrue();
        assertThat(passes(pattern, doesNot)).isFalse();
    }

    /**
     * By the rule that AWS's recorded results give (see RecordedFiltersIT); {@code -} stands for bytes that are no UTF-8, {@code null}
     * for a tombstone.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', nullValues = "null", value = {
            "plain | ['other']       | no match",
            "plain | ['plain']       | passes",
            "plain | {'a': ['b']}    | its value is text, and no JSON object or array, and the filter asks for JSON",
            "{'a': 'x'} | ['other']  | its value is JSON, and the filter asks for text",
            "{'a': 'x'} | [{'exists': true}] | its value is JSON, and the filter asks for text",
            "{'a': 'x'} | {'a': ['b']} | no match",
            "['x'] | ['other']       | its value is JSON, and the filter asks for text",
            "['x'] | {'a': ['b']}    | no match",
            "- | ['other']           | its value is no UTF-8, and the filter asks for text",
            "- | {'a': ['b']}        | its value is no UTF-8, and the filter asks for JSON",
            "null | ['other']        | its value is missing (a tombstone), and the filter asks for text",
            "null | [{'exists': false}] | its value is missing (a tombstone), and the filter asks for text",
            "null | {'a': [{'exists': false}]} | its value is missing (a tombstone), and the filter asks for JSON",
            // scalars, empty and broken JSON are text
            "300 | ['300']           | passes",
            "300 | [300]             | no match",
            "300 | {'a': ['b']}      | its value is text, and no JSON object or array, and the filter asks for JSON",
            "300 | {'a': [{'exists': false}]} | its value is text, and no JSON object or array, and the filter asks for JSON",
            "'x' | ['x']             | no match",
            "true | ['false']        | no match",
            "^^ | ['']               | passes",
            "^^ | ['x']              | no match",
            "{'a': 'x' | {'a': ['b']} | its value is text, and no JSON object or array, and the filter asks for JSON",
            "{'a': 'x'} x | {'a': ['b']} | its value is text, and no JSON object or array, and the filter asks for JSON",
            "{'a': NaN} | {'a': ['b']} | its value is text, and no JSON object or array, and the filter asks for JSON"})
    void whereTheFormatsDifferTheRecordDoesNotMatchUnlessToldOtherwise(String value, String rule, String outcome) {
        byte[] bytes = value == null ? null : value.equals("-") ? new byte[] {'a', (byte) 0xff, 'b'} : json(value).getBytes(UTF_8);
        List<String> pattern = List.of("{'value': " + rule + "}");

        Refusal refusal = refusal(OtherFormat.DROP, pattern, bytes);
        Refusal guide = refusal(OtherFormat.PASS, pattern, bytes);

        boolean passes = outcome.equals("passes");
        boolean noMatch = outcome.equals("no match");
        assertThat(refusal).isEqualTo(passes ? null : new Refusal(!noMatch, noMatch ? "it matches none of the filter patterns" : outcome));
        assertThat(guide == null).as("AWS Lambda developer guide: it is filtered by nothing then").isEqualTo(!noMatch);
    }

    @Test
    void theReasonNamesBothFormatsWhereBothAreAskedFor() {
        List<String> both = List.of("{'value': {'a': ['b']}}", "{'$or': [{'value': ['x']}, {'offset': [1]}]}");

        assertThat(refusal(OtherFormat.DROP, both, null).reason())
                .isEqualTo("its value is missing (a tombstone), and the filter asks for JSON or for text");
        assertThat(refusal(OtherFormat.DROP, both, "y".getBytes(UTF_8)))
                .as("only one of the two patterns asks for another format").extracting(Refusal::otherFormat).isEqualTo(true);
        assertThat(refusal(OtherFormat.DROP, both, "x".getBytes(UTF_8))).isNull();
    }

    @Test
    void utf16IsNoUtf8EvenWhereAParserWouldTakeIt() {
        assertThat(refusal(OtherFormat.DROP, List.of("{'value': {'a': ['x']}}"), json("{'a': 'x'}").getBytes(UTF_16)).reason())
                .startsWith("its value is no UTF-8");
    }

    /** Records are orders-0, offset 5, timestamp 1. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
            "{'topic': ['orders']} | true", "{'topic': ['payments']} | false", "{'topic': [{'prefix': 'ord'}]} | true",
            "{'topic': [{'anything-but': 'orders'}]} | false", "{'topic': [{'exists': true}]} | true",
            "{'topic': [{'exists': false}]} | false", "{'topic': [{'equals-ignore-case': 'ORDERS'}]} | true",
            "{'partition': [0]} | true", "{'partition': ['0']} | false", "{'partition': [{'numeric': ['>', 0]}]} | false",
            "{'offset': [{'numeric': ['>=', 5, '<', 6]}]} | true", "{'offset': [4]} | false", "{'timestamp': [1]} | true",
            "{'timestamp': [{'numeric': ['>', 1]}]} | false", "{'timestampType': ['CREATE_TIME']} | true",
            "{'timestampType': ['LOG_APPEND_TIME']} | false", "{'topic': ['orders'], 'partition': [1]} | false",
            "{'$or': [{'topic': ['payments']}, {'offset': [5]}]} | true",
            "{'$or': [{'topic': ['payments']}, {'offset': [6]}]} | false"})
    void recordsAreFilteredByWhatTheyHaveBesideTheirValue(String pattern, boolean passes) {
        for (byte[] value : new byte[][] {"x".getBytes(UTF_8), json("{'a': 1}").getBytes(UTF_8), {(byte) 0xff}, null}) {
            assertThat(refusal(OtherFormat.DROP, List.of(pattern), value) == null).isEqualTo(passes);
            assertThat(refusal(OtherFormat.PASS, List.of(pattern), value) == null).isEqualTo(passes);
        }
    }

    @Test
    void valueAndMetadataMustBothMatchAndOnlyTheFormatIsExcusedByTheGuide() {
        byte[] json = json("{'a': 1}").getBytes(UTF_8);
        List<String> here = List.of("{'topic': [{'prefix': 'ord'}], 'value': [{'prefix': 'x'}]}");
        List<String> elsewhere = List.of("{'topic': [{'prefix': 'pay'}], 'value': [{'prefix': 'x'}]}");

        assertThat(refusal(OtherFormat.DROP, here, json)).extracting(Refusal::otherFormat).isEqualTo(true);
        assertThat(refusal(OtherFormat.PASS, here, json)).isNull();
        assertThat(refusal(OtherFormat.DROP, elsewhere, json)).extracting(Refusal::otherFormat).isEqualTo(false);
        assertThat(refusal(OtherFormat.PASS, elsewhere, json)).isNotNull();
        assertThat(refusal(OtherFormat.DROP, here, "xy".getBytes(UTF_8))).isNull();
    }

    @Test
    void aTopicIsComparedAnewWhenItIsAnotherOne() {
        RecordFilter filter = RecordFilter.of(List.of(json("{'topic': ['orders']}")), OtherFormat.DROP);
        for (String topic : List.of("orders", "orders", "payments", "orders", "payments", "payments")) {
            assertThat(filter.refusal(new TestRecords(topic, 0).add(5, 1, "k", "v"), 0) == null).isEqualTo(topic.equals("orders"));
        }
    }

    @Test
    void theReplacementCharacterIsText() {
        assertThat(passes("{'value': ['\uFFFD']}", "\uFFFD")).isTrue();
        assertThat(passes("{'value': ['x']}", "\uFFFD")).isFalse();
    }

    @Test
    void withoutPatternsEveryRecordPassesAndNobodyNeedsToAsk() {
        assertThat(RecordFilter.of(List.of(), OtherFormat.DROP).passesAll()).isTrue();
        assertThat(passes(List.of(), "x".getBytes(UTF_8))).isTrue();
    }

    @Test
    void onePatternIsEnough() {
        List<String> patterns = List.of("{'value': {'a': ['1']}}", "{'value': {'b': ['2']}}");

        assertThat(passes(patterns, json("{'b': '2'}").getBytes(UTF_8))).isTrue();
        assertThat(passes(patterns, json("{'b': '1', 'a': '2'}").getBytes(UTF_8))).isFalse();
    }

    /** "For numbers, Lambda also uses string representation. For example, 300, 300.0, and 3.0e2 are not considered equal." */
    @ParameterizedTest
    @CsvSource({
            "300, 300, true", "300, 300.0, false", "300, 3.0e2, false", "300.0, 300, false", "300.0, 300.0, true", "3.0e2, 3.0e2, true",
            "3.0e2, 3.0E2, false", "-0, 0, false", "0.1, 0.10, false", "12345678901234567890, 12345678901234567890, true",
            "12345678901234567890, 12345678901234567891, false"})
    void anExactNumberIsComparedByItsText(String asked, String has, boolean equal) {
        assertThat(passes("{'value': {'a': [" + asked + "]}}", "{'a': " + has + "}")).isEqualTo(equal);
        assertThat(passes("{'value': {'a': [{'anything-but': " + asked + "}]}}", "{'a': " + has + "}")).isEqualTo(!equal);
        // also where event-ruler alone would look only at the numeric value
        assertThat(passes("{'value': {'a': [" + asked + ", {'numeric': ['=', 7]}]}}", "{'a': " + has + "}")).isEqualTo(equal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'a': 'Rain'}", "{'a': 5}", "{'a': true}", "{'a': null}"})
    void anythingButTakesWhateverElseIsThere(String value) {
        assertThat(passes("{'value': {'a': [{'anything-but': ['x', 'y']}]}}", value)).isTrue();
        assertThat(passes("{'value': {'a': [{'anything-but': ['x', 'y']}, {'numeric': ['<', 0]}]}}", value)).isTrue();
    }

    /** localstack#10325: {@code exists: false} where the object around the member is missing too. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
            "{} | true", "{'a': {}} | true", "{'a': null} | true", "{'a': 5} | true", "{'a': []} | true", "{'a': {'c': 1}} | true",
            "{'a': {'b': null}} | false", "{'a': {'b': ''}} | false", "{'a': {'b': {'c': 1}}} | true", "{'a': {'b': []}} | true",
            "{'a': [{'c': 1}, {'d': 1}]} | true", "{'a': [{'b': 1}, {'c': 1}]} | false", "[] | true", "{'a.b': 1} | true"})
    void existsLooksAtLeavesAndInMissingObjects(String value, boolean absent) {
        assertThat(passes("{'value': {'a': {'b': [{'exists': false}]}}}", value)).isEqualTo(absent);
        assertThat(passes("{'value': {'a': {'b': [{'exists': true}]}}}", value)).isEqualTo(!absent);
        assertThat(passes("{'value': {'a': {'b': [{'exists': true}, {'exists': false}]}}}", value)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
            "{'value': {'tags': ['b']}} | {'tags': ['a', 'b']} | true",
            "{'value': {'tags': ['b']}} | {'tags': [['a'], [['b']]]} | true",
            "{'value': {'tags': ['b']}} | {'tags': []} | false",
            "{'value': {'tags': ['b']}} | {'tags': [{'b': 'b'}]} | false",
            "{'value': {'tags': [{'anything-but': 'b'}]}} | {'tags': ['b', 'a']} | true",
            // both members of the same element
            "{'value': {'items': {'sku': ['A'], 'size': [5]}}} | {'items': [{'sku': 'B', 'size': 5}, {'sku': 'A', 'size': 5}]} | true",
            "{'value': {'items': {'sku': ['A'], 'size': [5]}}} | {'items': [{'sku': 'B', 'size': 5}, {'sku': 'A', 'size': 6}]} | false",
            "{'value': {'sku': ['A']}} | [{'sku': 'B'}, {'sku': 'A'}] | true",
            "{'value': {'sku': ['A'], 'z': [{'exists': false}]}} | [{'sku': 'B'}, {'sku': 'A'}] | true",
            "{'value': {'sku': ['A'], 'z': [{'exists': false}]}} | [{'sku': 'B'}, {'sku': 'A', 'z': 1}] | false"})
    void anArrayMatchesWhenOneOfItsElementsDoes(String pattern, String value, boolean passes) {
        assertThat(passes(pattern, value)).isEqualTo(passes);
    }

    @Test
    void aDotInANameIsNoNesting() {
        assertThat(passes("{'value': {'a.b': ['x']}}", "{'a.b': 'x'}")).isTrue();
        assertThat(passes("{'value': {'a.b': ['x']}}", "{'a': {'b': 'x'}}")).isFalse();
        assertThat(passes("{'value': {'a': {'b': ['x']}}}", "{'a.b': 'x'}")).isFalse();
    }

    @Test
    void whatLooksLikeAnAddressIsAString() {
        assertThat(passes("{'value': {'ip': ['10.0.0.1']}}", "{'ip': '10.0.0.1'}")).isTrue();
        assertThat(passes("{'value': {'ip': ['10.0.0.1']}}", "{'ip': '010.0.0.1'}")).isFalse();
        assertThat(passes("{'value': {'ip': ['::1']}}", "{'ip': '0:0:0:0:0:0:0:1'}")).isFalse();
    }

    @Test
    void aMemberThatIsThereTwiceMatchesByEither() {
        for (String asked : List.of("1", "2")) {
            assertThat(passes("{'value': {'a': ['" + asked + "']}}", "{'a': '1', 'a': '2'}")).isTrue();
            assertThat(passes("{'value': {'a': {'b': ['" + asked + "']}}}", "{'a': {'b': '1'}, 'a': {'b': '2'}}")).isTrue();
        }
    }

    @Test
    void escapesInAValueMeanWhatTheyStandFor() {
        assertThat(passes("{'value': {'a': ['\u00e4\\'b']}}", "{'\\u0061': '\\u00e4\\'b'}")).isTrue();
    }

    @Test
    void aValueOfOnlyBracketsIsJudgedAndDoesNotOverflowTheStack() {
        String brackets = "[".repeat(1_000_000) + "'A'" + "]".repeat(1_000_000);
        String objects = "{'a':".repeat(300_000) + "1" + "}".repeat(300_000);

        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertThat(passes("{'value': {'a': ['A']}}", "{'a': " + brackets + "}")).isTrue();
            assertThat(passes("{'value': {'a': ['B']}}", "{'a': " + brackets + "}")).isFalse();
            assertThat(passes("{'value': {'a': {'a': [1]}}}", objects)).isFalse();
            assertThat(passes("{'value': " + "{'a':".repeat(680) + "[1]" + "}".repeat(681), objects)).isFalse();
            assertThat(passes("{'value': " + "{'a':".repeat(680) + "[{'exists': false}]" + "}".repeat(681), objects)).isTrue();
            assertThat(passes("{'value': {'a': ['A']}}", "[".repeat(1_000_000))).as("that is text").isFalse();
        });
    }

    @Test
    void hugeNumbersNeitherThrowNorStall() {
        String digits = "9".repeat(1_000_000);

        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (String number : List.of(digits, "0." + digits, "1e999999999", "1e-999999999", "0e999999999", "1e99999999999",
                    "-" + digits)) {
                assertThat(passes("{'value': {'a': [5, {'numeric': ['=', 7]}]}}", "{'a': " + number + "}")).isFalse();
                assertThat(passes("{'value': {'a': [{'anything-but': 5}]}}", "{'a': " + number + "}")).isTrue();
            }
        });
    }

    /** event-ruler 2.1 would compare each element of one array with each of the next. */
    @Test
    void largeArraysTakeTimeThatGrowsWithTheirLength() {
        List<String> elements = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            elements.add("'e" + i + "'");
        }
        String array = elements.toString();
        String value = "{'a': " + array + ", 'b': " + array + ", 'c': " + array + ", 'd': 2}";

        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertThat(passes("{'value': {'a': [{'prefix': 'e'}], "
                + "'b': [{'prefix': 'e'}], 'c': [{'anything-but': 'x'}], 'd': [1]}}", value)).isFalse());
    }

    @Test
    void manyChoicesAreNotMultipliedOut() {
        StringBuilder pattern = new StringBuilder("{'value': {");
        for (int i = 0; i < 60; i++) {
            pattern.append(i == 0 ? "" : ", ").append("'m").append(i).append("': {'$or': [{'a': [1]}, {'b': [1]}]}");
        }
        String sixty = pattern.append("}}").toString();

        assertThat(new FilterPatterns().problem(json(sixty))).isEmpty();
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertThat(passes(sixty, "{'m0': {'a': 1}}")).isFalse());
    }

    private static boolean passes(String pattern, String value) {
        return passes(List.of(pattern), json(value).getBytes(UTF_8));
    }

    private static boolean passes(List<String> patterns, byte[] value) {
        return refusal(OtherFormat.DROP, patterns, value) == null;
    }

    private static Refusal refusal(OtherFormat otherFormat, List<String> patterns, byte[] value) {
        RecordFilter filter = RecordFilter.of(patterns.stream().map(RecordFilterTest::json).toList(), otherFormat);
        return filter.refusal(new TestRecords("orders", 0).add(5, 1, null, value, List.of()), 0);
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
