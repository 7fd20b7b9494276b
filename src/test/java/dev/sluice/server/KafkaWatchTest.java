package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.ProbeResult;
import dev.sluice.cluster.ProbeResult.Kind;
import dev.sluice.fault.FatalFaults;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KafkaWatchTest {

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = {"BOOTSTRAP_UNREACHABLE", "NOT_KAFKA", "ADVERTISED_UNREACHABLE"})
    void brokersThatAreNotThereYetAreAskedOften(Kind kind) {
        assertThat(KafkaWatch.pause(new ProbeResult(kind, "no answer"), false)).isLessThanOrEqualTo(Duration.ofMillis(100));
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = {"REFUSED", "WRONG_LISTENER"})
    void aRefusedLogInAndAPortOfAnotherKindAreTriedSeldom(Kind kind) {
        assertThat(KafkaWatch.pause(new ProbeResult(kind, "wrong password"), false)).isEqualTo(Duration.ofSeconds(5));
    }

    // It died of the first one, and called the brokers down for ever.
    @Test
    void outlivesWhateverOneLookThrows() {
        Iterator<Object> looks = List.<Object>of(new OutOfMemoryError("Java heap space"), new IllegalStateException("a bug"),
                new StackOverflowError(), new ProbeResult(Kind.REACHABLE, "")).iterator();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (KafkaWatch watch = new KafkaWatch("k:1", patience -> {
            Object next = looks.hasNext() ? looks.next() : new ProbeResult(Kind.REACHABLE, "");
            if (next instanceof Error error) {
                throw error;
            }
            if (next instanceof RuntimeException bug) {
                throw bug;
            }
            return (ProbeResult) next;
        }, new PrintStream(out, true, StandardCharsets.UTF_8),
                new KafkaWatch.Surroundings(FatalFaults.unheard(), System::nanoTime))) {
            watch.start();
            await().atMost(Duration.ofSeconds(5)).until(watch::up);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Kafka ready on k:1");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void brokersThatHaveAnsweredAreAskedSeldom(Kind kind) {
        assertThat(KafkaWatch.pause(new ProbeResult(kind, "as before"), true)).isEqualTo(Duration.ofSeconds(5));
    }
}
