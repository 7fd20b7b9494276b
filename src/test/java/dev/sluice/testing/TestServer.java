package dev.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.server.ConfigSources;
import dev.sluice.server.ServerConfig;
import dev.sluice.server.Sluice;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A whole server in this JVM, on free ports, and short ways to say to it what tests say most. It can be closed and started again
 * on the same data directory. Confined to one thread.
 */
public final class TestServer implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MAPPINGS = "/2015-03-31/event-source-mappings";
    public static final String CLUSTER = "arn:aws:kafka:us-east-1:000000000000:cluster/test/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2";
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Map<String, String> settings = new HashMap<>();
    private Path fileDirectory;
    private Sluice sluice;
    private URI endpoint;

    /** Says the same to a server of another process. */
    public static TestServer at(ChildServer process) {
        TestServer server = new TestServer(Path.of(""), "", Map.of());
        server.endpoint = process.endpoint();
        return server;
    }

    private TestServer(Path dataDir, String kafka, Map<String, String> more) {
        settings.put("port", "0");
        settings.put("dataDir", dataDir.toString());
        if (kafka != null) {
            settings.put("kafka", kafka);
        }
        settings.put("retry.initialBackoff", "20ms");
        settings.put("retry.maxBackoff", "200ms");
        settings.putAll(more);
    }

    /** @param more keys of the configuration that differ from the defaults of tests */
    public static TestServer start(Path dataDir, String kafka, Map<String, String> more) {
        TestServer server = new TestServer(dataDir, kafka, more);
        server.start();
        return server;
    }

    /** @param kafka null for what the file says, or the embedded broker @param file the text of its sluice.yaml; its data is beside that file */
    public static TestServer startWithFile(Path directory, String kafka, Map<String, String> more, String file) {
        TestServer server = new TestServer(directory.resolve("data"), kafka, more);
        server.fileDirectory = directory;
        server.file(file);
        server.start();
        return server;
    }

    /** What sluice.yaml says from the next start on. */
    public void file(String text) {
        try {
            Files.writeString(fileDirectory.resolve("sluice.yaml"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void start() {
        ServerConfig config = fileDirectory == null ? ServerConfig.of(settings)
                : ServerConfig.load(new ConfigSources(fileDirectory, "sluice.yaml", Map.of(), settings, List.of()));
        sluice = Sluice.start(config, new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        endpoint = sluice.endpoint();
    }

    public URI endpoint() {
        return endpoint;
    }

    /** Ends it in good order; {@link #start} starts it again. */
    public void stop() {
        if (sluice != null) {
            sluice.close();
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** Registers an HTTP function under {@code name}. */
    public void function(String name, HandlerEndpoint endpoint) {
        assertThat(send("PUT", "/_sluice/functions/" + name, "{\"url\":\"" + endpoint.url() + "\",\"timeoutSeconds\":60}").statusCode())
                .isEqualTo(200);
    }

    /** Creates a mapping with window 0 and further members, {@code "BatchSize":1} for example; its UUID. */
    public String mapping(String topic, String function, String position, String... members) {
        return mappingOf(CLUSTER, topic, function, position, members);
    }

    /** As {@link #mapping}, of the MSK cluster with this ARN. */
    public String mappingOf(String arn, String topic, String function, String position, String... members) {
        return create("\"EventSourceArn\":\"" + arn + "\"", topic, function, position, members);
    }

    /** As {@link #mapping}, of brokers that are nobody's cluster. */
    public String selfManagedMapping(String bootstrapServers, String topic, String function, String position, String... members) {
        return create("\"SelfManagedEventSource\":{\"Endpoints\":{\"KAFKA_BOOTSTRAP_SERVERS\":[\"" + bootstrapServers.replace(",", "\",\"")
                + "\"]}},\"SourceAccessConfigurations\":[{\"Type\":\"VPC_SUBNET\",\"URI\":\"subnet:subnet-local\"}]", topic, function,
                position, members);
    }

    /** As {@link #selfManagedMapping}, with what is between the brackets of its SourceAccessConfigurations. */
    public String mappingWithAccess(String bootstrapServers, String access, String topic, String function, String position,
            String... members) {
        return create("\"SelfManagedEventSource\":{\"Endpoints\":{\"KAFKA_BOOTSTRAP_SERVERS\":[\"" + bootstrapServers.replace(",", "\",\"")
                + "\"]}},\"SourceAccessConfigurations\":[" + access + "]", topic, function, position, members);
    }

    private String create(String source, String topic, String function, String position, String... members) {
        StringBuilder body = new StringBuilder("{" + source + ",\"Topics\":[\"" + topic + "\"],\"FunctionName\":\""
                + function + "\",\"StartingPosition\":\"" + position + "\",\"MaximumBatchingWindowInSeconds\":0");
        for (String member : members) {
            body.append(',').append(member);
        }
        return uuid(send("POST", MAPPINGS, body.append('}').toString()));
    }

    /** The mapping that was created. */
    public String uuid(HttpResponse<String> created) {
        assertThat(created.statusCode()).as(created.body()).isEqualTo(202);
        return json(created.body()).get("UUID").asText();
    }

    public JsonNode get(String uuid) {
        return json(send("GET", MAPPINGS + "/" + uuid, null).body());
    }

    public HttpResponse<String> update(String uuid, String body) {
        return send("PUT", MAPPINGS + "/" + uuid, body);
    }

    public HttpResponse<String> delete(String uuid) {
        return send("DELETE", MAPPINGS + "/" + uuid, null);
    }

    public String state(String uuid) {
        return get(uuid).path("State").asText();
    }

    public String result(String uuid) {
        return get(uuid).path("LastProcessingResult").asText();
    }

    /** Waits for a LastProcessingResult that is, or at least begins with, this text. */
    public TestServer awaitResult(String uuid, String beginning) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> result(uuid), text -> text.startsWith(beginning));
        return this;
    }

    public TestServer awaitState(String uuid, String state) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> state(uuid), state::equals);
        return this;
    }

    /** The control API's view of a mapping. */
    public JsonNode detail(String uuid) {
        return json(send("GET", "/_sluice/mappings/" + uuid, null).body());
    }

    /** Begins a request of the server's own account in its own region. */
    public RequestSpecification given() {
        return givenAs("test", settings.getOrDefault("region", "us-east-1"));
    }

    public RequestSpecification givenAs(String accessKeyId, String region) {
        return HttpApi.given(endpoint(), Authorization.of(accessKeyId, region));
    }

    /** As the server's own account in its own region. */
    public HttpResponse<String> send(String method, String path, String body) {
        return HttpApi.send(given(), method, path, body);
    }

    public HttpResponse<String> sendAs(String accessKeyId, String region, String method, String path, String body) {
        return HttpApi.send(givenAs(accessKeyId, region), method, path, body);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }
}
