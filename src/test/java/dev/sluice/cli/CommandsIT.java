package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsIT {

    private static final String MAPPING = """
            {"UUID":"6d9bce8e-836b-442c-8070-74e77903c815","State":"Enabled","StateTransitionReason":"USER_INITIATED",\
            "FunctionArn":"arn:aws:lambda:us-west-2:111111111111:function:my-kafka-function:live","Topics":["AWSKafkaTopic"],\
            "LastProcessingResult":"OK",""";

    private StubServer server;

    @TempDir
    private Path directory;

    @BeforeEach
    void start() throws IOException {
        server = new StubServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void nothingThatAnswersIsOneClearLine() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }

        CommandRun run = CommandRun.of("mappings", "--endpoint", "http://127.0.0.1:" + free);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("sluice: Nothing answers at http://127.0.0.1:" + free + "; start it with: sluice serve\n");
    }

    @Test
    void aServerThatIsNotSluiceIsOneClearLine() {
        server.answer(200, "<html>");

        assertThat(run("mappings").err()).isEqualTo("sluice: " + server.endpoint() + " answers, but not as Sluice does (status 200)\n");
    }

    @Test
    void mappingsAreATable() {
        server.answer(200, "{\"mappings\":[" + MAPPING + "\"lag\":3}," + MAPPING.replace("Enabled", "Disabled") + "\"lag\":null}]}");

        CommandRun run = run("mappings");

        assertThat(run.status()).isZero();
        assertThat(run.out()).isEqualTo(
                """
                        UUID                                  STATE     FUNCTION                TOPICS         LAG  REGION     ACCOUNT       LAST RESULT
                        6d9bce8e-836b-442c-8070-74e77903c815  Enabled   my-kafka-function:live  AWSKafkaTopic  3    us-west-2  111111111111  OK
                        6d9bce8e-836b-442c-8070-74e77903c815  Disabled  my-kafka-function:live  AWSKafkaTopic  -    us-west-2  111111111111  OK
                        """);
        assertThat(server.requests().get(0).line()).isEqualTo("GET /_sluice/mappings");
    }

    @Test
    void noMappingsSayHowToMakeOne() {
        server.answer(200, "{\"mappings\":[]}");

        assertThat(run("mappings").out()).startsWith("No mappings.");
    }

    @Test
    void oneMappingIsShownWithItsPartitions() {
        server.answer(200, MAPPING + """
                "detail":{"bootstrapServers":"kafka:9092","consumerGroupId":"g","lag":3,"lastError":"boom","partitions":[\
                {"topic":"AWSKafkaTopic","partition":0,"end":10,"committed":7,"lag":3,"inFlight":2,"attempt":4,"nextAttempt":null}]}}""");

        CommandRun run = run("mappings", "6d9bce8e-836b-442c-8070-74e77903c815");

        assertThat(run.out()).contains("State        Enabled (USER_INITIATED)", "Lag          3", "Last error   boom");
        assertThat(run.out().lines().filter(line -> line.startsWith("AWSKafkaTopic-0")).map(line -> line.replaceAll(" +", " ")))
                .containsExactly("AWSKafkaTopic-0 10 7 3 2 4 -");
        assertThat(server.requests().get(0).line()).isEqualTo("GET /_sluice/mappings/6d9bce8e-836b-442c-8070-74e77903c815");
    }

    @Test
    void oneMappingSaysWhatItsFiltersDroppedAndWhatWaitsForATransaction() {
        server.answer(200,
                MAPPING + """
                        "filteredOut":{"records":3,"ofOtherFormat":1,"last":{"topic":"t","partition":1,"offset":8,"reason":"it matches none"}},\
                        "detail":{"bootstrapServers":"kafka:9092","consumerGroupId":"g","lag":3,"lastError":null,"partitions":[\
                        {"topic":"t","partition":0,"end":10,"openTransaction":8,"committed":7,"lag":3,"inFlight":0,"attempt":0,"nextAttempt":null},\
                        {"topic":"t","partition":1,"end":9,"openTransaction":null,"committed":9,"lag":0,"inFlight":0,"attempt":0,"nextAttempt":null}\
                        ]}}""");

        assertThat(run("mappings", "u").out()).contains("Filtered out  3 records (1 for their format); the last, t-1:8: it matches none")
                .endsWith("\nt-0: records from offset 8 on wait for an open transaction to end\n");
    }

    @Test
    void oneMappingIsShownWithTheSettingsItHas() {
        server.answer(200, MAPPING + """
                "FilterCriteria":{"Filters":[{"Pattern":"{\\"value\\":[1]}"},{"Pattern":"{}"}]},"MaximumRetryAttempts":3,\
                "MaximumRecordAgeInSeconds":-1,"BisectBatchOnFunctionError":true,"FunctionResponseTypes":["ReportBatchItemFailures"],\
                "DestinationConfig":{"OnFailure":{"Destination":"kafka://dead"}},"ProvisionedPollerConfig":{"MinimumPollers":2},\
                "LoggingConfig":{"SystemLogLevel":"INFO"},"MetricsConfig":{"Metrics":["EventCount","KafkaMetrics"]},\
                "joinForeignGroups":true,"detail":null}""").answer(200, MAPPING + "\"detail\":null}");

        assertThat(run("mappings", "u").out().lines().map(line -> line.replaceAll("  +", "  "))).contains(
                "Filter 1  {\"value\":[1]}", "Filter 2  {}", "Retries  at most 3", "Record age  no limit",
                "Bisect  a batch that fails is split in two", "Responses  ReportBatchItemFailures", "On failure  kafka://dead",
                "Pollers  2 to 200", "System log  INFO", "Metrics  EventCount,KafkaMetrics",
                "Group members  foreign ones are no obstacle (joinForeignGroups)");
        assertThat(run("mappings", "u").out().lines().map(line -> line.split("  ")[0])).containsExactly("UUID", "State", "Function",
                "Topics", "Last result", "Nothing polls for this mapping now.");
    }

    @Test
    void retrySaysWhetherABatchWaited() {
        server.answer(200, "{\"retried\":true}").answer(200, "{\"retried\":false}");

        assertThat(run("mappings", "retry", "u").out()).isEqualTo("The next attempt runs now.\n");
        assertThat(run("mappings", "retry", "u").out()).isEqualTo("No batch waits for its next attempt.\n");
        assertThat(server.requests().get(0).line()).isEqualTo("POST /_sluice/mappings/u/retry");
    }

    @Test
    void aFunctionsErrorIsInTheTableOfMappings() {
        server.answer(200, "{\"mappings\":[" + MAPPING.replace("\"OK\"", "\"PROBLEM: Function call failed\"")
                + "\"lastError\":\"ValueError: broken order\"}," + MAPPING.replace("\"OK\"", "\"PROBLEM: Function call failed. Why\"")
                + "\"lastError\":\"Why\"}]}");

        assertThat(run("mappings").out().lines().skip(1).map(line -> line.replaceAll(".*  ", ""))).containsExactly(
                "PROBLEM: Function call failed. ValueError: broken order", "PROBLEM: Function call failed. Why");
    }

    @Test
    void aMappingThatSluiceHasDisabledSaysWhySinceWhenAndHowToGoOn() {
        server.answer(200, MAPPING.replace("Enabled", "Disabled").replace("USER_INITIATED", "FUNCTION_CONFIG_NOT_VALID") + """
                "disabled":{"since":"2026-11-24T10:00:00.123Z","cause":"function f was deleted","goOnWith":"…"},"detail":null}""");

        assertThat(run("mappings", "u").out().lines().map(line -> line.replaceAll("  +", "  "))).contains(
                "State  Disabled (FUNCTION_CONFIG_NOT_VALID)", "Since  2026-11-24T10:00:00Z", "Cause  function f was deleted",
                "Sluice has disabled it. When the cause is mended, go on with:",
                "  sluice mappings enable 6d9bce8e-836b-442c-8070-74e77903c815");
    }

    @Test
    void enableWaitsForWhatBecomesOfTheMapping() {
        server.answer(200, MAPPING.replace("Enabled", "Enabling") + "\"x\":1}").answer(200, MAPPING + "\"x\":1}");

        CommandRun run = run("mappings", "enable", "u");

        assertThat(run.out()).isEqualTo("The mapping is Enabled.\n");
        assertThat(run.status()).isZero();
        assertThat(server.requests().get(0).line()).isEqualTo("POST /_sluice/mappings/u/enable");
    }

    @Test
    void enableFailsWhenTheMappingIsDisabledAgain() {
        server.answer(200, MAPPING.replace("Enabled", "Enabling") + "\"x\":1}")
                .answer(200, MAPPING.replace("Enabled", "Disabled") + "\"disabled\":{\"cause\":\"no access\"}}");

        CommandRun run = run("mappings", "enable", "u");

        assertThat(run.err()).isEqualTo("sluice: The mapping is Disabled again: no access\n");
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void disableSaysSo() {
        server.answer(200, MAPPING.replace("Enabled", "Disabling") + "\"x\":1}").answer(200,
                MAPPING.replace("Enabled", "Disabled") + "\"x\":1}");

        assertThat(run("mappings", "disable", "u").out()).isEqualTo("The mapping is Disabled.\n");
        assertThat(server.requests().get(0).line()).isEqualTo("POST /_sluice/mappings/u/disable");
    }

    @Test
    void theServersMessageIsTheCommandsMessage() {
        server.answer(404, "{\"message\":\"There is no mapping 'x'\"}");

        CommandRun run = run("mappings", "x");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("sluice: There is no mapping 'x'\n");
    }

    @Test
    void functionsAddSendsAnAbsoluteJarAndEverySetting() throws IOException {
        server.answer(200, "{}");
        Path jar = Files.createFile(directory.resolve("f.jar"));

        CommandRun run = run("functions", "add", "f", "--jar", "f.jar", "--handler", "example.H::h", "--timeout", "30", "--memory", "512",
                "--env", "A=1", "--env", "B=x=\"y\"");

        assertThat(run.status()).isZero();
        assertThat(server.requests()).containsExactly(new StubServer.Request("PUT /_sluice/functions/f", "{\"jar\":\"" + jar
                + "\",\"handler\":\"example.H::h\",\"timeoutSeconds\":30,\"memoryMb\":512,\"environment\":{\"A\":\"1\",\"B\":\"x=\\\"y\\\"\"}}"));
    }

    @Test
    void functionsAddMakesAClassPathAndADirectoryAbsolute() throws IOException {
        server.answer(200, "{}").answer(200, "{}");
        Path classes = Files.createDirectories(directory.resolve("target/classes"));
        Path jar = Files.createFile(directory.resolve("x.jar"));

        run("functions", "add", "f", "--classpath", String.join(File.pathSeparator, "target/classes", "target/*.jar", "x.jar"),
                "--handler", "H", "--debug");
        run("functions", "add", "g", "--directory", "target/classes", "--handler", "H");

        assertThat(server.requests()).containsExactly(
                new StubServer.Request("PUT /_sluice/functions/f", "{\"classpath\":[\"" + classes + "\",\"" + directory.resolve("target")
                        + "/*.jar\",\"" + jar + "\"],\"handler\":\"H\",\"debug\":true,\"environment\":{}}"),
                new StubServer.Request("PUT /_sluice/functions/g", "{\"directory\":\"" + classes
                        + "\",\"handler\":\"H\",\"environment\":{}}"));
    }

    @Test
    void functionsAddSendsARuntimeACommandAndThatProcessesAttachThemselves() throws IOException {
        server.answer(200, "{}");
        Path app = Files.createDirectories(directory.resolve("app"));
        Files.writeString(directory.resolve("file"), "expanded");

        run("functions", "add", "f", "--directory", "app", "--runtime", "python3.12", "--handler", "app.handler");
        run("functions", "add", "g", "--timeout", "9", "--", "node", "--port", "1", "@file", "", "--", "--help");
        run("functions", "add", "--working-directory", "./app", "h", "--", "./run.sh");
        run("functions", "add", "i", "--attach");

        assertThat(server.requests()).containsExactly(
                new StubServer.Request("PUT /_sluice/functions/f", "{\"directory\":\"" + app
                        + "\",\"runtime\":\"python3.12\",\"handler\":\"app.handler\",\"environment\":{}}"),
                new StubServer.Request("PUT /_sluice/functions/g",
                        "{\"command\":[\"node\",\"--port\",\"1\",\"@file\",\"\",\"--\",\"--help\"],"
                                + "\"workingDirectory\":\"" + directory + "\",\"timeoutSeconds\":9,\"environment\":{}}"),
                new StubServer.Request("PUT /_sluice/functions/h", "{\"command\":[\"./run.sh\"],\"workingDirectory\":\"" + app
                        + "\",\"environment\":{}}"),
                new StubServer.Request("PUT /_sluice/functions/i", "{\"attach\":true,\"environment\":{}}"));
    }

    @Test
    void functionsInAnyLanguageAreListedWithWhatRunsThem() {
        server.answer(200,
                """
                        {"functions":[{"name":"a","runsHere":true,"runtime":"python3.12","directory":"/w","handler":"app.handler","timeoutSeconds":3},\
                        {"name":"b","runsHere":true,"command":["node","my server.mjs",""],"workingDirectory":"/w","timeoutSeconds":3},\
                        {"name":"c","runsHere":true,"attach":true,"timeoutSeconds":3},\
                        {"name":"d","runsHere":true,"attach":true,"runtimeApi":"127.0.0.1:9001","timeoutSeconds":3}]}""");

        assertThat(run("functions", "list").out()).isEqualTo("""
                NAME  REGION  ACCOUNT  RUNTIME     TIMEOUT  RESERVED  VERSIONS  ALIASES  HANDLER      CODE
                a     any     any      python3.12  3 s      -         0         -        app.handler  /w
                b     any     any      -           3 s      -         0         -        -            node 'my server.mjs' '' in /w
                c     any     any      -           off      -         0         -        -            attach
                d     any     any      -           off      -         0         -        -            attach to 127.0.0.1:9001
                """);
    }

    @Test
    void functionsAddSaysWhereAFunctionRunsAsItIsTold() {
        server.answer(200, "{}").answer(400, "{\"message\":\"isolation is \\\"docker\\\"; allowed is auto, jvm or process\"}");

        run("functions", "add", "f", "--directory", ".", "--handler", "H", "--isolation", "process", "--debug-port", "5005");

        assertThat(server.requests()).containsExactly(new StubServer.Request("PUT /_sluice/functions/f", "{\"directory\":\"" + directory
                + "\",\"handler\":\"H\",\"isolation\":\"process\",\"debugPort\":5005,\"environment\":{}}"));
        assertThat(run("functions", "add", "f", "--directory", ".", "--handler", "H", "--isolation", "docker").err())
                .isEqualTo("sluice: isolation is \"docker\"; allowed is auto, jvm or process\n");
    }

    @Test
    void functionsAreListedWithWhereTheyRunWhenThatIsSaid() {
        server.answer(200, """
                {"functions":[{"name":"a","runsHere":true,"directory":"/w","handler":"H","timeoutSeconds":3,"isolation":"process"},\
                {"name":"b","runsHere":true,"directory":"/w","handler":"H","timeoutSeconds":3,"debugPort":5005},\
                {"name":"c","runsHere":true,"runtime":"java21","sha256":"x","handler":"H","timeoutSeconds":3,"isolation":"jvm"},\
                {"name":"d","runsHere":false,"runtime":"go1.x","sha256":"x","handler":"H","timeoutSeconds":3,"isolation":"process"}]}""");

        assertThat(run("functions", "list").out()).isEqualTo("""
                NAME  REGION  ACCOUNT  RUNTIME                          TIMEOUT  RESERVED  VERSIONS  ALIASES  HANDLER  CODE
                a     any     any      java (process)                   3 s      -         0         -        H        /w
                b     any     any      java (process, debug port 5005)  off      -         0         -        H        /w
                c     any     any      java21 (jvm)                     3 s      -         0         -        H        uploaded
                d     any     any      go1.x (can't run here)           3 s      -         0         -        H        uploaded
                """);
    }

    @Test
    void functionsAreListedAndRemoved() {
        server.answer(200, """
                {"functions":[{"name":"a","url":"http://x","runsHere":true,"timeoutSeconds":3},\
                {"name":"b","accountId":"111111111111","region":"us-west-2","runtime":"java21","runsHere":true,"handler":"H",\
                "timeoutSeconds":9,"sha256":"x","versions":["1","2"],"aliases":{"beta":"2","live":"1"},"reservedConcurrency":0},\
                {"name":"c","runtime":"python3.12","runsHere":false,"handler":"app.h","timeoutSeconds":3,"sha256":"x"},\
                {"name":"d","runsHere":false,"imageUri":"r/i:1","timeoutSeconds":3},\
                {"name":"e","runsHere":true,"classpath":["/w/classes","/w/*.jar"],"handler":"H","timeoutSeconds":3,"debug":true},\
                {"name":"f","runsHere":true,"directory":"/w/out","handler":"H","timeoutSeconds":3}]}""").answer(204, "");

        assertThat(run("functions", "list").out()).isEqualTo(
                """
                        NAME  REGION     ACCOUNT       RUNTIME                      TIMEOUT  RESERVED  VERSIONS  ALIASES        HANDLER  CODE
                        a     any        any           -                            3 s      -         0         -              -        http://x
                        b     us-west-2  111111111111  java21                       9 s      0         2         beta=2,live=1  H        uploaded
                        c     any        any           python3.12 (can't run here)  3 s      -         0         -              app.h    uploaded
                        d     any        any           image (can't run here)       3 s      -         0         -              -        r/i:1
                        e     any        any           -                            off      -         0         -              H        /w/classes:/w/*.jar
                        f     any        any           -                            3 s      -         0         -              H        /w/out
                        """);
        assertThat(run("functions", "remove", "a").status()).isZero();
        assertThat(server.requests().get(1).line()).isEqualTo("DELETE /_sluice/functions/a");
    }

    @Test
    void produceSendsOneRecordWithAllItsAttributes() {
        server.answer(200, "{\"records\":[{\"topic\":\"t\",\"partition\":2,\"offset\":7}]}");

        CommandRun run = run("produce", "t", "--key", "k", "--header", "a=1", "--header", "a=2=3", "--partition", "2", "va\"lue");

        assertThat(run.out()).isEqualTo("t-2 offset 7\n");
        assertThat(server.requests()).containsExactly(new StubServer.Request("POST /_sluice/topics/t/records",
                """
                        {"records":[{"key":"k","partition":2,"headers":[{"name":"a","value":"1"},{"name":"a","value":"2=3"}],"value":"va\\"lue"}]}"""));
    }

    @Test
    void produceSendsTombstonesAndFilesAndRepeats() throws IOException {
        server.answer(200, "{\"records\":[]}");
        Files.write(directory.resolve("v.bin"), new byte[] {0, (byte) 0xff});

        run("produce", "t", "--key", "k", "--tombstone");
        run("produce", "t", "--value-file", "v.bin", "--count", "2");

        assertThat(server.requests()).extracting(StubServer.Request::body).containsExactly(
                "{\"records\":[{\"key\":\"k\",\"value\":null}]}", "{\"records\":[{\"valueBase64\":\"AP8=\"},{\"valueBase64\":\"AP8=\"}]}");
    }

    @Test
    void produceSendsEachLineOfStandardInput() {
        server.answer(200, "{\"records\":[{\"topic\":\"t\",\"partition\":0,\"offset\":0},{\"topic\":\"t\",\"partition\":0,\"offset\":1},"
                + "{\"topic\":\"t\",\"partition\":1,\"offset\":0}]}");

        CommandRun run = CommandRun.with(Map.of("SLUICE_ENDPOINT", server.endpoint()), "a\n\nb\n", directory, "produce", "t");

        assertThat(server.requests()).extracting(StubServer.Request::body)
                .containsExactly("{\"records\":[{\"value\":\"a\"},{\"value\":\"\"},{\"value\":\"b\"}]}");
        assertThat(run.out()).isEqualTo("t-0 offsets 0 to 1 (2 records)\nt-1 offset 0\n3 records\n");
    }

    @Test
    void produceSplitsManyRecordsIntoSeveralRequests() {
        server.answer(200, "{\"records\":[]}");

        run("produce", "t", "v", "--count", "1001");

        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void produceFailsWithTheServersReason() {
        server.answer(503, "{\"message\":\"No broker answers\"}");

        CommandRun run = run("produce", "t", "v");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("sluice: No broker answers\n");
    }

    @Test
    void healthTellsBothAddresses() {
        server.answer(200, "{\"status\":\"up\",\"kafka\":\"down\",\"bootstrapServers\":\"localhost:9092\"}");

        CommandRun run = run("health");

        assertThat(run.status()).isZero();
        assertThat(run.out()).isEqualTo("Sluice is up on " + server.endpoint() + "\nKafka is down on localhost:9092\n");
    }

    @Test
    void healthWaitsUntilTheBrokersAnswer() {
        server.answer(503, "{\"kafka\":\"down\"}").answer(503, "{\"kafka\":\"down\"}")
                .answer(200, "{\"kafka\":\"up\",\"bootstrapServers\":\"localhost:9092\"}");

        CommandRun run = run("health", "--wait", "kafka");

        assertThat(run.status()).isZero();
        assertThat(run.out()).endsWith("Kafka is up on localhost:9092\n");
        assertThat(server.requests()).hasSize(3).allMatch(request -> request.line().equals("GET /_sluice/health?wait=kafka"));
    }

    @Test
    void healthGivesUpInTheEnd() {
        server.answer(503, "{\"kafka\":\"down\"}");

        assertThat(run("health", "--wait", "kafka", "--timeout", "0").status()).isEqualTo(1);
    }

    @Test
    void serveTellsEveryProblemOfTheConfigurationAndEndsWithStatusTwo() throws IOException {
        Files.writeString(directory.resolve("sluice.yaml"), "functions: {orders: {jar: o.jar, handler: H, timout: 3}}\n");

        CommandRun run = CommandRun.with(Map.of("SLUICE_PORT", "x", "SLUICE_PROT", "1"), "", directory, "serve", "--region", "x");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("""
                sluice: SLUICE_PROT is no setting; did you mean SLUICE_PORT?
                sluice: The configuration has 3 problems:
                  SLUICE_PORT: is 'x'; allowed is a whole number from 0 to 65535
                  --region: is 'x'; allowed is a region such as us-east-1
                  sluice.yaml: functions.orders.timout: unknown key; did you mean 'timeoutSeconds'?
                """);
    }

    private CommandRun run(String... args) {
        return CommandRun.with(Map.of("SLUICE_ENDPOINT", server.endpoint()), "", directory, args);
    }
}
