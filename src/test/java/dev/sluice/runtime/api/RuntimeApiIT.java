package dev.sluice.runtime.api;

import static dev.sluice.runtime.api.ChildProcessesIT.assertFailed;
import static dev.sluice.runtime.api.Children.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.OwnThread;
import dev.sluice.runtime.api.Children.Child;
import dev.sluice.runtime.process.RuntimeProcess.Result;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Runtime API as a client sees it: the test is the runtime, in place of a process that only waits. Texts and statuses are
 * those of AWS's Runtime Interface Emulator (rapi/rendering/render_error.go, rapi/handler).
 */
class RuntimeApiIT {

    private static final String RUNTIME = "/2018-06-01/runtime/";
    private static final String INVALID_ID = "{\"errorMessage\":\"Invalid request ID\",\"errorType\":\"InvalidRequestID\"}";
    private static final String OK = "{\"status\":\"OK\"}";

    @TempDir
    Path directory;
    private Children children;
    private Child child;
    private int port;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void open() throws IOException {
        children = new Children(directory);
        child = children.bash("echo $AWS_LAMBDA_RUNTIME_API; read -t 600 <> <(:)");
        await().until(() -> child.printed().text().endsWith("\n"));
        port = Integer.parseInt(child.printed().text().strip().replace("127.0.0.1:", ""));
    }

