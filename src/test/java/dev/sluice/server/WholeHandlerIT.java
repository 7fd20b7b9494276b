package dev.sluice.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.ItemTable;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import dev.sluice.function.Isolation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
import software.amazon.awssdk.services.lambda.model.EventSourcePosition;
import software.amazon.awssdk.services.lambda.model.FunctionResponseType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LogFormat;

/**
 * A handler as users have it for Lambda, unchanged: its table's name from the environment, AWS's SDK against a local endpoint,
 * log4j2 and slf4j of its own, partial failures. Wherever it runs, it does, answers and logs the same.
 */
class WholeHandlerIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ACCOUNT = "000000000000";

    private static final String HANDLER =
            """
                    import java.nio.charset.StandardCharsets;
                    import org.apache.logging.log4j.LogManager;
                    import org.slf4j.Logger;
                    import org.slf4j.LoggerFactory;
                    import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
                    import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
                    import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

                    public class Payments implements RequestHandler<KafkaEvent, Map<String, Object>> {
                        private static final Logger LOG = LoggerFactory.getLogger(Payments.class);
                        private static final org.apache.logging.log4j.Logger AUDIT = LogManager.getLogger("audit");
                        private final DynamoDbClient items = DynamoDbClient.create();
                        private final String table = System.getenv("TABLE_NAME");

                        public Payments() {
                            LOG.info("Payments go to {}", table);
                        }

                        @Override
                        public Map<String, Object> handleRequest(KafkaEvent event, Context context) {
                            List<Map<String, Object>> failures = new ArrayList<>();
                            event.getRecords().forEach((partition, records) -> {
                                LOG.info("{} payments", records.size());
                                for (KafkaEvent.KafkaEventRecord record : records) {
                                    String amount = new String(Base64.getDecoder().decode(record.getValue()), StandardCharsets.UTF_8);
                                    try {
                                        items.putItem(put -> put.tableName(table).item(Map.of(
                                                "id", AttributeValue.fromS("payment-" + record.getOffset()), "amount", AttributeValue.fromN(amount))));
                                    } catch (ConditionalCheckFailedException e) {
                                        AUDIT.warn("{} is for later: {}", amount, e.awsErrorDetails().errorMessage());
                                        failures.add(Map.of("itemIdentifier", Map.of("partition", partition, "offset", record.getOffset())));
                                    }
                                }
                            });
                            System.out.println("remembers " + org.slf4j.MDC.get("AWSRequestId").equals(context.getAwsRequestId()));
                            return Map.of("batchItemFailures", failures);
                        }
                    }
                    """;

    /** What AWS's guide has users write. */
    private static final String LOG4J2 =
            """
                    <Configuration status="WARN">
                      <Appenders>
                        <Lambda name="Lambda" format="${env:AWS_LAMBDA_LOG_FORMAT:-TEXT}">
                          <LambdaTextFormat><PatternLayout><pattern>[%X{AWSRequestId}] %-5level %logger{1} - %msg%n</pattern></PatternLayout></LambdaTextFormat>
                          <LambdaJsonFormat><JsonTemplateLayout eventTemplateUri="classpath:LambdaLayout.json"/></LambdaJsonFormat>
                        </Lambda>
                      </Appenders>
                      <Loggers>
                        <Root level="INFO"><AppenderRef ref="Lambda"/></Root>
                      </Loggers>
                    </Configuration>
                    """;

    @TempDir
    private static Path directory;
    private static TestKafka kafka;
    private static ItemTable table;
    private static TestServer server;
    private static LambdaClient lambda;

    @BeforeAll
    static void start() throws IOException {
        kafka = TestKafka.shared();
        table = new ItemTable();
        List<Path> libraries = new ArrayList<>(CompiledHandler.copiedJars("dynamodb", "log4j-core", "log4j-slf4j2-impl",
                "log4j-layout-template-json", "aws-lambda-java-log4j2"));
        CompiledHandler.jarsOf("org.apache.logging.log4j", "org.slf4j", "software.amazon.awssdk", "software.amazon.eventstream",
                "org.reactivestreams", "org.apache.httpcomponents", "com.amazonaws", "joda-time").stream()
                // log4j-to-slf4j would make a circle; the others are the SDK's clients of other services.
                .filter(jar -> !jar.getFileName().toString().matches("(log4j-to-slf4j|s3|sns|sqs|lambda|crt-core|aws-lambda-java-s).*"))
                .forEach(libraries::add);
        CompiledHandler handler = CompiledHandler.compileAgainst(directory, "Payments", HANDLER, libraries);
        Files.write(directory.resolve("payments.zip"), handler.zip(entries(libraries)));
        server = TestServer.startWithFile(directory, kafka.bootstrapServers(), Map.of("accountId", ACCOUNT),
                "functionEnvironment: {AWS_ENDPOINT_URL: '" + table.endpoint() + "'}\nfunctions:\n"
                        + Stream.of(Isolation.values()).map(WholeHandlerIT::declarations).collect(Collectors.joining()));
        lambda = LambdaClient.builder().endpointOverride(server.endpoint()).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCOUNT, "made-up"))).build();
    }

    private static String declarations(Isolation isolation) {
        return declaration(isolation, name(isolation)) + declaration(isolation, name(isolation) + "-json");
    }

    private static String declaration(Isolation isolation, String name) {
        return "  " + name + ": {jar: payments.zip, handler: example.Payments, timeoutSeconds: 60, memoryMb: 512,"
                + " isolation: " + isolation.name().toLowerCase(Locale.ROOT) + ", environment: {TABLE_NAME: " + name + "-table}}\n";
    }

    private static String name(Isolation isolation) {
        return "payments-" + isolation.name().toLowerCase(Locale.ROOT);
    }

    private static Object[] entries(List<Path> libraries) throws IOException {
        List<Object> entries = new ArrayList<>(List.of("log4j2.xml", LOG4J2.getBytes(UTF_8)));
        for (Path library : libraries) {
            entries.add("lib/" + library.getFileName());
            entries.add(Files.readAllBytes(library));
        }
        return entries.toArray();
    }

    @AfterAll
    static void stop() {
        lambda.close();
        server.close();
        table.close();
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerWithAllThatUsersBringRunsUnchanged(Isolation isolation) {
        String function = name(isolation);
        String topic = kafka.createTopic(TestKafka.topicName(function), 1);
        kafka.produce(topic, "19.90", "666", "5");
        table.refuseOnce("amount=666");

        String uuid = lambda.createEventSourceMapping(request -> request.functionName(function).eventSourceArn(TestServer.CLUSTER)
                .topics(topic).startingPosition(EventSourcePosition.TRIM_HORIZON).maximumBatchingWindowInSeconds(0)
                .provisionedPollerConfig(pollers -> pollers.minimumPollers(1).maximumPollers(1))
                .functionResponseTypes(FunctionResponseType.REPORT_BATCH_ITEM_FAILURES)).uuid();

        await().atMost(TestServer.PATIENCE).until(() -> kafka.lag(uuid, topic) == 0);
        assertThat(table.puts().stream().filter(put -> put.table().equals(function + "-table"))).containsExactly(
                put(function, 0, "19.90"), put(function, 2, "5"), put(function, 1, "666"));
        assertThat(answers(uuid)).containsExactly(
                "failed {\"batchItemFailures\":[{\"itemIdentifier\":{\"partition\":\"" + topic + "-0\",\"offset\":1}}]}", "succeeded ");
        assertThat(logged(function)).containsExactly(
                "START RequestId: 1 Version: $LATEST",
                "[] INFO  Payments - Payments go to " + function + "-table",
                "[1] INFO  Payments - 3 payments",
                "[1] WARN  audit - 666 is for later: The conditional request failed",
                "remembers true",
                "END RequestId: 1",
                "REPORT RequestId: 1 Duration: # ms Billed Duration: # ms Memory Size: 512 MB Max Memory Used: # MB Init Duration: # ms",
                "START RequestId: 2 Version: $LATEST",
                "[2] INFO  Payments - 1 payments",
                "remembers true",
                "END RequestId: 2",
                "REPORT RequestId: 2 Duration: # ms Billed Duration: # ms Memory Size: 512 MB Max Memory Used: # MB");
    }

    @ParameterizedTest
    @EnumSource
    void itsLinesAreJsonWhenTheFunctionsLogIs(Isolation isolation) {
        String function = name(isolation) + "-json";
        lambda.updateFunctionConfiguration(request -> request.functionName(function).loggingConfig(log -> log.logFormat(LogFormat.JSON)));

        InvokeResponse answer = lambda.invoke(request -> request.functionName(function)
                .payload(SdkBytes.fromUtf8String("{\"records\":{\"t-0\":[]}}")));

        assertThat(answer.payload().asUtf8String()).isEqualTo("{\"batchItemFailures\":[]}");
        assertThat(logged(function).stream().map(line -> line.replaceAll("\"(time(?:stamp)?)\":\"[^\"]*\"", "\"$1\":#")
                .replaceAll("((?:Ms|MemoryUsedMB)\":)[0-9.]+", "$1#"))).containsExactly(
                        "{\"time\":#,\"type\":\"platform.start\",\"record\":{\"requestId\":\"1\",\"functionArn\":\"arn:aws:lambda:us-east-1:"
                                + ACCOUNT
                                + ":function:" + function + "\",\"version\":\"$LATEST\"}}",
                        "{\"timestamp\":#,\"level\":\"INFO\",\"message\":\"Payments go to " + function
                                + "-table\",\"logger\":\"example.Payments\"}",
                        "{\"timestamp\":#,\"level\":\"INFO\",\"message\":\"0 payments\",\"logger\":\"example.Payments\",\"AWSRequestId\":\"1\"}",
                        "remembers true",
                        "{\"time\":#,\"type\":\"platform.report\",\"record\":{\"requestId\":\"1\",\"metrics\":{\"durationMs\":#,\"billedDurationMs\":#,"
                                + "\"memorySizeMB\":512,\"maxMemoryUsedMB\":#,\"initDurationMs\":#},\"status\":\"success\"}}");
    }

    private static ItemTable.Put put(String function, long offset, String amount) {
        return new ItemTable.Put(function + "-table", ACCOUNT, List.of("amount=" + amount, "id=payment-" + offset));
    }

    /** How each attempt of the mapping's batch ended, and the answer, where the journal keeps it, which it does of what failed. */
    private static List<String> answers(String uuid) {
        return await().atMost(TestServer.PATIENCE).until(() -> {
            List<String> answers = new ArrayList<>();
            for (JsonNode delivery : control("deliveries?mapping=" + uuid).get("deliveries")) {
                control("deliveries/" + delivery.get("id").asText()).get("attempts")
                        .forEach(attempt -> answers.add(attempt.get("outcome").asText() + " " + ordered(attempt.at("/answer/json"))));
            }
            return answers;
        }, answers -> answers.size() >= 2);
    }

    /** What a Map of the handler has in any order: "partition" first. */
    private static String ordered(JsonNode answer) {
        return answer.toString().replaceAll("\\{(\"offset\":\\d+),(\"partition\":\"[^\"]*\")}", "{$2,$1}");
    }

    /** The function's log, with requests numbered as they began, and {@code #} for what is measured. */
    private static List<String> logged(String function) {
        Map<String, String> numbers = new LinkedHashMap<>();
        List<String> texts = new ArrayList<>();
        for (JsonNode line : control("functions/" + function + "/logs").get("lines")) {
            String id = line.get("requestId").asText();
            String number = numbers.computeIfAbsent(id, another -> String.valueOf(numbers.size() + 1));
            String text = line.get("text").asText().replace(id, number);
            texts.add(text.startsWith("REPORT ") ? text.replaceAll("(Duration|Used): [0-9.]+", "$1: #").replace('\t', ' ').strip() : text);
        }
        return texts;
    }

    private static JsonNode control(String path) {
        String body = server.send("GET", "/_sluice/" + path, null).body();
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException(body, e);
        }
    }
}
