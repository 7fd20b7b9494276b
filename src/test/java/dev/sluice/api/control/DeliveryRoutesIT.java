package dev.sluice.api.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.api.http.ApiServer;
import dev.sluice.api.http.Json;
import dev.sluice.dispatch.AttemptReport;
import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.DeliveryObserver.Attempt;
import dev.sluice.dispatch.Fate;
import dev.sluice.dispatch.Replay;
import dev.sluice.fixture.HttpApi;
import dev.sluice.fixture.InMemoryMappingStore;
import dev.sluice.fixture.Mappings;
import dev.sluice.fixture.Offsets;
import dev.sluice.fixture.OwnThread;
import dev.sluice.fixture.WaitingDelivery;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.mapping.EventSourceMappings;
import dev.sluice.store.SqliteJournal;
import dev.sluice.telemetry.Journal;
import dev.sluice.telemetry.JournalStore.Retention;
import dev.sluice.telemetry.Metrics;
import dev.sluice.telemetry.Replays;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveryRoutesIT {

    private static final byte[] ANSWER = "{\"n\":1.10}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path directory;

    private final EventSourceMapping mapping = Mappings.aMapping().function("orders").build();
    private final AtomicInteger ids = new AtomicInteger();
    private final List<Replay.Request> replayed = new ArrayList<>();
    private CompletableFuture<Replay.Result> result = CompletableFuture.completedFuture(new Replay.Invoked("request", Instant.EPOCH,
            Duration.ofMillis(5), new AttemptReport(AttemptReport.Kind.SUCCEEDED, "OK", ""), ANSWER, ANSWER));
    private SqliteJournal store;
    private Journal journal;
    private Metrics metrics;
    private ApiServer server;

    @BeforeEach
    void start() {
        store = SqliteJournal.open(directory.resolve("journal.db"), Retention.DEFAULT);
        journal = new Journal(store, Clock.systemUTC(), () -> "id-" + ids.incrementAndGet());
        journal.start();
        metrics = new Metrics(journal::losses);
        Replays replays = new Replays(journal, id -> Optional.of(mapping), request -> {
            replayed.add(request);
            return result;
        });
        EventSourceMappings mappings =
                new EventSourceMappings(new InMemoryMappingStore(), null, null, Clock.systemUTC(), UUID::randomUUID, null);
        server = new ApiServer(Set.of(), List.of(new DeliveryRoutes(journal, replays, mappings), new MetricsRoutes(metrics)));
        server.start("localhost", 0);
    }

    @AfterEach
    void stop() {
        server.close(Duration.ZERO);
        metrics.close();
        journal.close();
        store.close();
    }

    @Test
    void listsDeliveriesTheNewestFirst() throws Exception {
        JsonNode empty = shown("");
        assertThat(empty.toString())
                .isEqualTo("{\"deliveries\":[],\"next\":null,\"lost\":{\"entries\":0,\"bodies\":0},\"filteredOut\":[]}");

        fail(5, 9);
        deliver(10, 12);
        await().atMost(Duration.ofSeconds(10)).until(() -> store.contains("id-2"));

        JsonNode list = shown("").get("deliveries");
        assertThat(list).hasSize(2);
        assertThat(list.get(0).get("state").asText()).isEqualTo("delivered");
        assertThat(list.get(1).toString()).isEqualTo("""
                {"id":"id-1","state":"running","mapping":"%s","function":"orders",\
                "functionArn":"arn:aws:lambda:us-east-1:000000000000:function:orders","replayOf":null,\
                "firstSeen":"2026-03-04T05:06:08.089Z","ended":null,"records":5,\
                "partitions":[{"topic":"t","partition":0,"firstOffset":5,"lastOffset":9,"records":5}],"attemptCount":1,\
                "lastResult":"PROBLEM: Function call failed","lastDetail":"{\\"errorMessage\\":\\"boom\\"}","destinationError":null}"""
                .formatted(mapping.id()));
    }

    @Test
    void choosesAndPages() throws Exception {
        fail(1, 1);
        deliver(2, 2);
        deliver(3, 3);
        await().atMost(Duration.ofSeconds(10)).until(() -> store.contains("id-3"));

        assertThat(listed("?state=running,failed")).containsExactly("id-1");
        assertThat(listed("?mapping=" + mapping.id())).hasSize(3);
        assertThat(listed("?mapping=00000000-0000-0000-0000-000000000000")).isEmpty();
        assertThat(listed("?function=orders")).hasSize(3);
        assertThat(listed("?function=other")).isEmpty();
        assertThat(listed("?limit=2")).containsExactly("id-3", "id-2");
        assertThat(shown("?limit=2").get("next").asText()).isEqualTo("id-2");
        assertThat(listed("?limit=2&before=id-2")).containsExactly("id-1");
        assertThat(shown("?limit=3").get("next").isNull()).isTrue();
    }

    @Test
    void refusesWhatIsNotAllowedByFieldAndValue() throws Exception {
        refused("?limit=abc", 400, "limit is 'abc'; allowed is a whole number from 1 to 1000");
        refused("?limit=0", 400, "limit is '0'; allowed is a whole number from 1 to 1000");
        refused("?limit=99999999999", 400, "limit is '99999999999'; allowed is a whole number from 1 to 1000");
        refused("?mapping=x", 400, "mapping is 'x', and no mapping has such a UUID, function or topic");
        refused("?function=a%20b", 400, "function is 'a b'; allowed are 1 to 64 letters, digits, - and _");
        refused("?state=bad", 400, "state is 'bad'; allowed are, divided by commas, running, delivered, failed, partly, notFinished");
        refused("?before=id-9", 400, "before is 'id-9'; allowed is the id of a delivery in the journal");
        refused("/id-9", 404, "There is no delivery 'id-9' in the journal; it keeps the newest ones only");
        replaying("id-9").statusCode(404);
        assertThat(replayed).isEmpty();
    }

    @Test
    void showsAttemptsWithTheirBodiesAsJsonOrBase64() throws Exception {
        Delivery delivery = WaitingDelivery.of(mapping, Offsets.range("t", 0, 5, 9));
        journal.attempted(delivery, WaitingDelivery.failure(delivery, 1));
        byte[] large = new byte[300 * 1024];
        journal.attempted(delivery, new Attempt(2, null, Instant.EPOCH, Duration.ofNanos(1_234_567),
                new AttemptReport(AttemptReport.Kind.FAILED, "P", "d"), List.of(Offsets.of("t", 0, 5)), 1, large, large.length,
                "not json".getBytes(StandardCharsets.UTF_8)));
        journal.settled(delivery, Fate.DROPPED, delivery.batch().records());
        journal.ended(delivery);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> store.contains("id-1") && store.find("id-1").orElseThrow().attempts().size() == 2);
        await().atMost(Duration.ofSeconds(10)).until(() -> shown("/id-1").get("state").asText().equals("failed"));

        JsonNode shown = shown("/id-1");
        assertThat(shown.get("settled").toString()).isEqualTo(
                "[{\"fate\":\"dropped\",\"topic\":\"t\",\"partition\":0,\"firstOffset\":5,\"lastOffset\":9,\"records\":5}]");
        assertThat(shown.get("attempts").get(0).toString()).isEqualTo("""
                {"number":1,"requestId":"request-1","started":"2026-03-04T05:06:08.089Z","durationMillis":12.0,"records":5,\
                "outcome":"failed","result":"PROBLEM: Function call failed","detail":"{\\"errorMessage\\":\\"boom\\"}",\
                "event":{"length":7,"truncated":false,"json":{"n":1}},\
                "answer":{"length":23,"truncated":false,"json":{"errorMessage":"boom"}}}""");
        JsonNode second = shown.get("attempts").get(1);
        assertThat(second.get("durationMillis").asDouble()).isEqualTo(1.234);
        assertThat(second.get("event").get("truncated").asBoolean()).isTrue();
        assertThat(second.get("event").get("length").asInt()).isEqualTo(300 * 1024);
        assertThat(second.get("event").get("base64").binaryValue()).hasSize(256 * 1024);
        assertThat(second.get("answer").get("base64").binaryValue()).isEqualTo("not json".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aReplayAnswersWithTheInvocationsResultAndIsJournaled() throws Exception {
        fail(5, 9);
        await().atMost(Duration.ofSeconds(10)).until(() -> store.contains("id-1"));

        replaying("id-1").statusCode(200).body(equalTo("""
                {"id":"id-2","replayOf":"id-1","requestId":"request","durationMillis":5.0,"outcome":"succeeded","result":"OK",\
                "detail":null,"answer":{"length":10,"truncated":false,"json":{"n":1.10}}}"""));
        assertThat(replayed).singleElement().satisfies(request -> assertThat(request.event()).as("it was kept").isNotNull());
        await().atMost(Duration.ofSeconds(10)).until(() -> store.contains("id-2"));
        assertThat(shown("/id-2").get("replayOf").asText()).isEqualTo("id-1");
    }

    @Test
    void aReplaySaysWhenTheRecordsAreGoneOrCanNotBeRead() throws Exception {
        fail(5, 9);
        await().atMost(Duration.ofSeconds(10)).until(() -> store.contains("id-1"));

        result = CompletableFuture.completedFuture(new Replay.RecordsGone("gone since"));
        replaying("id-1").statusCode(410).body(equalTo("{\"message\":\"gone since\"}"));
        result = CompletableFuture.completedFuture(new Replay.NotReadable("no broker"));
        replaying("id-1").statusCode(503);
        result = CompletableFuture.failedFuture(new IllegalStateException("broken on purpose"));
        replaying("id-1").statusCode(500).body(equalTo("{\"message\":\"Internal error; the server's log has it\"}"));
    }

    @Test
    void aFunctionThatTakesItsTimeHoldsNoThread() throws Exception {
        fail(5, 9);
        await().atMost(Duration.ofSeconds(10)).until(() -> store.contains("id-1"));
        result = new CompletableFuture<>();
        List<CompletableFuture<ValidatableResponse>> waiting = new ArrayList<>();
        // More than the server has threads.
        for (int i = 0; i < 60; i++) {
            waiting.add(CompletableFuture.supplyAsync(() -> replaying("id-1"), OwnThread.EXECUTOR));
        }

        given().when().get("/_sluice/deliveries").then().statusCode(200);
        result.complete(new Replay.RecordsGone("gone"));
        for (CompletableFuture<ValidatableResponse> each : waiting) {
            each.get(20, TimeUnit.SECONDS).statusCode(410);
        }
    }

    @Test
    void metricsAreWherePrometheusLooks() throws Exception {
        metrics.polled(mapping, 3, 0);

        given().when().get("/metrics")
                .then().statusCode(200).header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                .body(allOf(containsString("sluice_polled_event_count_total{function=\"orders\",mapping=\"" + mapping.id() + "\"} 3.0"),
                        containsString("sluice_journal_lost_entries_total 0.0")));
    }

    private void fail(long first, long last) {
        Delivery delivery = WaitingDelivery.of(mapping, Offsets.range("t", 0, first, last));
        journal.attempted(delivery, WaitingDelivery.failure(delivery, 1));
    }

    private void deliver(long first, long last) {
        Delivery delivery = WaitingDelivery.of(mapping, Offsets.range("t", 0, first, last));
        journal.attempted(delivery, WaitingDelivery.success(delivery, 1));
        journal.settled(delivery, Fate.DELIVERED, delivery.batch().records());
        journal.ended(delivery);
    }

    private List<String> listed(String query) throws Exception {
        List<String> found = new ArrayList<>();
        shown(query).get("deliveries").forEach(delivery -> found.add(delivery.get("id").asText()));
        return found;
    }

    private void refused(String path, int status, String message) {
        given().when().get("/_sluice/deliveries" + path).then().statusCode(status).body("message", equalTo(message));
    }

    private JsonNode shown(String path) throws Exception {
        return Json.MAPPER.readTree(given().when().get("/_sluice/deliveries" + path).then().statusCode(200).extract().asString());
    }

    private ValidatableResponse replaying(String id) {
        return given().when().post("/_sluice/deliveries/" + id + "/replay").then();
    }

    private RequestSpecification given() {
        return HttpApi.given(server.port());
    }
}
