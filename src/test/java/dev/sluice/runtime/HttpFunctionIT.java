package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.fixture.FreePort;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.RawEndpoint;
import dev.sluice.fixture.Recorded;
import dev.sluice.function.FunctionCode;
import dev.sluice.invocation.Invocation;
import dev.sluice.invocation.InvocationOptions;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.Payload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpFunctionIT {

    @TempDir
    Path directory;
    private FunctionsFixture fixture;
    private HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);

    @BeforeEach
    void open() throws IOException {
        fixture = new FunctionsFixture(directory);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void close() {
        over.countDown();
        fixture.close();
        server.stop(0);
        threads.shutdownNow();
    }

    @FunctionalInterface
    private interface Answer {
        void to(HttpExchange exchange, byte[] event) throws Exception;
    }

    private void endpoint(String name, boolean emulator, Answer answer) {
        server.createContext("/" + name, exchange -> {
            requests.incrementAndGet();
            try (exchange) {
                answer.to(exchange, exchange.getRequestBody().readAllBytes());
            } catch (Exception e) {
                throw new IOException(e);
            }
        });
        fixture.url(name, url(name), emulator);
    }

    private URI url(String name) {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/" + name);
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Test
    void tellsTheEndpointWhoCallsAndWhichVersionOfWhat() throws Exception {
        endpoint("told", false, (exchange, event) -> {
            var headers = exchange.getRequestHeaders();
            send(exchange, 200, "\"" + String.join("|", headers.getFirst("Lambda-Runtime-Invoked-Function-Arn"),
                    headers.getFirst("Lambda-Runtime-Trace-Id"), String.valueOf(headers.getFirst("Lambda-Runtime-Client-Context"))) + "\"");
        });
        String arn = "arn:aws:lambda:us-east-1:000000000000:function:told:$LATEST";
        Recorded asked = new Recorded();
        fixture.functions.submit(new Invocation(FunctionsFixture.arn("told").withQualifier("$LATEST"), "turn",
                () -> Payload.of(new byte[] {'1'}), asked, new InvocationOptions(InvocationOptions.WhenBusy.WAIT,
                        "0a0b0c0d-1111-2222-3333-444444444444", true, "{}", null)));

        assertThat(asked.answer())
                .isEqualTo("\"" + arn + "|Root=1-0a0b0c0d-111122223333444444444444;Parent=3333444444444444;Sampled=0|{}\"");
        assertThat(asked.log()).matches("START RequestId: 0a0b0c0d-1111-2222-3333-444444444444 Version: \\$LATEST\n"
                + "END RequestId: [-0-9a-d]+\nREPORT RequestId: [-0-9a-d]+\tDuration: \\d+\\.\\d\\d ms\t.*\t\n");
        assertThat(fixture.invoke("told", "1").answer()).endsWith("|null\"");
    }

    @Test
    void postsTheEventAndTakesASuccessfulAnswer() throws Exception {
        endpoint("echo", false, (exchange, event) -> send(exchange, 202, exchange.getRequestMethod() + " "
                + exchange.getRequestHeaders().getFirst("Content-Type") + " " + new String(event)));

        Recorded recorded = fixture.invoke("echo", "{\"a\":1}");

        assertThat(recorded.answer()).isEqualTo("POST application/json {\"a\":1}");
        recorded.awaitEnd(Duration.ofSeconds(5));
        assertThat(recorded.calls).containsExactly("started", "completed", "ended");
    }

    @Test
    void takesAnEmptyAnswerAsSuccess() throws Exception {
        endpoint("empty", false, (exchange, event) -> send(exchange, 204, ""));

        assertThat(fixture.invoke("empty", "{}").answer()).isEmpty();
    }

    @Test
    void takesTheFunctionErrorHeaderAsError() throws Exception {
        endpoint("failing", false, (exchange, event) -> {
            exchange.getResponseHeaders().set("X-Amz-Function-Error", "Unhandled");
            send(exchange, 200, "{\"errorType\":\"Oops\",\"errorMessage\":\"no\"}");
        });

        assertThat(fixture.invoke("failing", "{}").result()).isInstanceOfSatisfying(InvocationResult.FunctionError.class,
                error -> assertThat(error.errorType()).isEqualTo("Oops"));
    }

    @Test
    void takesAnyOtherStatusAsErrorAndFollowsNoRedirect() throws Exception {
        endpoint("broken", false, (exchange, event) -> send(exchange, 500, "stack trace"));
        endpoint("moved", false, (exchange, event) -> {
            exchange.getResponseHeaders().set("Location", url("echo").toString());
            send(exchange, 307, "");
        });

        assertThat(fixture.invoke("broken", "{}").error()).contains("500").contains("stack trace");
        assertThat(fixture.invoke("moved", "{}").error()).contains("307");
        assertThat(requests).hasValue(2);
    }

    @Test
    void takes429AsThrottle() throws Exception {
        endpoint("busy", false, (exchange, event) -> send(exchange, 429, ""));

        assertThat(fixture.invoke("busy", "{}").result()).isInstanceOf(InvocationResult.Throttled.class);
    }

    @Test
    void looksForErrorsInTheBodyOnlyWhereARuntimeEmulatorAnswers() throws Exception {
        String body = "{\"errorType\":\"ValueError\",\"errorMessage\":\"bad\"}";
        endpoint("plain", false, (exchange, event) -> send(exchange, 200, body));
        endpoint("emulated", true, (exchange, event) -> send(exchange, 200, body));
        endpoint("emulatedfine", true, (exchange, event) -> send(exchange, 200, "not json"));

        assertThat(fixture.invoke("plain", "{}").answer()).isEqualTo(body);
        assertThat(fixture.invoke("emulated", "{}").error()).isEqualTo(body);
        assertThat(fixture.invoke("emulatedfine", "{}").answer()).isEqualTo("not json");
    }

    @Test
    void couldNotInvokeWhenNobodyListens() throws Exception {
        int free = FreePort.one();
        fixture.url("refused", URI.create("http://user:secret@localhost:" + free + "/path?token=secret"), false);
        fixture.url("unknown", URI.create("http://nobody.invalid/"), false);

        assertThat(fixture.invoke("refused", "{}").result()).isInstanceOfSatisfying(InvocationResult.CouldNotInvoke.class,
                result -> assertThat(result.reason()).contains("localhost:" + free).doesNotContain("secret"));
        assertThat(fixture.invoke("unknown", "{}").result()).isInstanceOf(InvocationResult.CouldNotInvoke.class);
    }

    @Test
    void sendsAnEventOnceEvenWhenTheConnectionIsClosedWithoutAnAnswer() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        try (ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            threads.execute(() -> {
                while (!socket.isClosed()) {
                    try (var connection = socket.accept()) {
                        connections.incrementAndGet();
                        connection.getInputStream().read();
                    } catch (IOException e) {
                        return;
                    }
                }
            });
            fixture.url("closing", URI.create("http://localhost:" + socket.getLocalPort() + "/"), false);

            assertThat(fixture.invoke("closing", "{}").reason()).startsWith("http://localhost:" + socket.getLocalPort()
                    + "/ took the event, and the connection ended before its answer was whole: ");
            assertThat(connections).hasValue(1);
        }
    }

    // Whoever has the event may have done its work, or died of it: as when an environment of Lambda's ends.
    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n\"cut",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n\"cu", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "no HTTP at all\r\n\r\n"})
    void anAnswerThatBreaksOffIsAFailedAttempt(String answer) throws Exception {
        try (RawEndpoint endpoint = new RawEndpoint(answer)) {
            fixture.url("f", endpoint.url(), false);
            Recorded recorded = fixture.invoke("f", "{}");

            assertThat(recorded.error()).contains("\"errorType\":\"Runtime.ExitError\"").contains("took the event")
                    .doesNotContain("reached");
            recorded.awaitEnd(Duration.ofSeconds(5));
            assertThat(recorded.calls).containsExactly("started", "completed", "ended");
            assertThat(endpoint.requests()).isEqualTo(1);
        }
    }

    @Test
    void anEndpointThatClosesAfterEachAnswerIsAskedOverAFreshConnection() throws Exception {
        try (RawEndpoint endpoint = new RawEndpoint("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\"ok\"")) {
            fixture.url("f", endpoint.url(), false);

            for (int i = 0; i < 20; i++) {
                assertThat(fixture.invoke("f", "{}").answer()).isEqualTo("\"ok\"");
            }
            assertThat(endpoint.requests()).isEqualTo(20);
        }
    }

    @Test
    void anEventThatFailsOnAFreshConnectionTooIsTriedNoThirdTime() throws Exception {
        try (RawEndpoint endpoint = new RawEndpoint("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\"ok\"", "")) {
            fixture.url("f", endpoint.url(), false);
            assertThat(fixture.invoke("f", "{}").answer()).isEqualTo("\"ok\"");

            assertThat(fixture.invoke("f", "{}").error()).contains("Runtime.ExitError");
            assertThat(endpoint.requests()).isEqualTo(2);
        }
    }

    @Test
    void endsTheWholeExchangeAtTheTimeout() throws Exception {
        endpoint("slow", false, (exchange, event) -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            over.await();
        });

        Recorded recorded = fixture.invoke("slow", "{}");

        assertThat(recorded.result()).isEqualTo(new InvocationResult.TimedOut(recorded.started.get(), Duration.ofSeconds(1)));
        recorded.awaitEnd(Duration.ofSeconds(5));
        assertThat(recorded.calls).containsExactly("started", "completed", "ended");
    }

    @Test
    void refusesAnAnswerThatIsTooLargeWithoutReadingItAll() throws Exception {
        CompletableFuture<Boolean> sentAll = new CompletableFuture<>();
        endpoint("endless", false, (exchange, event) -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] chunk = new byte[64 * 1024];
            try {
                for (int i = 0; i < 16 * 1024; i++) {
                    exchange.getResponseBody().write(chunk);
                }
                sentAll.complete(true);
            } catch (IOException e) {
                sentAll.complete(false);
            }
        });
        fixture.functions.registry().register("endless", new FunctionCode.HttpEndpoint(url("endless"), false),
                FunctionsFixture.settings(null, 60));

        assertThat(fixture.invoke("endless", "{}").error()).contains("Function.ResponseSizeTooLarge");
        assertThat(sentAll.get(30, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void runsNoMoreAtOnceThanAllowed() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        endpoint("counted", false, (exchange, event) -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            send(exchange, 200, "{}");
            now.decrementAndGet();
        });
        Recorded[] all = new Recorded[200];
        for (int i = 0; i < all.length; i++) {
            all[i] = fixture.invoke("counted", "{}");
        }

        for (Recorded each : all) {
            assertThat(each.answer()).isEqualTo("{}");
        }
        // The endpoint counts down only after it has answered, so one more than the limit of 3 may overlap per slot.
        assertThat(most.get()).isBetween(1, 6);
    }
}
