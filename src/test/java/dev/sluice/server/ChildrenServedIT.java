package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.Programs;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import dev.sluice.fixture.ZipOf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of functions under a whole server: what kills them loses no record, they run side by side, and none is left behind. */
class ChildrenServedIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(10);

    /** Says which process has the batch, and waits for a file that another creates. */
    private static final String WAITING = """
            import os, time

            HERE = os.environ["DIRECTORY"]

            def handler(event, context):
                records = [r for each in event["records"].values() for r in each]
                with open(f"{HERE}/pids", "a") as file:
                    file.write(f"{os.getpid()}\\n")
                while not os.path.exists(f"{HERE}/gate"):
                    time.sleep(0.01)
                with open(f"{HERE}/done", "a") as file:
                    file.write("".join(f"{r['offset']}\\n" for r in records))
            """;

    /** The same in Java. */
    private static final String WAITING_JAVA =
            """
                    import java.nio.file.*;

                    public class Waiting {
                        public String hold(Map<String, Object> event, Context context) throws Exception {
                            Path here = Path.of(System.getenv("DIRECTORY"));
                            append(here.resolve("pids"), ProcessHandle.current().pid() + "\\n");
                            while (Files.notExists(here.resolve("gate"))) { Thread.sleep(10); }
                            for (Object records : ((Map<?, ?>) event.get("records")).values()) {
                                for (Object record : (List<?>) records) { append(here.resolve("done"), ((Map<?, ?>) record).get("offset") + "\\n"); }
                            }
                            return null;
                        }

                        private static void append(Path file, String line) throws IOException {
                            Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                        }
                    }
                    """;

    /** Starts two processes that know nothing of it: one in a session of its own, and one that a hangup doesn't end. */
    private static final String FORKING = """
            import os, subprocess

            def handler(event, context):
                own = subprocess.Popen(["sleep", "1000"], start_new_session=True)
                shell = subprocess.run(["sh", "-c", "nohup sleep 1000 >/dev/null 2>&1 & echo $!"], capture_output=True, text=True)
                with open(os.environ["DIRECTORY"] + "/pids", "a") as file:
                    file.write(f"{os.getpid()}\\n{own.pid}\\n{shell.stdout.strip()}\\n")
            """;

    /** Waits until four have come. */
    private static final String MEETING = """
            import os, time

            HERE = os.environ["DIRECTORY"]

            def handler(event, context):
                partition = next(iter(event["records"].values()))[0]["partition"]
                with open(f"{HERE}/pids", "a") as file:
                    file.write(f"{os.getpid()}\\n")
                os.mkdir(f"{HERE}/came-{partition}")
                while len([name for name in os.listdir(HERE) if name.startswith("came-")]) < 4:
                    if context.get_remaining_time_in_millis() < 1000:
                        raise RuntimeError("the others didn't come")
                    time.sleep(0.01)
            """;

    @TempDir
    private Path directory;
    private TestKafka kafka;
    private TestServer server;

    @BeforeEach
    void start() {
        kafka = TestKafka.shared();
        server = TestServer.start(directory.resolve("data"), kafka.bootstrapServers(), Map.of());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aPythonProcessThatIsKilledInABatchHasItDeliveredAgain() throws IOException {
        python("waiting", WAITING);
        killedInABatch("waiting");
    }

    @Test
    void aJavaProcessThatIsKilledInABatchHasItDeliveredAgain() throws IOException {
        Path jar = Files.write(directory.resolve("waiting.jar"), CompiledHandler.compile(directory, "Waiting", WAITING_JAVA).zip());
        assertThat(server.send("PUT", "/_sluice/functions/waiting", "{\"jar\":\"" + jar + "\",\"handler\":\"example.Waiting::hold\","
                + "\"timeoutSeconds\":60,\"isolation\":\"process\",\"environment\":{\"DIRECTORY\":\"" + directory + "\"}}").statusCode())
                .isEqualTo(200);
        killedInABatch("waiting");
    }

    private void killedInABatch(String function) throws IOException {
        String topic = kafka.createTopic(TestKafka.topicName("killed"), 1);
        kafka.produce(topic, 0, IntStream.range(0, 30).mapToObj(String::valueOf).toList());
        String uuid = server.mapping(topic, function, "TRIM_HORIZON", "\"BatchSize\":10");

        long first = awaitPids(1).get(0);
        // As kill -9.
        assertThat(ProcessHandle.of(first).orElseThrow().destroyForcibly()).isTrue();

        assertThat(awaitPids(2).get(1)).isNotEqualTo(first);
        Files.createFile(directory.resolve("gate"));
        await().atMost(TestServer.PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
        assertThat(Files.readAllLines(directory.resolve("done")))
                .containsExactlyElementsOf(IntStream.range(0, 30).mapToObj(String::valueOf).toList());
        JsonNode attempts = firstDelivery(uuid).get("attempts");
        assertThat(attempts).hasSize(2);
        assertThat(attempts.get(0).toString()).contains("Runtime.ExitError", "signal: killed");
        assertThat(attempts.get(1).get("outcome").asText()).isEqualTo("succeeded");
    }

    @Test
    void whatAHandlerHasStartedIsGoneWithTheServer() throws IOException {
        python("forking", FORKING);
        String topic = kafka.createTopic(TestKafka.topicName("forking"), 1);
        kafka.produce(topic, "one");
        String uuid = server.mapping(topic, "forking", "TRIM_HORIZON");
        await().atMost(TestServer.PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
        List<Long> all = awaitPids(3);
        assertThat(all).allMatch(ChildrenServedIT::isAlive);

        server.close();

        await().atMost(SOON).until(() -> all.stream().noneMatch(ChildrenServedIT::isAlive));
    }

    @Test
    void fourInstancesOfOneFunctionTakeFourPartitionsAtOnce() throws IOException {
        python("meeting", MEETING);
        String topic = kafka.createTopic(TestKafka.topicName("meeting"), 4);
        for (int partition = 0; partition < 4; partition++) {
            kafka.produce(topic, partition, List.of("one"));
        }

        String uuid = server.mapping(topic, "meeting", "TRIM_HORIZON", "\"BatchSize\":1");

        await().atMost(TestServer.PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
        assertThat(awaitPids(4)).hasSize(4).doesNotHaveDuplicates();
    }

    private void python(String name, String source) throws IOException {
        Programs.assume(List.of("python3"));
        String zip = Base64.getEncoder().encodeToString(ZipOf.file(directory, "app.py", source));
        assertThat(server.send("POST", "/2015-03-31/functions",
                "{\"FunctionName\":\"" + name + "\",\"Runtime\":\"python3.12\",\"Timeout\":20,"
                        + "\"Role\":\"arn:aws:iam::000000000000:role/r\",\"Handler\":\"app.handler\",\"Code\":{\"ZipFile\":\"" + zip
                        + "\"},"
                        + "\"Environment\":{\"Variables\":{\"DIRECTORY\":\"" + directory + "\"}}}")
                .statusCode()).isEqualTo(201);
    }

    /** The ids that handlers have noted, once there are so many. */
    private List<Long> awaitPids(int atLeast) {
        return await().atMost(TestServer.PATIENCE).until(this::pids, pids -> pids.size() >= atLeast);
    }

    private List<Long> pids() throws IOException {
        Path noted = directory.resolve("pids");
        return Files.exists(noted) ? Files.readString(noted).lines().map(Long::valueOf).toList() : List.of();
    }

    /** One whose end nobody has asked for yet, as that of an orphan whose init takes its time, has no command any more. */
    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).flatMap(process -> process.info().command()).isPresent();
    }

    /** The delivery of the mapping's first batch, which is in the journal a moment after its commit. */
    private JsonNode firstDelivery(String uuid) {
        List<String> ids = await().atMost(SOON).until(() -> deliveries(uuid), found -> found.size() >= 3);
        return json("/_sluice/deliveries/" + ids.get(ids.size() - 1));
    }

    private List<String> deliveries(String uuid) {
        List<String> ids = new ArrayList<>();
        json("/_sluice/deliveries?mapping=" + uuid).get("deliveries").forEach(delivery -> ids.add(delivery.get("id").asText()));
        return ids;
    }

    private JsonNode json(String path) {
        try {
            return JSON.readTree(server.send("GET", path, null).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
