package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpansionTest {

    private final Expansion expansion = new Expansion(Map.of("HOST", "kafka", "EMPTY", ""));

    @ParameterizedTest
    @CsvSource({
            "no variable, no variable",
            "${HOST}, kafka",
            "${HOST}:9092/${HOST}, kafka:9092/kafka",
            "${HOST:-localhost}, kafka",
            "${ABSENT:-localhost}, localhost",
            "${EMPTY:-localhost}, localhost",
            "${ABSENT:-}, ''",
            "${ABSENT:-${HOST}:1}, kafka:1",
            "${ABSENT:-${ALSO_ABSENT:-x}}, x",
            "$${HOST}, ${HOST}",
            "cost: 5$ or $HOST, cost: 5$ or $HOST",
            "${EMPTY}, ''",
    })
    void expands(String text, String expected) throws BadValueException {
        assertThat(expansion.expand(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
            "${ABSENT}, ABSENT is not",
            "${HOST, closing brace",
            "${}, a literal ${ is written $${",
            "${A B}, a literal ${ is written $${",
            "${ABSENT:-${ALSO_ABSENT}}, ALSO_ABSENT is not",
    })
    void refuses(String text, String reason) {
        assertThatThrownBy(() -> expansion.expand(text)).isInstanceOf(BadValueException.class).hasMessageContaining(reason);
    }
}