    @AfterEach
    void close() {
        children.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(Duration.ofSeconds(20));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(RUNTIME + path).POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> next() throws Exception {
        return send(request(RUNTIME + "invocation/next"));
    }

    /** On a connection of its own. */
    private CompletableFuture<HttpResponse<String>> nextAside() {
        HttpRequest next = request(RUNTIME + "invocation/next").version(HttpClient.Version.HTTP_1_1).build();
        return CompletableFuture.supplyAsync(() -> {
            try {
                return HttpClient.newHttpClient().send(next, BodyHandlers.ofString());
            } catch (IOException | InterruptedException e) {
                throw new CompletionException(e);
            }
        }, OwnThread.EXECUTOR);
    }

    private CompletableFuture<Result> invoke(String id, String event) {
        return child.invokeAside(id, event);
    }

    /** Asks for an event, and reads no more of it than its first byte. */
    private Socket lazyNext() throws IOException {
        Socket lazy = new Socket(InetAddress.getByName("127.0.0.1"), port);
        lazy.setReceiveBufferSize(4096);
        write(lazy, "GET " + RUNTIME + "invocation/next HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(lazy.getInputStream().read()).isEqualTo('H');
        return lazy;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void assertAnswer(HttpResponse<String> answer, int status, String body) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    }

    private static String refused(String from, String to) {
        return "{\"errorMessage\":\"State transition from " + from + " to " + to
                + " failed for runtime. Error: State transition is not allowed\",\"errorType\":\"InvalidStateTransition\"}";
    }

    private static Result result(CompletableFuture<Result> running) {
        assertThat(running).succeedsWithin(Duration.ofSeconds(10));
        return running.join();
    }

    @Test
    void anEventIsAnsweredOnce() throws Exception {
        CompletableFuture<Result> running = invoke("1", "{\"a\":1}");
        HttpResponse<String> event = next();
        assertAnswer(event, 200, "{\"a\":1}");
        assertThat(event.headers().map().keySet()).doesNotContain("server", "date", "lambda-runtime-client-context");
        assertAnswer(post("invocation/2/response", "{}"), 400, INVALID_ID);
        assertAnswer(post("invocation/2/error", "{}"), 400, INVALID_ID);
        assertThat(running).isNotDone();
        assertAnswer(post("invocation/1/response", "\"yes\""), 202, OK);
        assertThat(text(result(running))).isEqualTo("\"yes\"");

        assertAnswer(post("invocation/1/response", "\"no\""), 403, refused("RuntimeResponseSentState", "InvocationResponse"));
        assertAnswer(post("invocation/1/error", "\"no\""), 403, refused("RuntimeResponseSentState", "InvocationErrorResponse"));
        running = invoke("2", "{}");
        assertAnswer(next(), 200, "{}");
        assertAnswer(post("invocation/1/response", "\"no\""), 400, INVALID_ID);
        assertAnswer(post("invocation/2/error", "{}"), 202, OK);
        assertFailed(result(running), null, "{}");
    }

    @Test
    void beforeTheFirstEventNothingCanBeAnswered() throws Exception {
        assertAnswer(post("invocation/1/response", "{}"), 400, INVALID_ID);
        assertAnswer(post("init/error", "{}"), 202, OK);
        assertThat(child.process().awaitReady()).get().satisfies(result -> assertFailed(result, null, "{}"));
        assertAnswer(next(), 403, refused("InitError", "Ready"));
        assertAnswer(post("init/error", "{}"), 403, refused("InitError", "InitError"));
    }

    @Test
    void whoHasStartedCanNotFailToStart() throws Exception {
        CompletableFuture<Result> running = invoke("1", "{}");
        next();
        assertAnswer(post("init/error", "{}"), 403, refused("Running", "InitError"));
        post("invocation/1/response", "");
        assertThat(text(result(running))).isEmpty();
        assertAnswer(post("init/error", "{}"), 403, refused("RuntimeResponseSentState", "InitError"));
    }

    @Test
    void anUnansweredEventIsGivenAgain() throws Exception {
        CompletableFuture<Result> running = invoke("1", "{\"again\":true}");
        assertAnswer(next(), 200, "{\"again\":true}");
        assertAnswer(next(), 200, "{\"again\":true}");
        assertAnswer(post("invocation/1/response", "done"), 202, OK);
        assertThat(text(result(running))).isEqualTo("done");
    }

    @Test
    void aRequestOnANewConnectionReplacesAnOlderOne() throws Exception {
        CompletableFuture<HttpResponse<String>> older = nextAside();
        assertThat(child.process().awaitReady()).isEmpty();
        CompletableFuture<HttpResponse<String>> newer = nextAside();
        assertThat(older).failsWithin(Duration.ofSeconds(10));
        CompletableFuture<Result> running = invoke("1", "{}");
        assertThat(newer).succeedsWithin(Duration.ofSeconds(10)).satisfies(answer -> assertAnswer(answer, 200, "{}"));
        post("invocation/1/response", "done");
        assertThat(text(result(running))).isEqualTo("done");
    }

    @Test
    void whatIsNoOperationIsNotFound() throws Exception {
        for (String path : new String[] {"/", "/2018-06-01/runtime/", RUNTIME + "invocation", RUNTIME + "invocation/1/other",
                "/2020-01-01/extension/event/next", "/2019-01-01/runtime/invocation/next"}) {
            HttpResponse<String> answer = send(request(path));
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).isEqualTo("404 page not found\n");
        }
        HttpResponse<String> posted = post("invocation/next", "{}");
        assertThat(posted.statusCode()).isEqualTo(405);
        assertThat(posted.body()).isEmpty();
        assertThat(posted.headers().firstValue("Allow")).contains("GET");
        assertThat(send(request(RUNTIME + "init/error")).statusCode()).isEqualTo(405);
        assertThat(send(request(RUNTIME + "invocation/1/response")).headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void anUnknownResponseModeFailsTheEvent() throws Exception {
        CompletableFuture<Result> running = invoke("1", "{}");
        next();
        HttpRequest.Builder response = request(RUNTIME + "invocation/1/response").POST(BodyPublishers.ofString("x"))
                .header("Lambda-Runtime-Function-Response-Mode", "buffered");
        assertAnswer(send(response), 400,
                "{\"errorMessage\":\"Invalid function response mode\",\"errorType\":\"InvalidFunctionResponseMode\"}");
        assertFailed(result(running), "Runtime.InvalidResponseModeHeader", "");
    }

    @Test
    void aStreamedResponseIsCollected() throws Exception {
        CompletableFuture<Result> running = invoke("1", "{}");
        next();
        assertThat(raw(streamed("6\r\n{\"a\":1\r\n1\r\n}\r\n0\r\n\r\n"))).startsWith("HTTP/1.1 202").endsWith(OK);
        assertThat(text(result(running))).isEqualTo("{\"a\":1}");
    }

    @Test
    void aStreamedResponseThatEndsInAnErrorHasFailed() throws Exception {
        CompletableFuture<Result> running = invoke("1", "{}");
        next();
        // {"errorMessage":"half"}
        assertThat(raw(streamed("4\r\nhalf\r\n0\r\nLambda-Runtime-Function-Error-Type: Runtime.Broken\r\n"
                + "Lambda-Runtime-Function-Error-Body: eyJlcnJvck1lc3NhZ2UiOiJoYWxmIn0=\r\n\r\n"))).startsWith("HTTP/1.1 202");
        assertFailed(result(running), "Runtime.Broken", "{\"errorMessage\":\"half\"}");
    }

    @Test
    void anAnswerThatBreaksOffFailsTheEvent() throws Exception {
        CompletableFuture<Result> running = invoke("1", "{}");
        next();
        assertThat(raw(streamed("6\r\n{\"a\":1\r\nno chunk\r\n"))).startsWith("HTTP/1.1 400")
                .endsWith("{\"errorMessage\":\"HTTP request detected as truncated\",\"errorType\":\"TruncatedHTTPRequest\"}");
        assertFailed(result(running), "Runtime.TruncatedResponse", "");

        running = invoke("2", "{}");
        next();
        raw("POST " + RUNTIME + "invocation/2/response HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
        assertFailed(result(running), "Runtime.TruncatedResponse", "");

        running = invoke("3", "{}");
        next();
        assertAnswer(post("invocation/3/response", "whole"), 202, OK);
        assertThat(text(result(running))).isEqualTo("whole");
    }

    @Test
    void whileAnAnswerArrivesNoOtherIsTaken() throws Exception {
        CompletableFuture<Result> running = invoke("1", "{}");
        next();
        try (Socket slow = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
            write(slow, "POST " + RUNTIME + "invocation/1/response HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nha");
            await().untilAsserted(() -> assertAnswer(post("init/error", ""), 403, refused("InvocationResponse", "InitError")));
            assertAnswer(post("invocation/1/response", "other"), 403, refused("InvocationResponse", "InvocationResponse"));
            assertAnswer(next(), 403, refused("InvocationResponse", "Ready"));
            write(slow, "lf");
            assertThat(text(result(running))).isEqualTo("half");
        }
    }

    @Test
    void aClientThatAnswersWithoutReadingItsEventHoldsNobodyUp() throws Exception {
        CompletableFuture<Result> running = invoke("1", "x".repeat(6 * 1024 * 1024));
        try (Socket lazy = lazyNext()) {
            assertThat(lazy.isConnected()).isTrue();
            assertAnswer(post("invocation/1/response", "unread"), 202, OK);
            assertThat(text(result(running))).isEqualTo("unread");
        }
    }

    @Test
    void killEndsAWriteThatNobodyReads() throws Exception {
        CompletableFuture<Result> running = invoke("1", "x".repeat(6 * 1024 * 1024));
        try (Socket lazy = lazyNext()) {
            assertThat(lazy.isConnected()).isTrue();
            child.process().kill();
            assertThat(running).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(new Result.Exited("signal: killed"));
        }
    }

    @Test
    void aKilledProcessClosesItsPort() throws Exception {
        CompletableFuture<HttpResponse<String>> waiting = nextAside();
        assertThat(child.process().awaitReady()).isEmpty();
        child.process().kill();
        assertThat(waiting).failsWithin(Duration.ofSeconds(10));
        assertThat(child.invoke("1", "{}")).isEqualTo(new Result.NotTaken("signal: killed"));
        await().untilAsserted(() -> assertThat(children.processes.openPorts()).isZero());
    }

    private static String streamed(String chunks) {
        return "POST " + RUNTIME + "invocation/1/response HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                + "Lambda-Runtime-Function-Response-Mode: streaming\r\n"
                + "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n" + chunks;
    }

    /** Sends these bytes and nothing more; all that comes back. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
            socket.setSoTimeout(10_000);
            write(socket, request);
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
