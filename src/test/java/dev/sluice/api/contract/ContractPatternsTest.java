package dev.sluice.api.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That no text, however long and however nearly fitting, makes a pattern of the contract run long or overflow the stack. */
class ContractPatternsTest {

    private static final List<String> BEGINNINGS = List.of("", "arn:aws:lambda:us-east-1:000000000000:function:", "arn:aws:kafka:",
            "arn:aws:", "kafka://", "/mnt/", "arn:aws:iam::000000000000:role/");
    private static final List<String> REPEATED =
            List.of("a", "1", "-", ".", ":", "/", "a.", "a-", "a:", "aa.", "a-.", "aws-", "us-", "$", "\n", "ä");
    private static final List<String> ENDS = List.of("", "!", ":99999");

    static Stream<String> schemasWithPatterns() {
        return ContractDocument.read().path("components").path("schemas").properties().stream()
                .filter(schema -> schema.getValue().has("pattern")).map(schema -> schema.getKey());
    }

    @ParameterizedTest
    @MethodSource("schemasWithPatterns")
    void answersSoonWhateverItIsAsked(String name) {
        Schema.Text schema = text(ContractDocument.schema(name));
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (int length : lengths(schema)) {
                for (String text : length > 20_000 ? REPEATED.stream().map(repeated -> repeated.repeat(length)).toList() : texts(length)) {
                    ConstraintCheck check = new ConstraintCheck();
                    check.value("member", schema, TextNode.valueOf(text));
                    boolean tooLong = schema.max() != null && text.length() > schema.max();
                    assertThat(check.violations().isEmpty()).as("%s of %d characters", name, text.length())
                            .isEqualTo(!tooLong && fits(schema, text));
                }
            }
        });
    }

    private static boolean fits(Schema.Text schema, String text) {
        return (schema.min() == null || text.length() >= schema.min()) && (schema.max() != null || text.length() <= 4096)
                && schema.pattern().matcher(text).matches();
    }

    private static List<Integer> lengths(Schema.Text schema) {
        return schema.max() == null ? List.of(60, 4096, 100_000) : List.of(schema.max(), Math.max(1024, 2 * schema.max()), 100_000);
    }

    private static List<String> texts(int length) {
        List<String> texts = new ArrayList<>();
        for (String beginning : BEGINNINGS) {
            for (String repeated : REPEATED) {
                for (String end : ENDS) {
                    int times = Math.max(1, (length - beginning.length() - end.length()) / repeated.length());
                    texts.add(beginning + repeated.repeat(times) + end);
                }
            }
        }
        return texts;
    }

    private static Schema.Text text(JsonNode schema) {
        return new Schema.Text(schema.has("minLength") ? schema.get("minLength").intValue() : null,
                schema.has("maxLength") ? schema.get("maxLength").intValue() : null,
                Pattern.compile(schema.get("pattern").asText()), List.of(), false);
    }
}
