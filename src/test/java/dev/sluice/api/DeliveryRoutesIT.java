package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.dispatch.AttemptResult;
import dev.sluice.dispatch.Delivery;
import dev.sluice.dispatch.DeliveryObserver.Attempt;
import dev.sluice.dispatch.Fate;
import dev.sluice.dispatch.Replay;
import dev.sluice.mapping.EventSourceMapping;
import dev.sluice.store.SqliteJournal;
import dev.sluice.telemetry.Journal;
import dev.sluice.telemetry.JournalStore.Retention;
import dev.sluice.telemetry.Metrics;
import dev.sluice.telemetry.Replays;
import dev.sluice.testing.Mappings;
import dev.sluice.testing.Offsets;
import dev.sluice.testing.WaitingDelivery;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
    private final HttpClient client = HttpClient.newHttpClient();
    private CompletableFuture<Replay.Result> result = CompletableFuture.completedFuture(new Replay.Invoked("request", Instant.EPOCH,
            Duration.ofMillis(5), new AttemptResult(AttemptResult.Kind.SUCCEEDED, "OK", ""), ANSWER, ANSWER));
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
        server = new ApiServer(Set.of(), List.of(new DeliveryRoutes(journal, replays), new MetricsRoutes(metrics)));
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
        JsonNode empty = json(get(""));
        assertThat(empty.toString()).isEqualTo("{\"deliveries\":[],\"next\":null,\"lost\":{\"entries\":0,\"bodies\":0},\"filteredOut\":[]}");

        fail(5, 9);
        deliver(10, 12);
        await().atMost(Duration.ofSeconds(10)).until(() -> store.contains("id-2"));

        JsonNode list = json(get("")).get("deliveries");
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
        assertThat(json(get("?limit=2")).get("next").asText()).isEqualTo("id-2");
        assertThat(listed("?limit=2&before=id-2")).containsExactly("id-1");
        assertThat(json(get("?limit=3")).get("next").isNull()).isTrue();
    }

    @Test
    void refusesWhatIsNotAllowedByFieldAndValue() throws Exception {
        refused("?limit=abc", 400, "limit is 'abc'; allowed is a whole number from 1 to 1000");
        refused("?limit=0", 400, "limit is '0'; allowed is a whole number from 1 to 1000");
        refused("?limit=99999999999", 400, "limit is '99999999999'; allowed is a whole number from 1 to 1000");
        refused("?mapping=x", 400, "mapping is 'x'; allowed is the UUID of a mapping, such as 00000000-0000-0000-0000-000000000000");
        refused("?function=a%20b", 400, "function is 'a b'; allowed are 1 to 64 letters, digits, - and _");
        refused("?state=bad", 400, "state is 'bad'; allowed are, divided by commas, running, delivered, failed, partly, notFinished");
        refused("?before=id-9", 400, "before is 'id-9'; allowed is the id of a delivery in the journal");
        refused("/id-9", 404, "There is no delivery 'id-9' in the journal; it keeps the newest ones only");
        assertThat(post("/id-9/replay").statusCode()).isEqualTo(404);
        assertThat(replayed).isEmpty();
    }

    @Test
    void showsAttemptsWithTheirBodiesAsJsonOrBase64() throws Exception {
        Delivery delivery = WaitingDelivery.of(mapping, Offsets.range("t", 0, 5, 9));
        journal.attempted(delivery, WaitingDelivery.failure(delivery, 1));
        byte[] large = new byte[300 * 1024];
        journal.attempted(delivery, new Attempt(2, null, Instant.EPOCH, Duration.ofNanos(1_234_567),
                new AttemptResult(AttemptResult.Kind.FAILED, "P", "d"), List.of(Offsets.of("t", 0, 5)), 1, large, large.length,
                "not json".getBytes(StandardCharsets.UTF_8)));
        journal.settled(delivery, Fate.DROPPED, delivery.batch().records());
        journal.ended(delivery);
        await().atMost(Duration.ofSeconds(10)).until(() -> store.contains("id-1") && store.find("id-1").orElseThrow().attempts().size() == 2);
        await().atMost(Duration.ofSeconds(10)).until(() -> json(get("/id-1")).get("state").asText().equals("failed"));

        JsonNode shown = json(get("/id-1"));
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

        HttpResponse<String> answer = post("/id-1/replay");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("""
                {"id":"id-2","replayOf":"id-1","requestId":"request","durationMillis":5.0,"outcome":"succeeded","result":"OK",\
                "detail":null,"answer":{"length":10,"truncated":false,"json":{"n":1.10}}}""");
        assertThat(replayed).singleElement().satisfies(request -> assertThat(request.event()).as("it was kept").isNotNull());
        await().atMost(Duration.ofSeconds(10)).until(() -> store.contains("id-2"));
        assertThat(json(get("/id-2")).get("replayOf").asText()).isEqualTo("id-1");
    }

    @Test
    void aReplaySaysWhenTheRecordsAreGoneOrCanNotBeRead() throws Exception {
        fail(5, 9);
        await().atMost(Duration.ofSeconds(10)).until(() -> store.contains("id-1"));

        result = CompletableFuture.completedFuture(new Replay.RecordsGone("gone since"));
        assertThat(post("/id-1/replay").statusCode()).isEqualTo(410);
        assertThat(post("/id-1/replay").body()).isEqualTo("{\"message\":\"gone since\"}");
        result = CompletableFuture.completedFuture(new Replay.NotReadable("no broker"));
        assertThat(post("/id-1/replay").statusCode()).isEqualTo(503);
        result = CompletableFuture.failedFuture(new IllegalStateException("broken on purpose"));
        HttpResponse<String> broken = post("/id-1/replay");
        assertThat(broken.statusCode()).isEqualTo(500);
        assertThat(broken.body()).isEqualTo("{\"message\":\"Internal error; the server's log has it\"}");
    }

    @Test
    void aFunctionThatTakesItsTimeHoldsNoThread() throws Exception {
        fail(5, 9);
        await().atMost(Duration.ofSeconds(10)).until(() -> store.contains("id-1"));
        result = new CompletableFuture<>();
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        // More than the server has threads.
        for (int i = 0; i < 60; i++) {
            waiting.add(client.sendAsync(request("/_sluice/deliveries/id-1/replay").POST(HttpRequest.BodyPublishers.noBody()).build(),
                    HttpResponse.BodyHandlers.ofString()));
        }

        assertThat(get("").statusCode()).isEqualTo(200);
        result.complete(new Replay.RecordsGone("gone"));
        for (CompletableFuture<HttpResponse<String>> each : waiting) {
            assertThat(each.join().statusCode()).isEqualTo(410);
        }
    }

    @Test
    void metricsAreWherePrometheusLooks() throws Exception {
        metrics.polled(mapping, 3, 0);

        HttpResponse<String> answer = client.send(request("/metrics").GET().build(), HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.body()).contains(
                "sluice_polled_event_count_total{function=\"orders\",mapping=\"" + mapping.id() + "\"} 3.0", "sluice_journal_lost_entries_total 0.0");
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
        json(get(query)).get("deliveries").forEach(delivery -> found.add(delivery.get("id").asText()));
        return found;
    }

    private void refused(String path, int status, String message) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(status);
        assertThat(json(answer).get("message").asText()).isEqualTo(message);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request("/_sluice/deliveries" + path).GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path) throws Exception {
        return client.send(request("/_sluice/deliveries" + path).POST(HttpRequest.BodyPublishers.noBody()).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path)).timeout(Duration.ofSeconds(20));
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return Json.MAPPER.readTree(answer.body());
    }
}
