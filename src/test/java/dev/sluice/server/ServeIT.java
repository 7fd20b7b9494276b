package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;

import dev.sluice.fixture.HttpApi;
import dev.sluice.fixture.SluiceJar;
import dev.sluice.fixture.SluiceProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built jar as a server: what it says, where it answers and whom. */
class ServeIT {

    @TempDir
    private static Path directory;

    private static SluiceProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = SluiceJar.in(directory).serve().awaitKafka();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void saysBothReadyLinesOnStandardOutputAndNothingElse() {
        List<String> lines = server.outLines();

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).matches("Sluice ready on http://localhost:\\d+ \\(Kafka localhost:\\d+\\)");
        assertThat(lines.get(1)).isEqualTo("Kafka ready on " + server.bootstrapServers());
    }

    @Test
    void answersOnBothLoopbackAddresses() throws Exception {
        int port = server.endpoint().getPort();

        for (String host : List.of("localhost", "127.0.0.1", "[::1]")) {
            HttpApi.given(URI.create("http://" + host + ":" + port)).when().get("/_sluice/health?wait=kafka").then().statusCode(200)
                    .body("status", equalTo("up"), "kafka", equalTo("up"), "bootstrapServers", equalTo(server.bootstrapServers()),
                            "kafkaSeenSecondsAgo", lessThan(20f), "pid", equalTo((int) server.pid()));
        }
    }

    @Test
    void keepsItsDataInADirectoryThatGitIgnoresAndTheLogNames() throws IOException {
        Path data = directory.resolve(".sluice");

        assertThat(data.resolve(".gitignore")).content().isEqualToNormalizingNewlines("*\n");
        assertThat(server.err()).contains("Data directory is " + data.toRealPath());
    }

    @Test
    void refusesAHostThatPublicDnsCouldPointHere() throws IOException {
        assertThat(raw("GET /_sluice/health HTTP/1.1\r\nHost: evil.example.com\r\n"))
                .startsWith("HTTP/1.1 403").contains("Host 'evil.example.com' is not allowed");
        assertThat(raw("GET /2015-03-31/functions HTTP/1.1\r\nHost: evil.example.com\r\n")).startsWith("HTTP/1.1 403");
        assertThat(raw("GET /_sluice/health HTTP/1.1\r\nHost: sluice:4574\r\n")).startsWith("HTTP/1.1 200");
        assertThat(raw("GET /_sluice/health HTTP/1.1\r\nHost: host.docker.internal\r\n")).startsWith("HTTP/1.1 200");
    }

    @Test
    void refusesRequestsOfForeignWebPages() throws IOException {
        assertThat(raw("PUT /_sluice/functions/f HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example.com\r\nContent-Length: 0\r\n"))
                .startsWith("HTTP/1.1 403").contains("Origin 'https://evil.example.com' is not allowed");
        assertThat(raw("GET /_sluice/health HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n")).startsWith("HTTP/1.1 403");
        assertThat(raw("GET /_sluice/health HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:3000\r\n")).startsWith("HTTP/1.1 200");
    }

    @Test
    void aSecondServerOnTheSameDataIsRefusedAndTheFirstGoesOn() throws Exception {
        SluiceJar.Output second = SluiceJar.in(directory).run("serve", "--port", "0", "--embedded-kafka-port", "0");

        assertThat(second.status()).isEqualTo(1);
        assertThat(second.out()).isEmpty();
        assertThat(second.err()).contains("data directory " + directory.resolve(".sluice").toRealPath(), "pid " + server.pid());
        HttpApi.given(server.endpoint()).when().get("/_sluice/health").then().statusCode(200);
    }

    /** The whole answer to a request that no well-behaved client would send. */
    private String raw(String head) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), server.endpoint().getPort()), 5_000);
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
