package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.api.OutsideSteps.Step;
import dev.sluice.api.contract.ContractDocument;
import dev.sluice.api.contract.ContractOperation;
import dev.sluice.api.contract.ContractValues;
import dev.sluice.api.http.ApiServer;
import dev.sluice.api.http.Json;
import dev.sluice.filter.FilterPatterns;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.InMemoryFunctionStore;
import dev.sluice.fixture.InMemoryMappingStore;
import dev.sluice.fixture.NoProcesses;
import dev.sluice.fixture.ResponseContract;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionSettings;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.mapping.Fact;
import dev.sluice.mapping.Fleet;
import dev.sluice.mapping.MappingTags;
import dev.sluice.mapping.SettingsRules;
import dev.sluice.resource.Scope;
import dev.sluice.runtime.Functions;
import dev.sluice.runtime.InvocationLimits;
import dev.sluice.runtime.code.CodeBuckets;
import dev.sluice.runtime.code.CodeLocations;
import dev.sluice.runtime.instance.SharedEnvironment;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Ten thousand requests made up from the contract, over HTTP: none is answered by a 5xx, each that keeps all rules is accepted, and
 * each that is one step outside one limit is refused with the path of just that member. {@code -Dsluice.seed=N} repeats a run.
 */
class GeneratedRequestsIT {

    private static final Logger LOG = (Logger) LoggerFactory.getLogger("dev.sluice");
    private static final int REQUESTS = 10_000;
    private static final CodeBuckets NO_BUCKETS =
            (caller, object, file, limit) -> new CodeBuckets.Result.Unavailable("there are no buckets here");
    private static final int FAILURES_SHOWN = 20;
    private static final String AUTHORIZATION = "AWS4-HMAC-SHA256 Credential=111111111111/20261124/us-east-1/lambda/aws4_request, "
            + "SignedHeaders=host, Signature=0";

    /** Starts nothing; what is asked of it has happened at once. */
    private static final class NoFleet implements Fleet {

        private EventSourceMappings mappings;

        @Override
        public void start(EventSourceMapping mapping) {
            mappings.tell(mapping.id(), mapping.generation(), new Fact.Started());
        }

        @Override
        public void stop(EventSourceMapping mapping) {
            mappings.tell(mapping.id(), mapping.generation(), new Fact.Stopped());
        }
    }

    @TempDir
    private Path directory;

