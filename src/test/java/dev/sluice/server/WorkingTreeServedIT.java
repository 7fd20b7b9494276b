package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.kafka.clients.admin.MemberDescription;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records on their way to a function whose code somebody works on. */
class WorkingTreeServedIT {

    private static final Duration PATIENCE = TestServer.PATIENCE;
    /** Between two classes of a build: far less than what is taken for its end, and long enough all together that it is looked at. */
    private static final Duration PAUSE = Duration.ofMillis(60);
    private static final int CLASSES = 16;

    @TempDir
    private Path directory;
    private final TestKafka kafka = TestKafka.shared();
    private Path classes;
    private Path seen;
    private String topic;

    @BeforeEach
    void prepare() throws IOException {
        classes = Files.createDirectories(directory.resolve("target/classes"));
        seen = Files.createFile(directory.resolve("seen"));
        topic = kafka.createTopic(TestKafka.topicName("tree"), 1);
    }

    // Whatever fails is given up at once: were a batch to meet half of a build, its record would be missing in the end.
    @Test
    void noRecordIsLostWhileABuildReplacesClassesOneByOne() throws Exception {
        write(build("1"));
        try (TestServer server = TestServer.startWithFile(directory, kafka.bootstrapServers(), Map.of(),
                "functions: {f: {classpath: [target/classes], handler: 'example.Seen::handle'}}\n")) {
            assertThat(server.send("GET", "/_sluice/functions", null).body()).contains("\"classpath\":[\"" + classes + "\"]");
            server.mapping(topic, "f", "TRIM_HORIZON", "\"BatchSize\":1", "\"MaximumRetryAttempts\":0",
                    "\"ProvisionedPollerConfig\":{\"MinimumPollers\":1,\"MaximumPollers\":1}");
            List<String> produced = new ArrayList<>();
            produceUntil(produced, "1");

            for (String build : List.of("2", "3")) {
                for (Map.Entry<String, byte[]> file : build(build).entrySet()) {
                    Files.write(classes.resolve(file.getKey()), file.getValue());
                    long begun = System.nanoTime();
                    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
                        produce(produced);
                        return System.nanoTime() - begun > PAUSE.toNanos();
                    });
                }
                long written = System.nanoTime();
                produceUntil(produced, build);
                assertThat(Duration.ofNanos(System.nanoTime() - written)).isLessThan(Duration.ofSeconds(3));
            }

            awaitAll(produced);
            assertThat(lines().stream().map(line -> line.split(" ")[1])).containsExactlyElementsOf(produced);
            assertThat(lines().stream().map(line -> line.split(" ")[0]).distinct()).containsExactly("1", "2", "3");
        }
    }

    // A pause of 60 s at a breakpoint, with the interval shortened instead of the pause waited for.
    @Test
    void aPauseInAFunctionThatIsDebuggedNeitherTimesOutNorLeavesTheGroup() throws Exception {
        write(build("1"));
        Path breakpoint = Files.createFile(directory.resolve("breakpoint"));
        try (TestServer server = TestServer.startWithFile(directory, kafka.bootstrapServers(), Map.of(), """
                clusters: [{arn: '%s', bootstrapServers: '%s', properties: {max.poll.interval.ms: 3000}}]
                functions: {f: {directory: target/classes, handler: 'example.Seen::handle', timeoutSeconds: 1, debug: true}}
                """.formatted(TestServer.CLUSTER, kafka.bootstrapServers()))) {
            String uuid = server.mapping(topic, "f", "TRIM_HORIZON", "\"BatchSize\":1");
            String group = server.get(uuid).at("/AmazonManagedKafkaEventSourceConfig/ConsumerGroupId").asText();
            kafka.produce(topic, "a", "b");
            await().atMost(PATIENCE).until(() -> Files.exists(directory.resolve("paused")));
            assertThat(kafka.groupMembers(group)).hasSize(1);
            String member = kafka.groupMembers(group).iterator().next().consumerId();
            assertThat(server.send("GET", "/_sluice/functions", null).body()).contains("\"debug\":true");

            await().during(Duration.ofSeconds(9)).atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
                assertThat(kafka.groupMembers(group)).extracting(MemberDescription::consumerId).containsExactly(member);
                assertThat(server.result(uuid)).doesNotContain("PROBLEM");
            });
            Files.delete(breakpoint);

            awaitAll(List.of("a", "b"));
            await().atMost(PATIENCE).until(() -> kafka.lag(group, topic) == 0);
            assertThat(lines()).containsExactly("1 a", "1 b");
            assertThat(kafka.groupMembers(group)).extracting(MemberDescription::consumerId).containsExactly(member);
        }
    }

    private void produceUntil(List<String> produced, String build) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> {
            produce(produced);
            return lines().stream().anyMatch(line -> line.startsWith(build + " "));
        });
    }

    private void produce(List<String> produced) {
        String value = "v" + produced.size();
        kafka.produce(topic, value);
        produced.add(value);
    }

    private void awaitAll(List<String> produced) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> lines().size() >= produced.size());
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(seen);
    }

    private void write(Map<String, byte[]> files) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.createDirectories(classes.resolve(file.getKey()).getParent());
            Files.write(classes.resolve(file.getKey()), file.getValue());
        }
    }

    /** A handler of several classes that fails when they aren't of one build, and writes down what it gets and which build it is. */
    private Map<String, byte[]> build(String name) throws IOException {
        byte[] zip = CompiledHandler.compile(directory, "Seen", """
                public class Seen {
                    public void handle(Map<String, Object> event) throws Exception {
                        if (!(%3$s).replace("%1$s", "").isEmpty()) {
                            throw new IllegalStateException("half of a build");
                        }
                        while (new File("%2$s/breakpoint").exists()) {
                            new File("%2$s/paused").createNewFile();
                            Thread.sleep(20);
                        }
                        for (Object partition : ((Map<?, ?>) event.get("records")).values()) {
                            for (Object record : (List<?>) partition) {
                                String value = new String(Base64.getDecoder().decode((String) ((Map<?, ?>) record).get("value")));
                                java.nio.file.Files.writeString(java.nio.file.Path.of("%2$s/seen"), "%1$s " + value + "\\n",
                                        java.nio.file.StandardOpenOption.APPEND);
                            }
                        }
                    }
                }
                %4$s
                """.formatted(name, directory, numbered("new Part%d().name()", " + "),
                numbered("class Part%d { String name() { return \"" + name + "\"; } }", "\n"))).zip();
        Map<String, byte[]> files = new TreeMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), in.readAllBytes());
            }
        }
        return files;
    }

    private static String numbered(String format, String between) {
        return IntStream.range(0, CLASSES).mapToObj(format::formatted).collect(Collectors.joining(between));
    }
}
