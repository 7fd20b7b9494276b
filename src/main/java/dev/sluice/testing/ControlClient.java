package dev.sluice.testing;

import dev.sluice.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Says something to the server, and hears its answer. Over the JDK's oldest client: java.net.http is a module of its own, which a test on the
 * module path need not have. Thread-safe.
 */
final class ControlClient {

    /** Beyond the longest wait that is asked for. */
    private static final int PATIENCE_MILLIS = 60_000;

    private final URI server;
    private final Path log;

    ControlClient(URI server, Path log) {
        this.server = server;
        this.log = log;
    }

    Json get(String path) {
        return send("GET", path, null, null);
    }

    Json post(String path, Json body) {
        return send("POST", path, body, null);
    }

    Json put(String path, Json body) {
        return send("PUT", path, body, null);
    }

    Json delete(String path) {
        return send("DELETE", path, null, null);
    }

    /** To AWS's API, as {@code account}: it must be signed, and any signature will do. */
    Json getAs(String account, String region, String path) {
        return send("GET", path, null, "AWS4-HMAC-SHA256 Credential=" + account + "/20260101/" + region
                + "/lambda/aws4_request, SignedHeaders=host, Signature=0");
    }

    /** A name as a part of a path, whatever is in it: the server says what is allowed. */
    static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** @throws SluiceRefusedException when the answer isn't a 2xx */
    private Json send(String method, String path, Json body, String authorization) {
        try {
            HttpURLConnection connection = (HttpURLConnection) server.resolve(path).toURL().openConnection(Proxy.NO_PROXY);
            connection.setUseCaches(false);
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            connection.setRequestMethod(method);
            if (authorization != null) {
                connection.setRequestProperty("Authorization", authorization);
            }
            if (body != null) {
                connection.setRequestProperty("Content-Type", "application/json");
                byte[] bytes = Json.print(body).getBytes(StandardCharsets.UTF_8);
                connection.setDoOutput(true);
                // In this mode the JDK's client never sends a request again whose connection broke: records would be written twice.
                connection.setFixedLengthStreamingMode(bytes.length);
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(bytes);
                }
            }
            int status = connection.getResponseCode();
            try (InputStream in =
                    status >= HttpURLConnection.HTTP_BAD_REQUEST ? connection.getErrorStream() : connection.getInputStream()) {
                String text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
                if (status >= HttpURLConnection.HTTP_MULT_CHOICE) {
                    throw new SluiceRefusedException(status, message(text), connection.getHeaderField("X-Sluice-Hint"));
                }
                return text.isEmpty() ? new Json(null) : Json.parse(text);
            }
        } catch (IOException gone) {
            throw new UncheckedIOException("The server at " + server + " doesn't answer (" + gone + "); its log is " + log, gone);
        }
    }

    /** AWS's errors begin with a capital or not, as the service does. */
    private static String message(String text) {
        try {
            Json json = Json.parse(text);
            return json.text("message").or(() -> json.text("Message")).orElse(text);
        } catch (IllegalArgumentException none) {
            return text;
        }
    }
}
