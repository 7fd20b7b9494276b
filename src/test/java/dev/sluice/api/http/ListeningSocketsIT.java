package dev.sluice.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.junit.jupiter.api.Test;

class ListeningSocketsIT {

    @Test
    void givesOnePortToAllAddressesOfLocalhost() throws Exception {
        ListeningSockets sockets = ListeningSockets.open("localhost", 0);
        try {
            assertThat(sockets.port()).isPositive();
            for (ServerSocketChannel channel : sockets.channels()) {
                var local = (InetSocketAddress) channel.getLocalAddress();
                assertThat(local.getPort()).isEqualTo(sockets.port());
                assertThat(local.getAddress().isLoopbackAddress()).isTrue();
            }
        } finally {
            sockets.close();
        }
    }

    @Test
    void namesThePortThatIsTakenAndLeavesNothingOpen() throws Exception {
        int port;
        try (ServerSocketChannel taken = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0))) {
            port = taken.socket().getLocalPort();
            assertThatThrownBy(() -> ListeningSockets.open("localhost", port)).isInstanceOf(PortTakenException.class)
                    .hasMessage("port " + port + " on localhost is in use by another program");
        }
        ListeningSockets.open("127.0.0.1", port).close();
    }

    @Test
    void refusesHostsThatAreNotHere() {
        assertThatThrownBy(() -> ListeningSockets.open("192.0.2.1", 0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'192.0.2.1'");
        assertThatThrownBy(() -> ListeningSockets.open("no-such-host.invalid", 0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'no-such-host.invalid'");
        assertThatThrownBy(() -> ListeningSockets.open("localhost", 70_000)).hasMessageContaining("0 to 65535");
    }
}
