package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.sluice.fixture.HttpApi;
import dev.sluice.fixture.HttpFunction;
import dev.sluice.fixture.OwnThread;
import dev.sluice.fixture.SluiceJar;
import dev.sluice.fixture.SluiceProcess;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the built jar ends when it is told to. */
class TerminationIT {

    private static final Duration TERMINATION = Duration.ofSeconds(8);

    @TempDir
    private Path directory;

    private SluiceProcess server;

    @BeforeEach
    void start() throws IOException {
        server = SluiceJar.in(directory).serve().awaitKafka();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void endsInOrderOnSigterm() {
        server.terminate();

        assertThat(server.awaitExit(TERMINATION)).isZero();
        assertThat(server.outLines()).hasSize(2);
        assertThat(server.err()).contains("Closing").doesNotContain("ERROR").doesNotContain("WARN");
    }

    @Test
    void endsInOrderOnSigint() throws IOException {
        server.assumeItCatchesSigint();

        server.interrupt();

        assertThat(server.awaitExit(TERMINATION)).isZero();
    }

    @Test
    void waitsForNobodyWhoWaitsForAFunctionsNextLine() throws Exception {
        put("/_sluice/functions/silent", "{\"url\":\"http://localhost:1\"}");
        RequestSpecification asking = given();
        CompletableFuture<ValidatableResponse> waiting = CompletableFuture.supplyAsync(
                () -> asking.when().get("/_sluice/functions/silent/logs?wait=60").then(), OwnThread.EXECUTOR);
        given().when().get("/_sluice/functions/silent/logs").then().body(equalTo("{\"lines\":[],\"next\":0,\"lost\":0}"));

        server.terminate();

        waiting.get(5, TimeUnit.SECONDS).statusCode(200).body(equalTo("{\"lines\":[],\"next\":0,\"lost\":0}"));
        assertThat(server.awaitExit(TERMINATION)).isZero();
    }

    @Test
    void endsInTimeWhileAHandlerIsRunning() throws Exception {
        try (HttpFunction hanging = HttpFunction.hanging()) {
            put("/_sluice/functions/hangs", "{\"url\":\"" + hanging.url() + "\",\"timeoutSeconds\":840}");
            createMapping("hangs", "orders");
            produce("orders", "one");
            await().atMost(Duration.ofSeconds(30)).until(() -> hanging.events().size() == 1);

            server.terminate();

            assertThat(server.awaitExit(TERMINATION)).isZero();
            assertThat(server.err()).as("the broker had its time, too").doesNotContain("ERROR", "left to itself");
        }
    }

    @Test
    void whatWasInFlightAtTheEndIsDeliveredAgainByTheNextServer() throws Exception {
        try (HttpFunction hanging = HttpFunction.hanging(); HttpFunction answering = HttpFunction.answering()) {
            put("/_sluice/functions/f", "{\"url\":\"" + hanging.url() + "\",\"timeoutSeconds\":840}");
            createMapping("f", "orders");
            produce("orders", "one");
            await().atMost(Duration.ofSeconds(30)).until(() -> hanging.events().size() == 1);
            server.terminate();
            assertThat(server.awaitExit(TERMINATION)).isZero();

            // The clients of a killed or ended server know the broker by its port; a new free one would be another broker to them.
            server = SluiceJar.in(directory).serve().awaitKafka();
            put("/_sluice/functions/f", "{\"url\":\"" + answering.url() + "\"}");

            await().atMost(Duration.ofSeconds(30)).until(() -> answering.events().size() == 1);
            assertThat(answering.events().get(0)).contains("\"value\":\"b25l\"");
        }
    }

    private void put(String path, String body) {
        given().body(body).when().put(path).then().statusCode(200);
    }

    private void createMapping(String function, String topic) {
        given().body("{\"FunctionName\":\"" + function + "\",\"Topics\":[\"" + topic
                + "\"],\"StartingPosition\":\"TRIM_HORIZON\",\"EventSourceArn\":"
                + "\"arn:aws:kafka:us-east-1:111111111111:cluster/c/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2\"}")
                .when().post("/2015-03-31/event-source-mappings").then().statusCode(202);
    }

    private void produce(String topic, String value) {
        given().body("{\"records\":[{\"value\":\"" + value + "\"}]}").when().post("/_sluice/topics/" + topic + "/records")
                .then().statusCode(200);
    }

    private RequestSpecification given() {
        return HttpApi.given(server.endpoint());
    }
}
