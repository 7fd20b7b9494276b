package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.Authorization;
import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.SluiceJar;
import dev.sluice.fixture.SluiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of its own whose function wants a JVM for itself in the middle of a batch. */
class MovedFunctionIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;
    private final HttpClient http = HttpClient.newHttpClient();

    private HttpResponse<String> answer(SluiceProcess server, String method, String path, String body)
            throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(server.endpoint() + path)).header(Authorization.HEADER, Authorization.DEFAULT)
                .header("Content-Type", "application/json").method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode send(SluiceProcess server, String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = answer(server, method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 202);
        return JSON.readTree(answer.body());
    }

    private void register(SluiceProcess server, String name, String source) throws Exception {
        Path jar = Files.write(directory.resolve(name + ".jar"), CompiledHandler.compile(directory, "Moving", source).zip());
        send(server, "PUT", "/_sluice/functions/" + name,
                "{\"jar\":\"" + jar + "\",\"handler\":\"example.Moving::handle\",\"timeoutSeconds\":30}");
    }

    /** With no retry allowed and no destination: counted, the records would be dropped. */
    @Test
    void getsTheBatchAgainAtOnceAndStaysThereAfterARestart() throws Exception {
        try (SluiceProcess server = SluiceJar.in(directory).serve("--data-dir", "data").awaitReady().awaitKafka()) {
            register(server, "moving",
                    """
                            public class Moving {
                                public Object handle(Map<String, Object> event) {
                                    System.out.println("zone " + TimeZone.getDefault().getID() + " pid " + ProcessHandle.current().pid());
                                    try { TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo")); } catch (Throwable swallowed) { return Map.of(); }
                                    return TimeZone.getDefault().getID();
                                }
                            }""");
            JsonNode mapping = send(server, "POST", "/2015-03-31/event-source-mappings", """
                    {"FunctionName":"moving","Topics":["orders"],"StartingPosition":"TRIM_HORIZON","MaximumRetryAttempts":0,
                     "ProvisionedPollerConfig":{"MinimumPollers":1},
                     "EventSourceArn":"arn:aws:kafka:us-east-1:000000000000:cluster/c/11111111-2222-3333-4444-555555555555-1"}""");
            send(server, "POST", "/_sluice/topics/orders/records", "{\"records\":[{\"value\":\"1\"},{\"value\":\"2\"}]}");

            await().atMost(PATIENCE).untilAsserted(() -> {
                JsonNode deliveries = send(server, "GET", "/_sluice/deliveries", "").get("deliveries");
                assertThat(deliveries).hasSize(1);
                assertThat(deliveries.get(0).get("state").asText()).isEqualTo("delivered");
            });
            String id = send(server, "GET", "/_sluice/deliveries", "").at("/deliveries/0/id").asText();
            JsonNode attempts = send(server, "GET", "/_sluice/deliveries/" + id, "").get("attempts");
            assertThat(attempts).hasSize(2);
            assertThat(attempts.get(0).get("outcome").asText()).isEqualTo("moved");
            assertThat(attempts.get(1).get("outcome").asText()).isEqualTo("succeeded");
            assertThat(send(server, "GET", "/_sluice/mappings/" + mapping.get("UUID").asText(), "").get("LastProcessingResult").asText())
                    .isEqualTo("OK");
            JsonNode function = send(server, "GET", "/_sluice/functions/moving", "");
            assertThat(function.get("runsIn").asText()).isEqualTo("process");
            assertThat(function.get("runsInBecause").asText()).isEqualTo("it called java.util.TimeZone.setDefault");
            server.awaitErr("the way the function goes", line -> line.contains("Function moving moves to a process of its own"));
        }
        try (SluiceProcess server = SluiceJar.in(directory).serve("--data-dir", "data").awaitReady()) {
            assertThat(answer(server, "POST", "/2015-03-31/functions/moving/invocations", "{}").body()).isEqualTo("\"Asia/Tokyo\"");
        }
    }

    @Test
    void aSynchronousInvocationIsAnsweredAsWhenAnEnvironmentIsLost() throws Exception {
        try (SluiceProcess server = SluiceJar.in(directory).serve("--data-dir", "data").awaitReady()) {
            register(server, "moving", """
                    public class Moving {
                        public Object handle(Map<String, Object> event) {
                            java.net.URL.setURLStreamHandlerFactory(protocol -> null);
                            return "set";
                        }
                    }""");

            HttpResponse<String> moved = answer(server, "POST", "/2015-03-31/functions/moving/invocations", "{}");

            assertThat(moved.statusCode()).isEqualTo(500);
            assertThat(moved.headers().firstValue("X-Amzn-ErrorType"))
                    .hasValueSatisfying(type -> assertThat(type).contains("ServiceException"));
            assertThat(moved.headers().firstValue("X-Sluice-Hint"))
                    .hasValueSatisfying(hint -> assertThat(hint).contains("isolation: process"));
            assertThat(answer(server, "POST", "/2015-03-31/functions/moving/invocations", "{}").body()).isEqualTo("\"set\"");
        }
    }
}
