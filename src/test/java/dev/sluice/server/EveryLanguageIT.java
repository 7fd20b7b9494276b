package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.Programs;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LogType;

/** One topic with 1,000 records, and one handler in every language: whatever it is written in, it gets the same. */
class EveryLanguageIT {

    private static final int PARTITIONS = 4;
    private static final int RECORDS_EACH = 250;

    @TempDir
    private static Path directory;
    private static String topic;
    private static TestKafka kafka;
    private static TestServer server;
    private static LambdaClient lambda;
    private static ReportingEndpoint endpoint;
    private static final Map<ReportingHandler, String> MAPPINGS = new EnumMap<>(ReportingHandler.class);

    /** All at once, so that each is one of several. */
    @BeforeAll
    static void start() throws IOException {
        kafka = TestKafka.shared();
        topic = kafka.createTopic(TestKafka.topicName("languages"), PARTITIONS);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            kafka.produce(topic, partition, IntStream.range(0, RECORDS_EACH).mapToObj(n -> "{\"n\":" + n + "}").toList());
        }
        server = TestServer.start(directory.resolve("data"), kafka.bootstrapServers(), Map.of());
        lambda = LambdaClient.builder().endpointOverride(server.endpoint()).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "made-up"))).build();
        endpoint = new ReportingEndpoint(Files.createDirectory(directoryOf(ReportingHandler.HTTP)));
        for (ReportingHandler handler : ReportingHandler.values()) {
            if (Programs.areHere(handler.programs)) {
                handler.add(server, lambda, Files.createDirectories(directoryOf(handler)), endpoint);
                MAPPINGS.put(handler, server.mapping(topic, handler.function(), "TRIM_HORIZON", "\"BatchSize\":50"));
            }
        }
    }

    @AfterAll
    static void stop() {
        lambda.close();
        server.close();
        endpoint.close();
    }

    private static Path directoryOf(ReportingHandler handler) {
        return directory.resolve(handler.function());
    }

    @ParameterizedTest
    @EnumSource
    void theSameThousandRecordsArriveInOrderAndTheBatchThatFailedAgain(ReportingHandler handler) throws IOException {
        Programs.assume(handler.programs);

        await().atMost(TestServer.PATIENCE).until(() -> kafka.lag(MAPPINGS.get(handler), topic) == 0);

        assertThat(new HashSet<>(lines(handler, "done"))).isEqualTo(allRecords());
        List<String> seen = lines(handler, "seen");
        assertThat(seen.stream().filter(ReportingHandler.FATAL::equals)).hasSize(2);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            assertThat(firstDeliveries(seen, partition)).containsExactlyElementsOf(IntStream.range(0, RECORDS_EACH).boxed().toList());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTailOfTheLogHasTheHandlersLinesBetweenThoseOfLambda(ReportingHandler handler) {
        Programs.assume(handler.programs);

        InvokeResponse answer = lambda.invoke(request -> request.functionName(handler.function()).logType(LogType.TAIL)
                .payload(SdkBytes.fromUtf8String("{\"records\":{\"t-0\":[]}}")));

        assertThat(answer.payload().asUtf8String()).isEqualTo("\"ok\"");
        String id = answer.responseMetadata().requestId();
        List<String> expected = new ArrayList<>(List.of("START RequestId: " + id + " Version: $LATEST", "got 0",
                "END RequestId: " + id, "REPORT RequestId: " + id));
        if (handler == ReportingHandler.HTTP) {
            // What the service prints goes to its own terminal.
            expected.remove("got 0");
        }
        String tail = new String(Base64.getDecoder().decode(answer.logResult()), StandardCharsets.UTF_8);
        // Node's console puts time, request id and level before it, as on Lambda.
        assertThat(tail.lines().map(line -> line.replaceFirst("^[0-9TZ:.-]+\t" + id + "\tINFO\t", "").replaceAll("\t.*", "")))
                .containsExactlyElementsOf(expected);
    }

    private static List<String> lines(ReportingHandler handler, String file) throws IOException {
        return Files.readAllLines(directoryOf(handler).resolve(file));
    }

    private static Set<String> allRecords() {
        Set<String> all = new HashSet<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            for (int offset = 0; offset < RECORDS_EACH; offset++) {
                all.add(partition + " " + offset);
            }
        }
        return all;
    }

    /** The offsets of a partition in the order in which each came first. */
    private static List<Integer> firstDeliveries(List<String> seen, int partition) {
        String prefix = partition + " ";
        return seen.stream().filter(line -> line.startsWith(prefix)).distinct()
                .map(line -> Integer.valueOf(line.substring(prefix.length())))
                .toList();
    }
}
