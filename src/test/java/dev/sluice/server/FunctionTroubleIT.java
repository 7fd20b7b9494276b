package dev.sluice.server;

import static dev.sluice.fixture.DeliveryGuarantees.assertExactlyOnce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FreePort;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What LastProcessingResult says of each trouble with a function, and that the batch is tried until it is over. */
class FunctionTroubleIT {

    private static final Duration PATIENCE = TestServer.PATIENCE;
    private static final String AWS = "PROBLEM: Function call failed";
    private static final String SECRET = "hunter2";

    @TempDir
    private Path dir;
    private TestKafka kafka;
    private TestServer server;
    private HandlerEndpoint endpoint;
    private HandlerEndpoint healthy;
    private String topic;

    @BeforeEach
    void startWithANeighbourOnTheSameTopic() {
        kafka = TestKafka.shared();
        server = TestServer.start(dir.resolve("data"), kafka.bootstrapServers(), Map.of());
        endpoint = new HandlerEndpoint();
        healthy = new HandlerEndpoint();
        topic = kafka.createTopic(TestKafka.topicName("trouble"), 1);
        server.function("healthy", healthy);
        server.mapping(topic, "healthy", "TRIM_HORIZON");
    }

    @AfterEach
    void stop() {
        server.close();
        endpoint.close();
        healthy.close();
    }

    @Test
    void anErrorOfAnEndpoint() {
        endpoint.failAlways(true);
        server.function("f", endpoint);
        isShownUntilItIsOver("", "told to fail", () -> endpoint.failAlways(false));
    }

    @Test
    void anErrorOfAHandlerWithoutWhatItSaid() throws IOException {
        Path jar = Files.write(dir.resolve("f.jar"), CompiledHandler.compile(dir, "Broken", """
                public class Broken implements RequestHandler<Map<String, Object>, String> {
                    @Override
                    public String handleRequest(Map<String, Object> event, Context context) {
                        throw new IllegalStateException("%s");
                    }
                }
                """.formatted(SECRET)).zip());
        function("jar\":\"" + jar + "\",\"handler\":\"example.Broken", 3);
        isShownUntilItIsOver("", "IllegalStateException", () -> server.function("f", endpoint));
    }

    @Test
    void aTimeout() {
        endpoint.hold();
        function("url\":\"" + endpoint.url(), 1);
        isShownUntilItIsOver(". Task timed out after 1.00 seconds", "timed out", endpoint::release);
    }

    @Test
    void aThrottle() {
        endpoint.answerAlways(429);
        server.function("f", endpoint);
        isShownUntilItIsOver(". Throttled: " + endpoint.url() + " answered 429", "429", () -> endpoint.answerAlways(200));
    }

    @Test
    void aRefusedConnection() throws IOException {
        int closed = FreePort.one();
        String url = "http://127.0.0.1:" + closed + "/f";
        function("url\":\"" + url + "?token=" + SECRET, 3);
        isShownUntilItIsOver(". Could not be invoked: " + url + " could not be reached", "refused", () -> server.function("f", endpoint));
    }

    @Test
    void aConnectionThatIsReset() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread resetting = new Thread(() -> resetAll(socket), "resets-connections");
            resetting.setDaemon(true);
            resetting.start();
            String url = "http://127.0.0.1:" + socket.getLocalPort() + "/f";
            function("url\":\"" + url, 3);
            isShownUntilItIsOver(". " + url + " took the event, and the connection ended before its answer was whole", "took the event",
                    () -> server.function("f", endpoint));
        }
    }

    @Test
    void aHostThatNobodyKnows() {
        function("url\":\"http://no-such-host.invalid:8080/f?token=" + SECRET, 3);
        isShownUntilItIsOver(". Could not be invoked: http://no-such-host.invalid:8080/f could not be reached: unknown host "
                + "no-such-host.invalid", "unknown host", () -> server.function("f", endpoint));
    }

    @Test
    void anErrorOfAHandlerThatCannotBeMade() throws IOException {
        Path jar = Files.write(dir.resolve("f.jar"), CompiledHandler.compile(dir, "Unmakeable", """
                public class Unmakeable implements RequestHandler<Map<String, Object>, String> {
                    public Unmakeable() {
                        throw new IllegalStateException("%s");
                    }
                    @Override
                    public String handleRequest(Map<String, Object> event, Context context) {
                        return "";
                    }
                }
                """.formatted(SECRET)).zip());
        function("jar\":\"" + jar + "\",\"handler\":\"example.Unmakeable", 3);
        isShownUntilItIsOver("", "IllegalStateException", () -> server.function("f", endpoint));
    }

    /** AWS's text and {@code more} is all that is shown, the detail names the cause, and the neighbour notices nothing. */
    private void isShownUntilItIsOver(String more, String cause, Runnable repair) {
        String uuid = server.mapping(topic, "f", "TRIM_HORIZON", "\"BatchSize\":1");
        kafka.produce(topic, "1", "2");
        server.awaitResult(uuid, AWS + more);
        assertThat(server.result(uuid)).startsWith(AWS + more).doesNotContain(SECRET).hasSizeLessThanOrEqualTo(500);
        if (more.isEmpty()) {
            assertThat(server.result(uuid)).isEqualTo(AWS);
        }
        assertThat(server.detail(uuid).at("/detail/lastError").asText()).containsIgnoringCase(cause);
        await().atMost(PATIENCE).until(() -> healthy.values().size() >= 2);
        assertThat(server.state(uuid)).isEqualTo("Enabled");
        assertThat(kafka.lag(uuid, topic)).isEqualTo(2);
        repair.run();

        await().atMost(PATIENCE).until(() -> endpoint.values().size() >= 2);
        await().atMost(PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
        server.awaitResult(uuid, "OK");
        assertExactlyOnce(healthy.received(), List.of("1", "2"));
        assertThat(endpoint.values()).contains("1", "2");
    }

    /** Once the event is there: before, it would not have reached the function. */
    private static void resetAll(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.setSoLinger(true, 0);
                InputStream in = socket.getInputStream();
                for (String head = ""; !head.endsWith("\r\n\r\n");) {
                    head += (char) in.read();
                }
                in.read();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void function(String code, int timeoutSeconds) {
        assertThat(server.send("PUT", "/_sluice/functions/f", "{\"" + code + "\",\"timeoutSeconds\":" + timeoutSeconds + "}").statusCode())
                .isEqualTo(200);
    }
}
