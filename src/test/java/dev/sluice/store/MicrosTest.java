package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MicrosTest {

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:00Z", "2026-11-22T01:02:03.999999Z", "1969-12-31T23:59:59.999999Z",
            "0001-01-01T00:00:00.000001Z", "9999-12-31T23:59:59.999999Z", "2026-11-22T01:02:03.123456789Z",
            "1969-12-31T23:59:59.123456789Z"})
    void keepsAnInstantToTheMicrosecond(Instant instant) {
        assertThat(Micros.toInstant(Micros.of(instant))).isEqualTo(instant.truncatedTo(ChronoUnit.MICROS));
    }

    @Test
    void countsFromNineteenSeventy() {
        assertThat(Micros.of(Instant.parse("1970-01-01T00:00:01.000002Z"))).isEqualTo(1_000_002);
        assertThat(Micros.of(Instant.parse("1969-12-31T23:59:59.999999Z"))).isEqualTo(-1);
    }

    @Test
    void keepsNull() {
        assertThat(Micros.of(null)).isNull();
        assertThat(Micros.toInstant(null)).isNull();
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatThrownBy(() -> Micros.of(Instant.MAX)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Instant.MAX.toString());
    }
}
