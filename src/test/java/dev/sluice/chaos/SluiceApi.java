package dev.sluice.chaos;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the harness asks of the server's API, and what it was answered. Thread-safe. */
final class SluiceApi {

    static final int FUNCTION_TIMEOUT_SECONDS = 3;
    static final String CLUSTER = "arn:aws:kafka:us-east-1:000000000000:cluster/chaos/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2";
    private static final String MAPPINGS = "/2015-03-31/event-source-mappings/";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
    private final int serverPort;
    private final int functionPort;
    private final Path jar;
    private final Map<Integer, Integer> statuses = new TreeMap<>(); // guarded by this
    private final List<String> serverErrors = new ArrayList<>(); // guarded by this

    /** One answer. */
    record Answer(int status, JsonNode body) {

        /** AWS's word for the state of the mapping in it; empty where it is none. */
        String state() {
            return body.path("State").asText();
        }
    }

    /** @param jar of {@link JarFunction} */
    SluiceApi(int serverPort, int functionPort, Path jar) {
        this.serverPort = serverPort;
        this.functionPort = functionPort;
        this.jar = jar;
    }

    /** Registers a mapping's function. Empty, here as in the others, when there was no answer. */
    Optional<Answer> registerFunction(TrackedMapping mapping) {
        ObjectNode body = json.createObjectNode().put("timeoutSeconds", FUNCTION_TIMEOUT_SECONDS);
        if (mapping.variant().jar()) {
            body.put("jar", jar.toString()).put("handler", JarFunction.class.getName());
        } else {
            body.put("url", "http://127.0.0.1:" + functionPort + "/" + mapping.function());
        }
        return send("PUT", "/_sluice/functions/" + mapping.function(), body.toString());
    }

    Optional<Answer> create(TrackedMapping mapping) {
        ObjectNode body = json.createObjectNode().put("EventSourceArn", CLUSTER).put("FunctionName", mapping.function())
                .put("StartingPosition", mapping.latest() ? "LATEST" : "TRIM_HORIZON");
        mapping.topics().forEach(body.putArray("Topics")::add);
        body.putObject("AmazonManagedKafkaEventSourceConfig").put("ConsumerGroupId", mapping.group());
        String members = String.join(",", mapping.variant().members());
        try {
            body.setAll((ObjectNode) json.readTree("{" + members + "}"));
        } catch (IOException e) {
            throw new IllegalArgumentException(members, e);
        }
        return send("POST", MAPPINGS, body.toString());
    }

    Optional<Answer> update(TrackedMapping mapping, String body) {
        return send("PUT", MAPPINGS + mapping.uuid(), body);
    }

    Optional<Answer> delete(TrackedMapping mapping) {
        return send("DELETE", MAPPINGS + mapping.uuid(), null);
    }

    Optional<Answer> get(TrackedMapping mapping) {
        return send("GET", MAPPINGS + mapping.uuid(), null);
    }

    /** The mappings of a mapping's function: one, or none when its create never came through. */
    Optional<Answer> list(TrackedMapping mapping) {
        return send("GET", MAPPINGS + "?FunctionName=" + mapping.function(), null);
    }

    /** How often each status was answered. */
    synchronized Map<Integer, Integer> statuses() {
        return new TreeMap<>(statuses);
    }

    /** The answers of 500 and above, with their requests. */
    synchronized List<String> serverErrors() {
        return List.copyOf(serverErrors);
    }

    private Optional<Answer> send(String method, String path, String body) {
        HttpRequest.BodyPublisher publisher = body == null ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + serverPort + path)).method(method, publisher)
                .header(Authorization.HEADER, Authorization.DEFAULT)
                .timeout(PATIENCE).header("Content-Type", "application/json").build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            note(request, answer);
            return Optional.of(new Answer(answer.statusCode(), json.readTree(answer.body())));
        } catch (IOException serverIsDown) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private synchronized void note(HttpRequest request, HttpResponse<String> answer) {
        statuses.merge(answer.statusCode(), 1, Integer::sum);
        if (answer.statusCode() >= 500) {
            serverErrors.add(request.method() + " " + request.uri().getPath() + ": " + answer.statusCode() + " " + answer.body());
        }
    }
}
