package dev.sluice.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class FunctionCodeTest {

    @Test
    void saysOfAnEndpointNothingThatMayBeASecret() {
        FunctionCode.HttpEndpoint endpoint =
                new FunctionCode.HttpEndpoint(URI.create("https://user:hidden@host:8443/path?key=hidden"), false);

        assertThat(endpoint.address()).isEqualTo("https://host:8443/path");
        assertThat(endpoint.toString()).isEqualTo("HttpEndpoint[https://host:8443/path, runtimeEmulator=false]");
    }
}
