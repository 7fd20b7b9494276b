package dev.sluice.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedKafkaConfigurationTest {

    @Test
    void readsAListOfAddresses() {
        assertThat(HostAndPort.parseList("localhost:9092, sluice:29092,[::1]:7")).extracting(HostAndPort::toString)
                .containsExactly("localhost:9092", "sluice:29092", "[::1]:7");
        assertThat(HostAndPort.parseList("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:", ":9092", "localhost:0", "localhost:70000", "localhost:x", "::1:9092", "a b:1", ""})
    void quotesWhatIsNoAddress(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> HostAndPort.parse(text)).withMessageContaining("\"" + text + "\"");
    }

    @Test
    void refusesTwoListenersOnOnePort() {
        assertThatIllegalArgumentException().isThrownBy(() -> configuration(9092, "localhost:19092,sluice:9092"))
                .withMessageContaining("sluice:9092");
        assertThatIllegalArgumentException().isThrownBy(() -> configuration(9092, "localhost:9092,a:29092,b:29092"))
                .withMessageContaining("b:29092");
        assertThatCode(() -> configuration(9092, "localhost:9092,sluice:29092")).doesNotThrowAnyException();
    }

    @Test
    void refusesAPortOutOfRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> configuration(65536, "")).withMessageContaining("65536");
    }

    private static EmbeddedKafkaConfiguration configuration(int port, String advertised) {
        List<HostAndPort> addresses = HostAndPort.parseList(advertised);
        return new EmbeddedKafkaConfiguration(Path.of("kafka"), "localhost", port, addresses);
    }
}