    private final long seed = Long.getLong("sluice.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final JsonNode document = ContractDocument.read();
    private final ContractValues values = new ContractValues(document, random);
    private final StackSteering steering = new StackSteering(random);
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, List<String>> failures = new TreeMap<>();
    private final Set<String> accepted = new TreeSet<>();
    private HandlerEndpoint invoked;
    private Functions functions;
    private ApiServer server;
    private URI endpoint;

    @BeforeEach
    void start() {
        // A line for each refusal with a hint would be thousands.
        LOG.setLevel(Level.ERROR);
        invoked = new HandlerEndpoint();
        functions = new Functions(new InMemoryFunctionStore(), new CodeLocations(directory.resolve("code"), NO_BUCKETS),
                InvocationLimits.defaults(), Clock.systemUTC(), () -> UUID.randomUUID().toString(),
                new Functions.Surroundings(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                        new SharedEnvironment(new Scope("000000000000", "us-east-1"), Map.of()), NoProcesses.RUNTIMES));
        InMemoryMappingStore store = new InMemoryMappingStore();
        NoFleet fleet = new NoFleet();
        EventSourceMappings mappings = new EventSourceMappings(store, fleet, functions, Clock.systemUTC(),
                UUID::randomUUID, new SettingsRules(false, new FilterPatterns()));
        fleet.mappings = mappings;
        server = new ApiServer(Set.of(), List.of(new AwsRoutes(new Scope("111111111111", "us-east-1"), false, mappings,
                new MappingTags(store), functions)));
        server.start("localhost", 0);
        endpoint = URI.create("http://localhost:" + server.port());
    }

    @AfterEach
    void stop() {
        LOG.setLevel(null);
        server.close(Duration.ofSeconds(5));
        functions.close();
        invoked.close();
    }

    @Test
    void everyValidRequestIsAcceptedAndEveryStepOutsideIsNamed() throws Exception {
        functions.registry().register(StackSteering.INVOKED, new FunctionCode.HttpEndpoint(invoked.url(), false),
                new FunctionSettings(null, null, null, "", Duration.ofSeconds(60), 128, Map.of()));
        for (String name : StackSteering.LASTING) {
            prepare(name);
        }
        List<ContractOperation> operations = ContractOperation.all(document);
        List<Map.Entry<ContractOperation, Step>> allSteps = new ArrayList<>();
        operations.forEach(operation -> OutsideSteps.of(operation, values).forEach(step -> allSteps.add(Map.entry(operation, step))));

        for (int i = 0; i < REQUESTS / 2; i++) {
            valid(operations.get(i % operations.size()));
            Map.Entry<ContractOperation, Step> next = allSteps.get(i % allSteps.size());
            outside(next.getKey(), next.getValue());
        }
        report();
        assertThat(allSteps.size()).as("each step was taken").isLessThan(REQUESTS / 2);
        assertThat(accepted).as("operations of which something was accepted, with seed " + seed)
                .containsExactlyInAnyOrderElementsOf(operations.stream().map(ContractOperation::id).toList());
    }

    private void report() {
        if (!failures.isEmpty()) {
            List<String> shown = new ArrayList<>();
            failures.forEach((kind, examples) -> shown.add(kind + " (" + examples.size() + " times), such as\n    " + examples.get(0)));
            fail(failures.size() + " kinds of failure with -Dsluice.seed=" + seed + "\n"
                    + String.join("\n", shown.subList(0, Math.min(FAILURES_SHOWN, shown.size()))));
        }
    }

    private void valid(ContractOperation operation) throws Exception {
        GeneratedRequest request = generated(operation);
        boolean found = steering.steer(request);
        if (random.nextInt(10) == 0) {
            request.addStrangers();
        }
        HttpResponse<byte[]> answer = send(request);
        if (found ? answer.statusCode() / 100 != 2 : answer.statusCode() != 404) {
            failed(operation.id() + " valid: " + answer.statusCode() + " " + text(answer).replaceAll("[0-9]+", "N"), request, answer);
        } else if (found) {
            accepted.add(operation.id());
            steering.learn(request, answer.body().length == 0 || operation.id().equals("Invoke") ? Json.MAPPER.createObjectNode()
                    : Json.MAPPER.readTree(answer.body()));
        }
    }

    private void outside(ContractOperation operation, Step step) throws Exception {
        GeneratedRequest request = generated(operation);
        steering.steer(request);
        step.take(request);
        HttpResponse<byte[]> answer = send(request);
        String type = answer.headers().firstValue("x-amzn-ErrorType").orElse("");
        String text = text(answer);
        boolean named = step.constraint() == null ? type.equals("SerializationException") && text.contains("'" + step.path() + "'")
                : type.equals("ValidationException") && text.contains(" at '" + step.path() + "' failed to satisfy constraint: ")
                        && text.contains(step.constraint());
        if (answer.statusCode() != 400 || !named) {
            failed(operation.id() + " " + step + ": " + answer.statusCode() + " " + type, request, answer);
        }
    }

    private GeneratedRequest generated(ContractOperation operation) {
        ObjectNode parameters = Json.MAPPER.createObjectNode();
        for (ContractOperation.Parameter parameter : operation.parameters()) {
            if (parameter.required() || random.nextInt(3) == 0) {
                parameters.set(parameter.member(), values.valid(parameter.schema()));
            }
        }
        return new GeneratedRequest(operation, parameters,
                operation.body() == null ? null : (ObjectNode) values.valid(operation.body()));
    }

    private HttpResponse<byte[]> send(GeneratedRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.send(request.toHttp(endpoint, AUTHORIZATION), BodyHandlers.ofByteArray());
        if (answer.statusCode() >= 500) {
            failed(request.operation().id() + " is answered by " + answer.statusCode(), request, answer);
        }
        try {
            ResponseContract.check(answer.request().method(), answer.uri().getRawPath(), answer.statusCode(),
                    name -> answer.headers().firstValue(name).orElse(null), new String(answer.body(), StandardCharsets.UTF_8));
        } catch (AssertionError broken) {
            failed(broken.getMessage().lines().findFirst().orElseThrow().replaceAll(" /\\S*", ""), request, answer);
        }
        return answer;
    }

    /** The text of a refusal; empty where there is none. */
    private static String text(HttpResponse<byte[]> answer) throws IOException {
        boolean json = answer.headers().firstValue("content-type").orElse("").equals("application/json");
        if (answer.statusCode() < 400 || !json) {
            return "";
        }
        JsonNode body = Json.MAPPER.readTree(answer.body());
        return body.path("message").asText() + body.path("Message").asText();
    }

    private void failed(String kind, GeneratedRequest request, HttpResponse<byte[]> answer) {
        String sent = request.toString();
        failures.computeIfAbsent(kind.length() > 300 ? kind.substring(0, 300) : kind, none -> new ArrayList<>())
                .add(sent.substring(0, Math.min(sent.length(), 1500)) + "\n    answered by " + answer.statusCode() + " "
                        + new String(answer.body(), StandardCharsets.UTF_8));
    }

    /** A function with two versions and an alias. */
    private void prepare(String name) throws Exception {
        ObjectNode create = Json.MAPPER.createObjectNode().put("Role", "arn:aws:iam::111111111111:role/r");
        new FunctionRules(random).create(create, name);
        post("/2015-03-31/functions", create);
        for (String version : StackSteering.VERSIONS) {
            // A version is only made of what changed.
            put("/2015-03-31/functions/" + name + "/configuration",
                    Json.MAPPER.createObjectNode().put("Description", "for " + version));
            post("/2015-03-31/functions/" + name + "/versions", Json.MAPPER.createObjectNode());
        }
        post("/2015-03-31/functions/" + name + "/aliases", Json.MAPPER.createObjectNode().put("Name", StackSteering.ALIAS)
                .put("FunctionVersion", StackSteering.VERSIONS.get(0)));
    }

    private void post(String path, ObjectNode body) throws Exception {
        prepared("POST", path, body);
    }

    private void put(String path, ObjectNode body) throws Exception {
        prepared("PUT", path, body);
    }

    private void prepared(String method, String path, ObjectNode body) throws Exception {
        HttpResponse<String> answer = http.send(HttpRequest.newBuilder(endpoint.resolve(path)).header("Authorization", AUTHORIZATION)
                .method(method, BodyPublishers.ofByteArray(Json.bytes(body))).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    }
}
