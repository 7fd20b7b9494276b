package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.ProbeResult;
import dev.sluice.cluster.ProbeResult.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KafkaWatchTest {

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = {"BOOTSTRAP_UNREACHABLE", "NOT_KAFKA", "ADVERTISED_UNREACHABLE"})
    void brokersThatAreNotThereYetAreAskedOften(Kind kind) {
        assertThat(KafkaWatch.pause(new ProbeResult(kind, "no answer"), false)).isLessThanOrEqualTo(Duration.ofMillis(100));
    }

    @Test
    void aRefusedLogInIsTriedSeldom() {
        assertThat(KafkaWatch.pause(new ProbeResult(Kind.REFUSED, "wrong password"), false)).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void brokersThatHaveAnsweredAreAskedSeldom(Kind kind) {
        assertThat(KafkaWatch.pause(new ProbeResult(kind, "as before"), true)).isEqualTo(Duration.ofSeconds(5));
    }
}
