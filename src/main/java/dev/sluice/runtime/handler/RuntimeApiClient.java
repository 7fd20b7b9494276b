package dev.sluice.runtime.handler;

import dev.sluice.invocation.Payload;
import dev.sluice.runtime.instance.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;

/**
 * What does the Lambda Runtime API want of this process next? Its client, over the JDK's oldest one: it is loaded fastest and brings
 * nothing that a function could meet. Confined to one thread.
 */
final class RuntimeApiClient {

    private static final String HEADER = "Lambda-Runtime-";

    /** Made before any of the function's code can say who handles URLs in this JVM; those made from it are handled the same. */
    private final URL base;

    static {
        // Its default sends a POST again whose connection broke, which an answer must never be.
        System.setProperty("sun.net.http.retryPost", "false");
    }

    /** @param address HOST:PORT */
    RuntimeApiClient(String address) {
        try {
            this.base = new URL("http://" + address + "/2018-06-01/runtime/");
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("'" + address + "' is no address of a Runtime API", e);
        }
    }

    /** An event and what belongs to it. @param deadlineMillis when its time is up, since the epoch */
    record Next(Payload event, Request request, long deadlineMillis) {
    }

    /** Waits for an event for as long as it takes. */
    Next next() throws IOException {
        HttpURLConnection connection = open("invocation/next");
        expect(connection, HttpURLConnection.HTTP_OK);
        try (InputStream in = connection.getInputStream()) {
            byte[] event = in.readAllBytes();
            long deadline = Long.parseLong(header(connection, "Deadline-Ms"));
            Received request = new Received(header(connection, "Aws-Request-Id"), header(connection, "Invoked-Function-Arn"),
                    unicode(header(connection, "Client-Context")), header(connection, "Trace-Id"), deadline);
            return new Next(Payload.of(event), request, deadline);
        }
    }

    void response(String requestId, byte[] bytes, int length) throws IOException {
        // Too long an answer is refused, which the server makes the function's error.
        post("invocation/" + requestId + "/response", null, bytes, length);
    }

    void error(String requestId, String errorType, byte[] error) throws IOException {
        post("invocation/" + requestId + "/error", errorType, error, error.length);
    }

    void initError(String errorType, byte[] error) throws IOException {
        post("init/error", errorType, error, error.length);
    }

    private record Received(String requestId, String functionArn, String clientContext, String traceId, long deadlineMillis)
            implements Request {
        @Override
        public int remainingMillis() {
            return (int) Math.max(0, Math.min(Integer.MAX_VALUE, deadlineMillis - System.currentTimeMillis()));
        }
    }

    private void post(String path, String errorType, byte[] bytes, int length) throws IOException {
        HttpURLConnection connection = open(path);
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Content-Type", "application/json");
        if (errorType != null) {
            connection.setRequestProperty(HEADER + "Function-Error-Type", errorType);
        }
        connection.setDoOutput(true);
        // Not in streaming mode: before a POST of that kind the JDK's client waits a millisecond for the end of a kept connection.
        try (OutputStream out = connection.getOutputStream()) {
            out.write(bytes, 0, length);
        }
        boolean refused = connection.getResponseCode() >= HttpURLConnection.HTTP_BAD_REQUEST;
        try (InputStream in = refused ? connection.getErrorStream() : connection.getInputStream()) {
            // To the end, so that the connection is used again.
            in.readAllBytes();
        }
    }

    private HttpURLConnection open(String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(base, path).openConnection(Proxy.NO_PROXY);
        connection.setUseCaches(false);
        // An event takes as long as it takes, whatever a function makes the default for its own connections.
        connection.setConnectTimeout(0);
        connection.setReadTimeout(0);
        return connection;
    }

    private static void expect(HttpURLConnection connection, int status) throws IOException {
        if (connection.getResponseCode() != status) {
            throw new IOException("the Runtime API answered " + connection.getResponseCode());
        }
    }

    /** It is sent in UTF-8, of which the client makes a character of each byte. */
    private static String unicode(String header) {
        return header == null ? null : new String(header.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static String header(HttpURLConnection connection, String name) {
        return connection.getHeaderField(HEADER + name);
    }
}
