package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testing.HttpFunction;
import dev.sluice.testing.SluiceJar;
import dev.sluice.testing.SluiceProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built jar as a server: what it says, where it answers, whom it answers, and how it ends. */
class ServeIT {

    private static final Duration TERMINATION = Duration.ofSeconds(8);

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private SluiceProcess server;

    @BeforeEach
    void start() throws IOException {
        server = SluiceJar.in(directory).serve().awaitKafka();
    }

    @AfterEach
    void stop() {
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
            HttpResponse<String> health = get("http://" + host + ":" + port + "/_sluice/health?wait=kafka");
            assertThat(health.statusCode()).as(host).isEqualTo(200);
            assertThat(health.body()).isEqualTo("{\"status\":\"up\",\"kafka\":\"up\",\"bootstrapServers\":\"" + server.bootstrapServers() + "\"}");
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
    void endsInOrderOnSigterm() {
        server.terminate();

        assertThat(server.awaitExit(TERMINATION)).isZero();
        assertThat(server.outLines()).hasSize(2);
        assertThat(server.err()).contains("Closing").doesNotContain("ERROR").doesNotContain("WARN");
    }

    @Test
    void endsInOrderOnSigint() throws IOException {
        Assumptions.assumeTrue(catchesSigint(), "this process was started with SIGINT ignored, and so were its children");

        server.interrupt();

        assertThat(server.awaitExit(TERMINATION)).isZero();
    }

    @Test
    void endsInTimeWhileAHandlerIsRunning() throws Exception {
        try (HttpFunction hanging = HttpFunction.hanging()) {
            put("/_sluice/functions/hangs", "{\"url\":\"" + hanging.url() + "\",\"timeoutSeconds\":900}");
            createMapping("hangs", "orders");
            produce("orders", "one");
            await().atMost(Duration.ofSeconds(30)).until(() -> hanging.events().size() == 1);

            server.terminate();

            assertThat(server.awaitExit(TERMINATION)).isZero();
        }
    }

    @Test
    void whatWasInFlightAtTheEndIsDeliveredAgainByTheNextServer() throws Exception {
        try (HttpFunction hanging = HttpFunction.hanging(); HttpFunction answering = HttpFunction.answering()) {
            put("/_sluice/functions/f", "{\"url\":\"" + hanging.url() + "\",\"timeoutSeconds\":900}");
            createMapping("f", "orders");
            produce("orders", "one");
            await().atMost(Duration.ofSeconds(30)).until(() -> hanging.events().size() == 1);
            server.terminate();
            assertThat(server.awaitExit(TERMINATION)).isZero();

            // The clients of a killed or ended server know the broker by its port; a new free one would be another broker to them.
            server = SluiceJar.in(directory).serve().awaitKafka();
            put("/_sluice/functions/f", "{\"url\":\"" + answering.url() + "\"}");

            await().atMost(Duration.ofSeconds(30)).until(() -> answering.events().size() == 1);
            assertThat(answering.events().get(0)).contains("\"value\":\"b25l\"");
        }
    }

    @Test
    void aSecondServerOnTheSameDataIsRefusedAndTheFirstGoesOn() throws Exception {
        SluiceJar.Output second = SluiceJar.in(directory).run("serve", "--port", "0", "--embedded-kafka-port", "0");

        assertThat(second.status()).isEqualTo(1);
        assertThat(second.out()).isEmpty();
        assertThat(second.err()).contains("data directory " + directory.resolve(".sluice").toRealPath(), "pid " + server.pid());
        assertThat(get(server.endpoint() + "/_sluice/health").statusCode()).isEqualTo(200);
    }

    private boolean catchesSigint() throws IOException {
        Path status = Path.of("/proc/" + server.pid() + "/status");
        if (!Files.exists(status)) {
            return true;
        }
        String caught = Files.readAllLines(status).stream().filter(line -> line.startsWith("SigCgt:")).findFirst().orElseThrow();
        return (Long.parseUnsignedLong(caught.substring("SigCgt:".length()).strip(), 16) & 1L << 1) != 0;
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private void put(String path, String body) throws IOException, InterruptedException {
        send("PUT", path, body, 200);
    }

    private void createMapping(String function, String topic) throws IOException, InterruptedException {
        send("POST", "/2015-03-31/event-source-mappings", "{\"FunctionName\":\"" + function + "\",\"Topics\":[\"" + topic
                + "\"],\"StartingPosition\":\"TRIM_HORIZON\",\"EventSourceArn\":"
                + "\"arn:aws:kafka:us-east-1:111111111111:cluster/c/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2\"}", 202);
    }

    private void produce(String topic, String value) throws IOException, InterruptedException {
        send("POST", "/_sluice/topics/" + topic + "/records", "{\"records\":[{\"value\":\"" + value + "\"}]}", 200);
    }

    private void send(String method, String path, String body, int status) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create(server.endpoint() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
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
