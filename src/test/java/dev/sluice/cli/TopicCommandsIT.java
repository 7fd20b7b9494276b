package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.OwnThread;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What there is in topics, and mappings made without a signature. */
class TopicCommandsIT {

    @TempDir
    private Path directory;
    private final HandlerEndpoint endpoint = new HandlerEndpoint();
    private final TestKafka kafka = TestKafka.shared();
    private final String topic = TestKafka.topicName("commands");
    private TestServer server;

    @BeforeEach
    void serve() {
        server = TestServer.start(directory.resolve("data"), kafka.bootstrapServers(), Map.of());
        server.function("f", endpoint);
        kafka.createTopic(topic, 2);
    }

    @AfterEach
    void stop() {
        server.close();
        endpoint.close();
    }

    @Test
    void consumeShowsRecordsFromWhereItIsTold() {
        kafka.produce(topic, 0, "k", "zero");
        kafka.produce(topic, 1, List.of("one", "two", "three"));
        ProducerRecord<byte[], byte[]> odd = new ProducerRecord<>(topic, 0, null, new byte[] {(byte) 0xff});
        odd.headers().add("source", "web".getBytes(StandardCharsets.UTF_8));
        kafka.produce(odd);
        kafka.produce(new ProducerRecord<>(topic, 0, "gone".getBytes(StandardCharsets.UTF_8), null));

        assertThat(lines("consume", topic)).containsExactlyInAnyOrder("0:0  k  zero", "0:1  -  base64:/w==  [source=web]", "0:2  gone  -",
                "1:0  -  one", "1:1  -  two", "1:2  -  three");
        assertThat(lines("consume", topic, "-p", "1", "--from", "-2")).containsExactly("1:1  -  two", "1:2  -  three");
        assertThat(lines("consume", topic, "-p", "1", "--from", "1", "-n", "1", "--value-only")).containsExactly("two");
        assertThat(sluice("consume", topic, "-p", "1", "-n", "1").err()).contains("there are more");
        assertThat(lines("consume", topic, "-p", "1", "-n", "1", "-o", "json").get(0))
                .startsWith("{\"partition\":1,\"offset\":0,\"timestamp\":\"")
                .endsWith("\"key\":null,\"value\":\"one\"}");
        assertThat(sluice("consume", topic, "--from", "end").err()).contains("there are no records");
        assertThat(kafka.groupMembers(topic)).as("nobody has joined anything").isEmpty();
    }

    @Test
    void consumeReadsOnFromPageToPage() {
        kafka.produce(topic, 0, IntStream.range(0, 2_500).mapToObj(String::valueOf).toList());
        kafka.produce(topic, 1, IntStream.range(0, 700).mapToObj(String::valueOf).toList());
        List<String> lines = lines("consume", topic, "-n", "100000");
        assertThat(lines).hasSize(3_200).doesNotHaveDuplicates();
        assertThat(lines.stream().filter(line -> line.startsWith("0:"))).containsExactlyElementsOf(
                IntStream.range(0, 2_500).mapToObj(i -> "0:" + i + "  -  " + i).toList());
    }

