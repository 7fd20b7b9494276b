package dev.sluice.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.Mappings;
import dev.sluice.fixture.TestRecords;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a function's answer says of the records t-0, offsets 1 and 2. */
class BatchItemFailuresTest {

    private static final String FORM =
            "; expected is {\"batchItemFailures\":[{\"itemIdentifier\":{\"partition\":\"TOPIC-0\",\"offset\":0}}]}";

    private final Part part = Part.of(new Batch(Mappings.aMapping().build(), null,
            List.of(new TestRecords("t", 0).add(1, 1, "k", "v").add(2, 1, "k", "v")), 0));

    @Test
    void theRecordsThatAreNamedHaveFailed() {
        BatchItemFailures named = in("{'batchItemFailures':[{'itemIdentifier':{'partition':'t-0','offset':2,'topic':'t'},'more':1}]}");

        assertThat(named.problem()).isNull();
        assertThat(named.failed().stream()).containsExactly(1);
    }

    // aws-samples/serverless-patterns, smk-lambda-queue-mode-python-sam
    @Test
    void aTextNamesARecordOfAShareGroup() {
        Part shared = Part.of(new Batch(Mappings.aMapping().build(), null,
                List.of(new TestRecords("a-topic", 0).add(1, 1, "k", "v").add(2, 1, "k", "v").handedOut(1)), 0, new Redelivery(5, false)));

        assertThat(BatchItemFailures.in("{\"batchItemFailures\":[{\"itemIdentifier\":\"a-topic-0-2\"}]}".getBytes(UTF_8), shared).failed()
                .stream()).containsExactly(1);
        assertThat(BatchItemFailures.in("{\"batchItemFailures\":[{\"itemIdentifier\":\"a-topic-0-3\"}]}".getBytes(UTF_8), shared).problem())
                .isEqualTo("the function's answer: batchItemFailures[0] names \"a-topic-0-3\", which the event didn't have; expected is"
                        + " \"TOPIC-PARTITION-OFFSET\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
            "{'partition':'t-0','offset':'2'} | : batchItemFailures[0].itemIdentifier.offset is a text, not a whole number",
            "{'partition':'t-0','offset':2.0} | : batchItemFailures[0].itemIdentifier.offset is a fraction, not a whole number",
            "{'partition':'t-0','offset':null} | : batchItemFailures[0].itemIdentifier.offset is null, not a whole number",
            "{'partition':'t-0','offset':true} | : batchItemFailures[0].itemIdentifier.offset is true, not a whole number",
            "{'partition':'t-0'} | : batchItemFailures[0].itemIdentifier has no offset",
            "{'partition':0,'offset':2} | : batchItemFailures[0].itemIdentifier.partition is a number, not a text such as 'orders-0'",
            "{'topic':'t','offset':2} | : batchItemFailures[0].itemIdentifier has no partition",
            "'t-0-2' | : batchItemFailures[0].itemIdentifier is a text, not an object",
            "['t-0',2] | : batchItemFailures[0].itemIdentifier is a list, not an object",
            "null | : batchItemFailures[0].itemIdentifier is null, not an object"})
    void anIdentifierThatCantBeUsedIsToldWithItsPlaceAndWhatIsWrong(String identifier, String problem) {
        BatchItemFailures unusable = in("{'batchItemFailures':[{'itemIdentifier':" + identifier + "}]}");

        assertThat(unusable.failed()).isNull();
        assertThat(unusable.problem()).isEqualTo("the function's answer" + problem.replace('\'', '"') + FORM);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
            "{'batchItemFailures':[ | ' is not JSON'",
            "{} {} | ' is not JSON'",
            "[{'itemIdentifier':{'partition':'t-0','offset':2}}] | ' is a list, not an object'",
            "'ok' | ' is a text, not an object'",
            "5 | ' is a number, not an object'",
            "{'batchItemFailures':'t-0'} | ': batchItemFailures is a text, not a list'",
            "{'batchItemFailures':{'itemIdentifier':{}}} | ': batchItemFailures is an object, not a list'",
            "{'batchItemFailures':['2']} | ': batchItemFailures[0] is a text, not an object'",
            "{'batchItemFailures':[{'itemidentifier':{'partition':'t-0','offset':2}}]} | ': batchItemFailures[0] has no itemIdentifier'"})
    void anAnswerOfAnotherFormIsToldAsWhatItIs(String answer, String problem) {
        assertThat(in(answer).problem()).isEqualTo("the function's answer" + problem.substring(1, problem.length() - 1) + FORM);
    }

    @Test
    void recordsThatTheEventDidNotHaveAreNamed() {
        String start = "{'batchItemFailures':[{'itemIdentifier':{'partition':'t-0','offset':2}},{'itemIdentifier':{'partition':";

        assertThat(in(start + "'t-0','offset':7}}]}").problem())
                .isEqualTo("the function's answer: batchItemFailures[1] names partition \"t-0\", offset 7, which the event didn't have");
        assertThat(in(start + "'t','offset':2}}]}").problem()).contains("names partition \"t\", offset 2, which the event didn't have");
        assertThat(in(start + "'t-0','offset':99999999999999999999}}]}").problem()).contains("offset 99999999999999999999, which");
    }

    private BatchItemFailures in(String answer) {
        return BatchItemFailures.in(answer.replace('\'', '"').getBytes(UTF_8), part);
    }
}
