package dev.sluice.api.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.api.http.ApiServer;
import dev.sluice.api.http.Json;
import dev.sluice.fixture.HttpApi;
import dev.sluice.fixture.InMemoryFunctionStore;
import dev.sluice.fixture.NoProcesses;
import dev.sluice.fixture.OwnThread;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionDefinition;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.FunctionVersion;
import dev.sluice.invocation.Invocation;
import dev.sluice.invocation.InvocationListener;
import dev.sluice.invocation.InvocationOptions;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.Payload;
import dev.sluice.resource.FunctionArn;
import dev.sluice.resource.Scope;
import dev.sluice.runtime.Functions;
import dev.sluice.runtime.InvocationLimits;
import dev.sluice.runtime.code.CodeLocations;
import dev.sluice.runtime.instance.SharedEnvironment;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class LogRoutesIT {

    private static final Scope HERE = new Scope("000000000000", "us-east-1");
    private static final Scope THERE = new Scope("111111111111", "eu-west-1");

    @TempDir
    private Path directory;

    private Functions functions;
    private ApiServer server;

    @BeforeEach
    void start() {
        InMemoryFunctionStore store = new InMemoryFunctionStore();
        for (Scope scope : List.of(HERE, THERE)) {
            store.insert(new FunctionDefinition(scope, FunctionDefinition.Origin.LAMBDA_API, unreachable("twice")));
        }
        store.insert(new FunctionDefinition(null, FunctionDefinition.Origin.CONTROL_API, unreachable("f")));
        functions = new Functions(store, new CodeLocations(directory, (caller, object, file, limit) -> {
            throw new AssertionError("nothing is fetched");
        }), InvocationLimits.defaults(), Clock.systemUTC(), () -> UUID.randomUUID().toString(),
                new Functions.Surroundings(System.err, new SharedEnvironment(HERE, Map.of()), NoProcesses.RUNTIMES));
        server = new ApiServer(Set.of(), List.of(new LogRoutes(functions)));
        server.start("localhost", 0);
    }

    @AfterEach
    void stop() {
        functions.close(Duration.ofMillis(500));
        server.close(Duration.ZERO);
    }

    /** Nobody listens there, so each invocation logs four lines. */
    private static FunctionVersion unreachable(String name) {
        return FunctionVersion.latest(name, new FunctionCode.HttpEndpoint(URI.create("http://localhost:1/"), false),
                new FunctionSettings(null, null, null, "", Duration.ofSeconds(3), 128, Map.of()), Instant.EPOCH, "r");
    }

    private String invoke(Scope scope, String name) throws Exception {
        String id = UUID.randomUUID().toString();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        functions.submit(new Invocation(new FunctionArn(scope, name, null), "turn", () -> Payload.of(new byte[] {'1'}),
                new InvocationListener() {
                    @Override
                    public void started(String requestId) {
                    }

                    @Override
                    public void completed(InvocationResult result) {
                    }

                    @Override
                    public void ended() {
                        ended.complete(null);
                    }
                }, InvocationOptions.waiting(id, null)));
        ended.get(20, TimeUnit.SECONDS);
        return id;
    }

    private RequestSpecification given() {
        return HttpApi.given(server.port()).basePath("/_sluice/functions");
    }

    private CompletableFuture<String> asking(String path) {
        return CompletableFuture.supplyAsync(() -> given().when().get(path).then().statusCode(200).extract().asString(),
                OwnThread.EXECUTOR);
    }

    private JsonNode get(String path) throws Exception {
        return Json.MAPPER.readTree(given().when().get(path).then().statusCode(200).extract().asString());
    }

    private static List<String> words(JsonNode page) {
        List<String> words = new ArrayList<>();
        page.get("lines").forEach(line -> words.add(line.get("text").asText().split(" ")[0]));
        return words;
    }

    @Test
    void givesTheNewestLinesAndWhatFollows() throws Exception {
        String first = invoke(HERE, "f");

        JsonNode page = get("f/logs");
        assertThat(words(page)).containsExactly("START", "http://localhost:1/", "END", "REPORT");
        assertThat(page.get("next").asLong()).isEqualTo(4);
        assertThat(page.get("lost").asLong()).isZero();
        JsonNode start = page.get("lines").get(0);
        assertThat(start.toString()).matches("\\{\"seq\":1,\"time\":\"20[^\"]+Z\",\"requestId\":\"" + first
                + "\",\"version\":\"\\$LATEST\",\"text\":\"START RequestId: " + first + " Version: \\$LATEST\"}");
        String second = invoke(HERE, "f");
        assertThat(words(get("f/logs?after=4"))).containsExactly("START", "http://localhost:1/", "END", "REPORT");
        assertThat(words(get("f/logs?after=4&limit=2"))).containsExactly("START", "http://localhost:1/");
        assertThat(words(get("f/logs?limit=1"))).containsExactly("REPORT");
        assertThat(get("f/logs?request=" + second).findValuesAsText("requestId")).hasSize(4).containsOnly(second);
    }

    @Test
    void whoWaitsIsAnsweredWhenThereIsALine() throws Exception {
        CompletableFuture<String> waiting = asking("f/logs?after=0&wait=60");
        assertThat(get("f/logs?wait=0").get("lines")).isEmpty();
        assertThat(waiting).isNotDone();
        invoke(HERE, "f");

        assertThat(waiting.get(20, TimeUnit.SECONDS)).contains("START RequestId");
        assertThat(get("f/logs?after=4&wait=1").toString()).isEqualTo("{\"lines\":[],\"next\":4,\"lost\":0}");
    }

    @Test
    void manyMayWaitWithoutTakingTheServersThreads() throws Exception {
        List<CompletableFuture<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            waiting.add(asking("f/logs?wait=60"));
        }
        assertThat(get("f/logs").get("lines")).isEmpty();
        invoke(HERE, "f");

        for (CompletableFuture<String> one : waiting) {
            assertThat(one.get(20, TimeUnit.SECONDS)).contains("\"text\":");
        }
    }

    @Test
    void linesSayTheAccountAndRegionOfTheirFunction() throws Exception {
        invoke(HERE, "twice");
        invoke(THERE, "twice");

        assertThat(get("twice/logs").findValuesAsText("accountId")).containsExactly("000000000000", "000000000000", "000000000000",
                "000000000000", "111111111111", "111111111111", "111111111111", "111111111111");
        assertThat(get("twice/logs?limit=1").findValuesAsText("region")).containsExactly("eu-west-1");
    }

    @Test
    void theLogOfADeletedFunctionStays() throws Exception {
        invoke(HERE, "f");
        functions.registry().unregister("f");

        assertThat(words(get("f/logs"))).hasSize(4);
    }

    @Test
    void refusesWhatItCannotAnswer() {
        given().when().get("g/logs").then().statusCode(404).body(equalTo("{\"message\":\"There is no function 'g'\"}"));
        given().when().get("f/logs?limit=0")
                .then().statusCode(400).body(equalTo("{\"message\":\"limit is '0'; allowed is a whole number from 1 to 10000\"}"));
        given().when().get("f/logs?after=x")
                .then().statusCode(400).body(equalTo("{\"message\":\"after is 'x'; allowed is a whole number\"}"));
        given().when().get("f/logs?wait=61").then().statusCode(400);
    }
}
