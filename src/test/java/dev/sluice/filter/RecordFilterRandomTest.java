package dev.sluice.filter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.filter.FilterJson.Obj;
import dev.sluice.filter.FilterJson.Scalar;
import dev.sluice.fixture.TestRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.event.ruler.Machine;

/** Random patterns and values against two other matchers, and broken patterns against the check at create. */
class RecordFilterRandomTest {

    private static final int PATTERNS = 2_500;
    private static final int VALUES = 4;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    RecordFilterRandomTest() {
        System.out.println("RecordFilterRandomTest seed " + seed);
    }

    @Test
    void recordsPassAsTheRulesReadAloud() {
        FilterCases cases = new FilterCases(random, false);
        int passed = 0;
        for (int i = 0; i < PATTERNS; i++) {
            List<FilterJson> rules = new ArrayList<>();
            for (int patterns = random.nextInt(10) < 7 ? 1 : 3; patterns > 0; patterns--) {
                rules.add(cases.rule());
            }
            List<String> patterns = rules.stream().map(rule -> Obj.of("value", rule).json()).toList();
            boolean othersPass = random.nextBoolean();
            RecordFilter filter = RecordFilter.of(patterns, othersPass ? OtherFormat.PASS : OtherFormat.DROP);
            for (int v = 0; v < VALUES; v++) {
                boolean isText = random.nextInt(10) == 0;
                String text = cases.text();
                FilterJson value = isText ? Scalar.text(text) : cases.value();

                boolean passes = passes(filter, isText ? text : value.json());

                assertThat(passes).as("seed %d: %s passes %s", seed, value.json(), patterns).isEqualTo(rules.stream()
                        .anyMatch(rule -> isText == rule instanceof Obj ? othersPass : PlainMatcher.matches(rule, value) > 0));
                passed += passes ? 1 : 0;
            }
        }
        assertThat(passed).as("cases that say something").isBetween(PATTERNS * VALUES / 10, PATTERNS * VALUES * 9 / 10);
    }

    /** Where the guide and event-ruler agree: how members, arrays and alternatives go together. */
    @Test
    void recordsPassAsAwsOwnMatcherMatchesThemWhole() throws Exception {
        FilterCases cases = new FilterCases(random, true);
        int passed = 0;
        for (int i = 0; i < PATTERNS; i++) {
            String pattern = Obj.of("value", cases.rule()).json();
            RecordFilter filter = RecordFilter.of(List.of(pattern), OtherFormat.DROP);
            Machine machine = Machine.builder().build();
            machine.addRule("pattern", pattern);
            for (int v = 0; v < VALUES; v++) {
                FilterJson value = cases.value();

                boolean passes = passes(filter, value.json());

                assertThat(passes).as("seed %d: %s passes %s", seed, value.json(), pattern)
                        .isEqualTo(!machine.rulesForJSONEvent(Obj.of("value", value).json()).isEmpty());
                passed += passes ? 1 : 0;
            }
        }
        assertThat(passed).as("cases that say something").isBetween(PATTERNS * VALUES / 20, PATTERNS * VALUES * 19 / 20);
    }

    @Test
    void aFilterCanBeMadeOfExactlyThePatternsThatHaveNoProblem() {
        FilterCases cases = new FilterCases(random, false);
        int refused = 0;
        for (int i = 0; i < PATTERNS; i++) {
            String pattern = broken(Obj.of("value", cases.rule()).json());
            boolean valid = new FilterPatterns().problem(pattern).isEmpty();
            boolean made;
            try {
                passes(RecordFilter.of(List.of(pattern), OtherFormat.DROP), cases.value().json());
                made = true;
            } catch (IllegalArgumentException e) {
                made = false;
            }
            assertThat(made).as("seed %d: %s", seed, pattern).isEqualTo(valid);
            refused += valid ? 0 : 1;
        }
        assertThat(refused).as("cases that say something").isBetween(PATTERNS / 10, PATTERNS * 99 / 100);
    }

    private String broken(String pattern) {
        StringBuilder text = new StringBuilder(pattern);
        String inserts = "{}[]\":,0-e.n\\";
        for (int edits = 1 + random.nextInt(2); edits > 0; edits--) {
            int at = random.nextInt(text.length());
            if (random.nextBoolean()) {
                text.deleteCharAt(at);
            } else {
                text.insert(at, inserts.charAt(random.nextInt(inserts.length())));
            }
        }
        return text.toString();
    }

    private static boolean passes(RecordFilter filter, String value) {
        return filter.refusal(new TestRecords("orders", 0).add(5, 1, null, value.getBytes(UTF_8), List.of()), 0) == null;
    }
}