    @Test
    void consumeSaysWhatIsWrong() {
        assertThat(sluice("consume", topic + "-not")).satisfies(run -> {
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err()).contains("Topic " + topic + "-not does not exist");
        });
        assertThat(sluice("consume", topic, "-p", "7").err()).contains("has no partition 7; it has 2, 0 to 1");
        assertThat(sluice("consume", topic, "--from", "yesterday").err()).contains("from is 'yesterday'; allowed are beginning, end");
    }

    // The server's answer ends with the wait, so that whoever follows finds a server that goes on.
    @Test
    void aWaitForRecordsEndsWithTheFirst() throws Exception {
        var waiting = CompletableFuture.supplyAsync(
                () -> server.send("GET", "/_sluice/topics/" + topic + "/records?from=end&wait=30", null).body(),
                OwnThread.EXECUTOR);
        List<String> sent = new ArrayList<>();
        await().atMost(TestServer.PATIENCE).until(() -> {
            sent.add("late " + sent.size());
            kafka.produce(topic, sent.get(sent.size() - 1));
            return waiting.isDone();
        });
        assertThat(waiting.get()).contains("late ");
    }

    // Each holds a thread of the API; who waits at the end of the server gets what there is.
    @Test
    void notEverybodyWaitsAtOnceAndNobodyHoldsTheServerUp() throws Exception {
        String path = "/_sluice/topics/" + topic + "/records?from=end&wait=30";
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < 18; i++) {
            asked.add(CompletableFuture.supplyAsync(() -> server.send("GET", path, null), OwnThread.EXECUTOR));
        }
        await().atMost(TestServer.PATIENCE).until(() -> asked.stream().filter(CompletableFuture::isDone).count() == 2);
        assertThat(asked.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join)).allMatch(
                refused -> refused.statusCode() == 503 && refused.body().contains("16 others read topics now"));
        long begun = System.nanoTime();
        server.stop();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(9));
        // On a busy machine the end may cut one off before its answer is out.
        assertThat(asked.stream().map(each -> each.handle((answer, cut) -> cut == null ? answer.statusCode() : 0).join()))
                .contains(200).isSubsetOf(200, 503, 0);
    }

    @Test
    void topicsSayHowMuchIsInThemAndWhoIsFed() {
        kafka.produce(topic, "one", "two");
        server.mapping(topic, "f", "LATEST");
        assertThat(lines("topics")).first().asString().startsWith("TOPIC ");
        assertThat(lines("topics").stream().map(line -> line.replaceAll(" +", " "))).contains(topic + " 2 2 f");
        assertThat(sluice("topics", "--output", "json").out()).contains("\"name\": \"" + topic + "\"");
    }

    @Test
    void mappingsAreMadeAndDeletedWithoutASignature() throws Exception {
        kafka.produce(topic, "{\"type\":\"order\"}", "other");
        CommandRun made = sluice("mappings", "create", "--function", "f", "--topic", topic, "--batch-size", "7", "--window", "0",
                "--filter",
                "{\"value\":{\"type\":[\"order\"]}}", "--group", topic + "-group", "--region", "eu-west-1", "--account-id", "111111111111");
        assertThat(made.status()).as(made.err()).isZero();
        String uuid = made.out().split(" ")[1];
        await().atMost(TestServer.PATIENCE).until(() -> endpoint.values().equals(List.of("{\"type\":\"order\"}")));
        assertThat(server.detail(uuid).path("FunctionArn").asText()).isEqualTo("arn:aws:lambda:eu-west-1:111111111111:function:f");
        assertThat(server.detail(uuid).at("/detail/consumerGroupId").asText()).isEqualTo(topic + "-group");
        assertThat(server.send("PUT", "/_sluice/mappings/" + topic, "{\"BatchSize\":9}").statusCode()).isEqualTo(202);
        assertThat(server.detail(uuid).path("BatchSize").asInt()).isEqualTo(9);
        await().atMost(TestServer.PATIENCE).until(() -> server.detail(uuid).path("State").asText().equals("Enabled"));
        assertThat(sluice("mappings", "delete", topic).out()).isEqualTo("Mapping " + uuid + " is being deleted.\n");
        await().atMost(TestServer.PATIENCE).until(() -> server.send("GET", "/_sluice/mappings/" + uuid, null).statusCode() == 404);

        Path request = Files.writeString(directory.resolve("mapping.json"), "{\"EventSourceArn\":\"" + TestServer.CLUSTER
                + "\",\"FunctionName\":\"f\",\"Topics\":[\"" + topic + "\"],\"StartingPosition\":\"LATEST\",\"Enabled\":false}");
        assertThat(sluice("mappings", "create", "--request", request.toString(), "-o", "json").out()).contains("\"State\": \"Disabled\"");
        assertThat(
                sluice("mappings", "create", "--function", "f", "-t", topic, "--bootstrap-servers", kafka.bootstrapServers(), "--disabled")
                        .status())
                .isZero();
    }

    @Test
    void whatIsSoOfManyIsSaidOnce() {
        List<String> uuids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            uuids.add(server.mapping(TestKafka.topicName("many"), "f", "LATEST", "\"Enabled\":false").substring(0, 8));
        }
        CommandRun list = CommandRun.on(80, "mappings", "--endpoint", server.endpoint().toString());
        assertThat(list.out().lines().toList()).hasSize(1 + 5 + 1 + 2 + 1)
                .allMatch(line -> line.length() <= 80)
                .anyMatch(line -> line.startsWith(uuids.get(0) + ", " + uuids.get(1) + " and 3 more  Somebody has disabled the mapping"));
        assertThat(CommandRun.on(80, "mappings", "--wide", "--endpoint", server.endpoint().toString()).out()).contains("LAST RESULT",
                "us-east-1  000000000000  No records processed");
    }

    // The same words as AWS's own path.
    @Test
    void whatAwsRefusesIsRefusedAlike() {
        assertThat(sluice("mappings", "create", "--function", "nobody", "--topic", topic).err()).contains("Function does not exist");
        String wrong = "{\"FunctionName\":\"f\",\"Topics\":[\"" + topic + "\"],\"StartingPosition\":\"LATEST\",\"BatchSize\":0,"
                + "\"EventSourceArn\":\"" + TestServer.CLUSTER + "\"}";
        var unsigned = server.send("POST", "/_sluice/mappings", wrong);
        var signed = server.send("POST", "/2015-03-31/event-source-mappings", wrong);
        assertThat(unsigned.statusCode()).isEqualTo(signed.statusCode()).isEqualTo(400);
        assertThat(unsigned.body()).isEqualTo(signed.body());
        assertThat(server.send("POST", "/_sluice/mappings?accountId=1", wrong).body()).contains("accountId is '1'; allowed is 12 digits");
        assertThat(server.send("DELETE", "/_sluice/mappings/nobody", null).statusCode()).isEqualTo(404);
        assertThat(sluice("mappings", "create", "--topic", topic).status()).isEqualTo(2);
    }

    private List<String> lines(String... arguments) {
        CommandRun run = sluice(arguments);
        assertThat(run.status()).as(run.err()).isZero();
        return run.out().lines().toList();
    }

    private CommandRun sluice(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--endpoint", server.endpoint().toString()));
        return CommandRun.of(all.toArray(String[]::new));
    }
}
