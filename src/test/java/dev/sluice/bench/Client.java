package dev.sluice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.fixture.Authorization;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

/** What the benchmark asks of a server's API. Thread-safe. */
final class Client {

    private static final String CLUSTER = "arn:aws:kafka:us-east-1:000000000000:cluster/bench/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2";
    private static final String MAPPINGS = "/2015-03-31/event-source-mappings/";
    private static final int TIMEOUT_SECONDS = 600;

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final String endpoint;

    /** @param endpoint {@code http://HOST:PORT} */
    Client(String endpoint) {
        this.endpoint = endpoint;
    }

    /** Registers a handler of {@code jar} under its simple name. */
    void registerFunction(Class<?> handler, Path jar) throws IOException, InterruptedException {
        ObjectNode body = json.createObjectNode().put("jar", jar.toString()).put("handler", handler.getName())
                .put("timeoutSeconds", TIMEOUT_SECONDS);
        expect(200, send("PUT", "/_sluice/functions/" + handler.getSimpleName(), body));
    }

    /** Creates a mapping that begins with the topic's first record and doesn't wait for fuller batches; its UUID. */
    String createMapping(Class<?> handler, String topic, int batchSize) throws IOException, InterruptedException {
        ObjectNode body = json.createObjectNode().put("EventSourceArn", CLUSTER).put("FunctionName", handler.getSimpleName())
                .put("StartingPosition", "TRIM_HORIZON").put("BatchSize", batchSize).put("MaximumBatchingWindowInSeconds", 0);
        body.putArray("Topics").add(topic);
        return json.readTree(expect(202, send("POST", MAPPINGS, body)).body()).path("UUID").asText();
    }

    /** Deletes a mapping and returns when it is gone. */
    void deleteMapping(String uuid) throws Exception {
        Waiting.until("mapping " + uuid + " is Enabled", 20, Duration.ofSeconds(30), () -> state(uuid).equals("Enabled"));
        expect(202, send("DELETE", MAPPINGS + uuid, null));
        Waiting.until("mapping " + uuid + " is gone", 20, Duration.ofSeconds(30), () -> state(uuid).isEmpty());
    }

    private String state(String uuid) throws IOException, InterruptedException {
        HttpResponse<String> answer = send("GET", MAPPINGS + uuid, null);
        if (answer.statusCode() == 404) {
            return "";
        }
        JsonNode mapping = json.readTree(expect(200, answer).body());
        return mapping.path("State").asText();
    }

    private HttpResponse<String> send(String method, String path, ObjectNode body) throws IOException, InterruptedException {
        HttpRequest.BodyPublisher publisher = body == null ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body.toString());
        return http.send(HttpRequest.newBuilder(URI.create(endpoint + path)).method(method, publisher)
                .header("Content-Type", "application/json").header(Authorization.HEADER, Authorization.DEFAULT).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> expect(int status, HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() != status) {
            throw new IOException(
                    answer.request().method() + " " + answer.uri() + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer;
    }
}
