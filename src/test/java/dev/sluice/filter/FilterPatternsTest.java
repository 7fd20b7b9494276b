package dev.sluice.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which patterns are taken, and what is said about the others. */
class FilterPatternsTest {

    private final FilterPatterns patterns = new FilterPatterns();

    @ParameterizedTest
    @ValueSource(strings = {
            // AWS Lambda developer guide, "Control which events Lambda sends to your function", table of comparison operators
            "{'value': {'UserID': [null]}}",
            "{'value': {'LastName': ['']}}",
            "{'value': {'Name': ['Alice']}}",
            "{'value': {'Name': [{'equals-ignore-case': 'alice'}]}}",
            "{'value': {'Location': ['New York'], 'Day': ['Monday']}}",
            "{'value': {'PaymentType': ['Credit', 'Debit']}}",
            "{'value': {'$or': [{'Location': ['New York']}, {'Day': ['Monday']}]}}",
            "{'value': {'Weather': [{'anything-but': ['Raining']}]}}",
            "{'value': {'Price': [{'numeric': ['=', 100]}]}}",
            "{'value': {'Price': [{'numeric': ['>', 10, '<=', 20]}]}}",
            "{'value': {'ProductName': [{'exists': true}]}}",
            "{'value': {'ProductName': [{'exists': false}]}}",
            "{'value': {'Region': [{'prefix': 'us-'}]}}",
            "{'value': {'FileName': [{'suffix': '.png'}]}}",
            // what the table's rows leave open
            "{'value': {'active': [true, false]}}",
            "{'value': {'a': [{'anything-but': 'x'}, {'anything-but': 5}, {'anything-but': [1, 2.50]}]}}",
            "{'value': {'a': [{'prefix': ''}, {'suffix': ''}, {'equals-ignore-case': ''}, {'anything-but': ''}]}}",
            "{'value': {'a': [300, 3.0e2, 12345678901234567890123]}}",
            "{'value': {'a': [{'numeric': ['>', -1.7976931348623157E308]}, {'numeric': ['<', 1.7976931348623157E308]}]}}",
            "{'value': {'a': [{'numeric': ['>', -4.9E-324, '<', 4.9E-324]}, {'numeric': ['=', -0.0]}]}}",
            "{'value': {'a': {'b': {'c': ['x']}}, 'a.b': ['y']}}",
            "{'value': [{'anything-but': ['error']}]}",
            // recorded from AWS: aws-samples/serverless-patterns, lambda-esm-msk-filters-sam, function 9
            "{'topic': [{'prefix': 'ESMFiltersDemoTopic'}], 'value': [{'prefix': 'Order'}]}",
            "{'partition': [0, 1], 'offset': [{'numeric': ['>', 5]}], 'timestampType': ['CREATE_TIME'], 'timestamp': [{'exists': true}]}",
            "{'$or': [{'topic': ['orders']}, {'value': ['a']}]}",
            "{'$or': [{'value': ['a']}, {'value': {'a': ['b']}}]}",
            "{'value': {'prefix': ['a'], 'numeric': {'exists': [1]}}}"})
    void whatLambdaListsIsTaken(String pattern) {
        assertThat(patterns.problem(json(pattern))).isEmpty();
        assertThat(RecordFilter.of(List.of(json(pattern)), OtherFormat.DROP).passesAll()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
            // recorded from AWS as refused: a string, null, a scalar and an empty array at a leaf, broken JSON
            "'simple string' | The pattern is the string \"simple string\"; it must be an object",
            "null | The pattern is null; it must be an object",
            "{'value': 'PAID'} | At value: the string \"PAID\" stands alone; it must be in an array",
            "{'value': {'status': 'PAID'}} | At value.status: the string \"PAID\" stands alone",
            "{'value': {'total': 5}} | At value.total: the number 5 stands alone",
            "{'value': null} | At value: null stands alone",
            "{'value': {'status': []}} | At value.status: the array is empty",
            "{'value': []} | At value: the array is empty",
            "{'value': {'status': ['PAID'] | The pattern is no JSON",
            "{'value': ['a']} x | The pattern is no JSON",
            "{'value': ['a']} {} | The pattern has more text after its end",
            "[] | The pattern is an array; it must be an object",
            "^^ | The pattern is empty; it must be an object",
            "{} | In the pattern: the object is empty; it must have \"value\"",
            "{'value': {}} | At value: the object is empty",
            "{'value': {'a': {}}} | At value.a: the object is empty",
            "{'value': {'a': [1], 'a': [2]}} | The pattern is no JSON: Duplicate field 'a'",
            "{'value': {'a': [['x']]}} | At value.a: an array is in the array",
            // members that nobody saw Lambda filter by, and what records don't have
            "{'key': ['a'], 'value': ['b']} | At key: Lambda isn't known to filter Kafka records by \"key\"; put what you filter by into",
            "{'headers': {'a': ['b']}} | At headers: Lambda isn't known to filter Kafka records by \"headers\"",
            "{'eventSource': 'aws:kafka'} | At eventSource: a Kafka record has no such member; allowed are \"value\", \"topic\", \"partition\", \"off",
            "{'Topic': ['orders']} | At Topic: a Kafka record has no such member",
            "{'topic': 'orders'} | At topic: it is the string \"orders\"; it must be an array, such as [{\"prefix\": \"orders\"}]",
            "{'partition': {'a': [1]}} | At partition: it is an object; it must be an array, such as [0]",
            "{'offset': null} | At offset: it is null; it must be an array",
            "{'timestamp': []} | At timestamp: the array is empty",
            "{'topic': ['a'], 'topic': ['b']} | The pattern is no JSON: Duplicate field 'topic'",
            // EventBridge has them, Lambda's table doesn't
            "{'value': {'a': [{'wildcard': 'a*'}]}} | At value.a: \"wildcard\" is an operator of EventBridge, not of Lambda",
            "{'value': {'a': [{'cidr': '10.0.0.0/8'}]}} | At value.a: \"cidr\" is an operator of EventBridge",
            "{'value': {'a': [{'exactly': 'a'}]}} | At value.a: \"exactly\" is an operator of EventBridge",
            "{'value': {'a': [{'anything-but': {'prefix': 'a'}}]}} | At value.a: \"anything-but\" is an object; Lambda allows",
            "{'value': {'a': [{'prefix': {'equals-ignore-case': 'a'}}]}} | At value.a: \"prefix\" is an object; Lambda allows a string",
            "{'value': {'a': [{'suffix': {'equals-ignore-case': 'a'}}]}} | At value.a: \"suffix\" is an object",
            "{'value': {'a': [{'equals-ignore-case': ['a']}]}} | At value.a: \"equals-ignore-case\" is an array",
            // wrong operands
            "{'value': {'a': [{'begins': 'a'}]}} | At value.a: \"begins\" is no operator; allowed are equals-ignore-case",
            "{'value': {'a': [{}]}} | At value.a: {} has no operator",
            "{'value': {'a': [{'prefix': 'a', 'suffix': 'b'}]}} | At value.a: \"prefix\" and \"suffix\" are in one object",
            "{'value': {'a': [{'prefix': 5}]}} | At value.a: \"prefix\" is the number 5",
            "{'value': {'a': [{'exists': 'yes'}]}} | At value.a: \"exists\" is the string \"yes\"; allowed are true and false",
            "{'value': {'a': [{'anything-but': []}]}} | At value.a: \"anything-but\" is an empty array",
            "{'value': {'a': [{'anything-but': ['a', 1]}]}} | At value.a: \"anything-but\" is an array of strings and numbers",
            "{'value': {'a': [{'anything-but': [null]}]}} | At value.a: \"anything-but\" has null in its array",
            "{'value': {'a': [{'anything-but': true}]}} | At value.a: \"anything-but\" is true",
            "{'value': {'a': [{'numeric': 5}]}} | At value.a: \"numeric\" is not an array",
            "{'value': {'a': [{'numeric': []}]}} | At value.a: \"numeric\" is []",
            "{'value': {'a': [{'numeric': ['!=', 5]}]}} | At value.a: \"numeric\" is [!=, 5]; allowed are",
            "{'value': {'a': [{'numeric': ['>', '5']}]}} | At value.a: \"numeric\" is [>, 5]",
            "{'value': {'a': [{'numeric': ['<', 10, '>', 5]}]}} | At value.a: \"numeric\" is [<, 10, >, 5]",
            "{'value': {'a': [{'numeric': ['=', 5, '<', 7]}]}} | At value.a: \"numeric\" is [=, 5, <, 7]",
            "{'value': {'a': [{'numeric': ['>', 10, '<', 5]}]}} | At value.a: \"numeric\" [>, 10, <, 5] can't be compared with",
            "{'value': {'a': [{'numeric': ['>', 5, '<', 5]}]}} | At value.a: \"numeric\" [>, 5, <, 5] can't be compared with",
            "{'value': {'a': [{'numeric': ['=', 1e400]}]}} | At value.a: \"numeric\" [=, 1e400] can't be compared with",
            "{'value': {'a': [{'numeric': ['<', -1.7976931348623157E308]}]}} | At value.a: \"numeric\" [<, -1.7976931348623157E308] can't",
            "{'value': {'a': [{'numeric': ['>=', 1.7976931348623157E308]}]}} | At value.a: \"numeric\" [>=, 1.7976931348623157E308] can't",
            "{'value': {'$or': {'a': [1]}}} | At value.$or: it is an object; it must be an array of two or more objects",
            "{'value': {'$or': [{'a': [1]}]}} | At value.$or: the array has 1 objects; it must have two or more",
            "{'value': {'$or': [{'a': [1]}, 'b']}} | At value.$or: the string \"b\" is in its array; allowed are objects",
            "{'value': {'$or': [{'a': [1]}, {'b': {'prefix': ['x']}}]}} | At value.$or[1].b.prefix: a member of this name can't be",
            "{'$or': [{'value': ['a']}, {'key': ['b']}]} | At $or[1].key: Lambda isn't known"})
    void whatLambdaRefusesIsRefusedWithItsPlaceAndWhatIsAllowed(String pattern, String problem) {
        assertThat(patterns.problem(json(pattern))).hasValueSatisfying(text -> assertThat(text).startsWith(problem));
        assertThatIllegalArgumentException().isThrownBy(() -> RecordFilter.of(List.of(json(pattern)), OtherFormat.DROP));
    }

    @Test
    void aPatternHasAtMost4096Characters() {
        String start = "{\"value\": [\"";
        String end = "\"]}";
        String longest = start + "x".repeat(4096 - start.length() - end.length()) + end;

        assertThat(patterns.problem(longest)).isEmpty();
        assertThat(patterns.problem(longest + " ")).hasValue("The pattern has 4097 characters; allowed are 4096.");
    }

    @Test
    void thePatternThatNestsDeepestIsTakenAndOneThatIsOnlyBracketsIsNot() {
        String deepest = "{\"value\":" + "{\"a\":".repeat(680) + "[1]" + "}".repeat(681);

        assertThat(deepest).hasSizeBetween(4000, 4096);
        assertThat(patterns.problem(deepest)).isEmpty();
        assertThat(patterns.problem("[".repeat(4096))).isPresent();
        assertThat(patterns.problem("{\"a\":".repeat(800))).isPresent();
    }

    private static String json(String text) {
        return text == null ? "" : text.replace('\'', '"');
    }
}
