package dev.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultyProxyIT {

    private final InetAddress loopback = InetAddress.getLoopbackAddress();
    private final Ports ports = Ports.free();
    private ServerSocket target;
    private FaultyProxy proxy;
    private Socket client;
    private Socket served;

    FaultyProxyIT() throws IOException {
    }

    @BeforeEach
    void connect() throws IOException {
        target = new ServerSocket(ports.broker(), 10, loopback);
        proxy = new FaultyProxy(ports.proxy(), ports.broker());
        client = new Socket(loopback, ports.proxy());
        client.setSoTimeout(5_000);
        served = target.accept();
        served.setSoTimeout(5_000);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        served.close();
        proxy.close();
        target.close();
    }

    @Test
    void forwardsInBothDirections() throws IOException {
        client.getOutputStream().write('a');
        assertThat(served.getInputStream().read()).isEqualTo('a');
        served.getOutputStream().write('b');
        assertThat(client.getInputStream().read()).isEqualTo('b');
    }

    @Test
    void aCutIsAnEndInGoodOrderAndAResetIsNot() throws IOException {
        client.getOutputStream().write('a');
        assertThat(served.getInputStream().read()).isEqualTo('a');
        proxy.cut(true);
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);

        try (Socket second = new Socket(loopback, ports.proxy()); Socket secondServed = target.accept()) {
            second.getOutputStream().write('a');
            assertThat(secondServed.getInputStream().read()).isEqualTo('a');
            proxy.cut(false);
            assertThat(second.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void refusesUntilItListensAgain() throws IOException {
        proxy.refuse();
        assertThatThrownBy(() -> new Socket(loopback, ports.proxy())).isInstanceOf(ConnectException.class);
        proxy.listen();
        try (Socket again = new Socket(loopback, ports.proxy())) {
            assertThat(again.isConnected()).isTrue();
        }
    }

    @Test
    void silenceKeepsTheConnectionAndWhatIsUnderWay() throws IOException {
        proxy.silence(true);
        client.getOutputStream().write('a');
        served.setSoTimeout(200);
        assertThatThrownBy(() -> served.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        served.setSoTimeout(5_000);
        proxy.silence(false);
        assertThat(served.getInputStream().read()).isEqualTo('a');
    }

    @Test
    void aForgottenConnectionNeverHearsOfItsEnd() throws IOException {
        client.getOutputStream().write('a');
        assertThat(served.getInputStream().read()).as("the proxy knows the connection").isEqualTo('a');
        proxy.forget();
        served.close();
        client.setSoTimeout(200);
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
    }
}
