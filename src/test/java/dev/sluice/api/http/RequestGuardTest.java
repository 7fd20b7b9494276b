package dev.sluice.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestGuardTest {

    private final RequestGuard guard = new RequestGuard(Set.of("Sluice.example.com"));

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "localhost:4574", "LOCALHOST:4574", "localhost.:4574", "127.0.0.1:4574", "192.168.0.7", "[::1]:4574",
                    "[fe80::1%25eth0]:4574", "sluice", "sluice.", "sluice:4574", "my_sluice-1:80", "host.docker.internal:4574",
                    "sluice.example.com:4574"})
    void letsTheseHostsPass(String host) {
        assertThat(guard.refusal(host, null)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:4574", "localhost.evil.example", "127.0.0.1.evil.example", "a.b.",
            "sluice.example.com.evil.example", "host.docker.internal.evil.example", "", ":4574", "evil.example:99999999", "[evil.example]"})
    void refusesNamesThatPublicDnsCouldPointHere(String host) {
        assertThat(guard.refusal(host, null)).hasValueSatisfying(message -> assertThat(message)
                .contains("'" + host + "'").contains("localhost").contains("host.docker.internal").contains("sluice.example.com"));
    }

    @ParameterizedTest
    @CsvSource({"localhost:4574, http://localhost:4574", "localhost:4574, http://localhost:3000", "127.0.0.1:4574, http://localhost:4574",
            "[::1]:4574, http://127.0.0.1", "sluice:4574, http://sluice:4574", "sluice.example.com, https://sluice.example.com",
            "localhost:4574, https://sluice.example.com"})
    void letsPagesOfThisServerPass(String host, String origin) {
        assertThat(guard.refusal(host, origin)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"localhost:4574, https://evil.example", "localhost:4574, null", "localhost:4574, http://localhost.evil.example",
            "localhost:4574, http://1.2.3.4", "127.0.0.1, http://192.168.0.7", "localhost:4574, file://", "localhost:4574, http://",
            "localhost:4574, http://evil.example@localhost", "localhost:4574, chrome-extension://abc",
            "sluice:4574, http://localhost:4574"})
    void refusesPagesOfOtherSites(String host, String origin) {
        assertThat(guard.refusal(host, origin)).hasValueSatisfying(message -> assertThat(message).contains("Origin '" + origin + "'"));
    }

    @Test
    void letsHttp10WithoutHostPass() {
        assertThat(guard.refusal(null, null)).isEmpty();
    }
}
