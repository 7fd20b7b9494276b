package dev.sluice.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the bootstrap for Python sends and what it takes, byte by byte: the test is the Runtime API. */
class PythonConnectionIT {

    private static final String NEXT = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n";
    private static final String ACCEPTED = "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n"
            + "{\"status\":\"OK\"}";
    private static final String REFUSED = "HTTP/1.1 400 Bad Request\r\nContent-Length: 4\r\n\r\nlate";

    @TempDir
    Path directory;
    private ServerSocket server;
    private Process process;
    private Socket socket;
    private DataInputStream in;

    @BeforeEach
    void open() throws IOException {
        Path taskRoot = Files.createDirectory(directory.resolve("task"));
        Files.writeString(taskRoot.resolve("app.py"), """
                import os, socket, threading
                socket.setdefaulttimeout(0.2)
                threading.Thread(target=threading.Event().wait).start()
                def handler(event, context):
                    if event == 'fail':
                        raise type('Bad\\r\\nHeader: x', (Exception,), {})('no')
                    return [event, os.environ.get('_X_AMZN_TRACE_ID')]
                """);
        server = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
        server.setSoTimeout(20_000);
        ProcessBuilder builder = new ProcessBuilder(PythonFunction.command(directory.resolve("runtime")))
                .directory(taskRoot.toFile()).redirectErrorStream(true).redirectOutput(directory.resolve("printed").toFile());
        builder.environment().clear();
        builder.environment().putAll(PythonFunction.environment(taskRoot, "app.handler",
                Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + server.getLocalPort())));
        process = builder.start();
        accept();
    }

    private void accept() throws IOException {
        socket = server.accept();
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
    }

    @AfterEach
    void close() throws Exception {
        process.destroyForcibly().waitFor();
        socket.close();
        server.close();
    }

    private void assertAsked(String request) throws IOException {
        byte[] bytes = new byte[request.getBytes(StandardCharsets.UTF_8).length];
        in.readFully(bytes);
        assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(request);
    }

    private void assertAsksForTheNext() throws IOException {
        assertAsked(NEXT.formatted(server.getLocalPort()));
    }

    private void answer(String answer) throws IOException {
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
    }

    private void give(String id, String event, String moreHeaders) throws IOException {
        answer("HTTP/1.1 200 OK\r\ncontent-type:application/json\r\nContent-Length: " + event.length() + "\r\n"
                + "Lambda-Runtime-Aws-Request-Id: " + id + "\r\nLambda-Runtime-Deadline-Ms: 1\r\n" + moreHeaders + "\r\n" + event);
    }

    private String response(String id, String what, String moreHeaders, String body) {
        return "POST /2018-06-01/runtime/invocation/" + id + "/" + what + " HTTP/1.1\r\nHost: 127.0.0.1:" + server.getLocalPort()
                + "\r\nContent-Type: application/json\r\n" + moreHeaders + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private String printed() throws IOException {
        return Files.readString(directory.resolve("printed"));
    }

    @Test
    void oneConnectionServesAllEventsWhateverIsAnswered() throws Exception {
        assertAsksForTheNext();
        give("a", "1", "Lambda-Runtime-Trace-Id: Root=1\r\n");
        assertAsked(response("a", "response", "", "[1, \"Root=1\"]"));
        answer("HTTP/1.1 100 Continue\r\n\r\n" + ACCEPTED);
        assertAsksForTheNext();
        give("b", "2", "");
        assertAsked(response("b", "response", "", "[2, null]"));
        answer(REFUSED);
        assertAsksForTheNext();
        give("c", "\"fail\"", "");
        assertAsked(response("c", "error", "Lambda-Runtime-Function-Error-Type: BadHeader: x\r\n",
                "{\"errorMessage\": \"no\", \"errorType\": \"Bad\\r\\nHeader: x\", \"requestId\": \"c\", "
                        + "\"stackTrace\": [\"  File \\\""
                        + directory.resolve("task/app.py")
                        + "\\\", line 6, in handler\\n    raise type('Bad\\\\r\\\\nHeader: x', (Exception,), {})('no')\\n\"]}"));
        answer(REFUSED);
        assertAsksForTheNext();
        assertThat(printed()).contains("[ERROR] The Runtime API refused what was posted to invocation/b/response: 400 late\n")
                .contains("[ERROR] The Runtime API refused what was posted to invocation/c/error: 400 late\n");
    }

    @Test
    void aConnectionThatIsToBeClosedIsReplaced() throws Exception {
        assertAsksForTheNext();
        give("a", "1", "Connection: close\r\n");
        assertThat(in.read()).isEqualTo(-1);
        socket.close();
        accept();
        assertAsked(response("a", "response", "", "[1, null]"));
        answer(ACCEPTED);
        assertAsksForTheNext();
    }

    /** Though the function has a thread that would keep it. */
    @Test
    void withoutTheApiTheProcessEnds() throws Exception {
        assertAsksForTheNext();
        socket.close();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(printed()).isEqualTo("[ERROR] The Runtime API is gone: the Runtime API has closed the connection\n");
    }

    @Test
    void aFunctionsOwnTimeoutForSocketsDoesNotEndTheWaitForAnEvent() throws Exception {
        assertAsksForTheNext();
        assertThat(process.waitFor(1, TimeUnit.SECONDS)).isFalse();
        give("a", "1", "");
        assertAsked(response("a", "response", "", "[1, null]"));
        answer(ACCEPTED);
        assertAsksForTheNext();
    }

    @Test
    void anEventThatBreaksOffIsNobodysEvent() throws Exception {
        assertAsksForTheNext();
        answer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\nLambda-Runtime-Aws-Request-Id: a\r\n"
                + "Lambda-Runtime-Deadline-Ms: 1\r\n\r\n12345");
        socket.shutdownOutput();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(printed()).isEqualTo("[ERROR] The Runtime API is gone: the Runtime API's answer breaks off\n");
        assertThat(in.read()).isEqualTo(-1);
    }
}
