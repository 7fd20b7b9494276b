package dev.sluice.cli;

import dev.sluice.json.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Asks a running server, in JSON. Every failure is a {@link CommandFailedException} that a user can act on. Thread-safe. */
final class ControlClient {

    /** Longer than a producer waits for its brokers by itself, so that its reason arrives. */
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    private final URI endpoint;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    ControlClient(URI endpoint) {
        this.endpoint = endpoint;
    }

    URI endpoint() {
        return endpoint;
    }

    /** The answer to a GET, whatever its status. */
    Answer ask(String path) {
        return send("GET", path, null, Map.of());
    }

    /** The body of a GET that must succeed. */
    Json get(String path) {
        return ask(path).expectSuccess();
    }

    /** The body of a request that must succeed; {@code body} is null for none. */
    Json send(String method, String path, String body) {
        return send(method, path, body, Map.of()).expectSuccess();
    }

    Answer send(String method, String path, String body, Map<String, String> headers) {
        HttpRequest.BodyPublisher publisher =
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(endpoint + path)).timeout(PATIENCE).method(method, publisher);
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), json(response));
        } catch (ConnectException refused) {
            throw CommandFailedException.failed("Nothing answers at " + endpoint + "; start it with: sluice serve");
        } catch (HttpTimeoutException late) {
            throw CommandFailedException.failed(endpoint + " did not answer in time");
        } catch (IOException broken) {
            throw CommandFailedException.failed("The connection to " + endpoint + " broke: " + broken.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw CommandFailedException.failed("interrupted");
        }
    }

    /** A part of a path, percent-encoded. */
    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private Json json(HttpResponse<String> response) {
        if (response.body().isEmpty()) {
            return Json.parse("{}");
        }
        try {
            return Json.parse(response.body());
        } catch (IllegalArgumentException notJson) {
            throw CommandFailedException.failed(endpoint + " answers, but not as Sluice does (status " + response.statusCode() + ")");
        }
    }

    /** Status and JSON body. */
    record Answer(int status, Json body) {

        Json expectSuccess() {
            if (status / 100 != 2) {
                throw CommandFailedException.failed(message());
            }
            return body;
        }

        /** The error's text; AWS spells the member in both ways. */
        String message() {
            return body.text("message").or(() -> body.text("Message")).orElse("the server answered with status " + status);
        }
    }
}
