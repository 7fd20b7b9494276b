package dev.sluice.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrationRulesTest {

    @Test
    void aCommandIsWhatAProcessCanHaveAsArguments() {
        assertThat(RegistrationRules.commandProblem(List.of("node", "", "a=b"))).isEmpty();
        assertThat(RegistrationRules.commandProblem(List.of("\0"))).hasValueSatisfying(problem -> assertThat(problem).contains("U+0000"));
        assertThat(RegistrationRules.commandProblem(List.of("node", "a\0b"))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A=B", "=", "a\0b"})
    void noProcessCanHaveAVariableOfThisName(String name) {
        assertThat(RegistrationRules.environmentProblem(Map.of("FINE", "x", name, "value"))).hasValueSatisfying(
                problem -> assertThat(problem).startsWith("has the name \"" + name.replace("\0", "\\u0000") + "\"")
                        .doesNotContain("value"));
    }

    @Test
    void aValueMayBeAnythingButWithoutU0000() {
        assertThat(RegistrationRules.environmentProblem(Map.of("A", "", "b.c-d", "=ü\n"))).isEmpty();
        assertThat(RegistrationRules.environmentProblem(Map.of("A", "sec\0ret"))).hasValueSatisfying(
                problem -> assertThat(problem).contains("value of A").doesNotContain("sec"));
    }
}
