package dev.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterConfigurationTest {
    private static final String MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule ";

    @ParameterizedTest
    @ValueSource(strings = {MODULE + "required username=\"u\" password=\"p w\";", MODULE + "required password=\"\";",
            "not.here.Module optional;"})
    void takesALogInThatKafkaCanRead(String written) {
        assertThat(ClusterConfiguration.logInReadable(Map.of("sasl.jaas.config", written))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "hunter2", MODULE + "required username=u password=p", MODULE + "\"hunter2\";", MODULE + "required password=",
                    "com.sun.security.auth.module.JndiLoginModule required;"})
    void refusesALogInThatKafkaCannotRead(String written) {
        assertThat(ClusterConfiguration.logInReadable(Map.of("sasl.jaas.config", written))).isFalse();
    }

    @Test
    void needsNoLogIn() {
        assertThat(ClusterConfiguration.logInReadable(Map.of())).isTrue();
    }
}
