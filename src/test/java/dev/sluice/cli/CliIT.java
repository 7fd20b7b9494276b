package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.HttpFunction;
import dev.sluice.fixture.PrintingHandler;
import dev.sluice.fixture.SluiceJar;
import dev.sluice.fixture.SluiceJar.Output;
import dev.sluice.fixture.SluiceProcess;
import dev.sluice.fixture.TestKafka;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as processes of their own against a running server. */
class CliIT {

    @TempDir
    private static Path directory;

    private static SluiceProcess server;
    private static SluiceJar sluice;
    private static TestKafka kafka;

    @BeforeAll
    static void start() throws IOException {
        server = SluiceJar.in(directory).serve().awaitKafka();
        sluice = SluiceJar.in(directory).with("SLUICE_ENDPOINT", server.endpoint().toString());
        kafka = TestKafka.at(server.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        kafka.close();
        server.close();
    }

    @Test
    void produceWritesExactlyWhatItIsGiven() throws IOException {
        String topic = kafka.createTopic(TestKafka.topicName("produce"), 3);
        Files.write(directory.resolve("bytes"), new byte[] {0, (byte) 0xff, 10});

        Output value = sluice.run("produce", topic, "grüße", "--key", "k", "--header", "a=1", "--header", "b=x=y", "--partition", "2",
                "--count", "2");
        sluice.run("produce", topic, "--key", "gone", "--tombstone", "--partition", "2");
        sluice.run("produce", topic, "--value-file", "bytes", "--partition", "2");
        Output lines = sluice.runWithInput("one\n\ntwo\n", "produce", topic, "--partition", "2");

        assertThat(value.out()).isEqualTo(topic + "-2 offsets 0 to 1 (2 records)\n");
        assertThat(lines.out()).isEqualTo(topic + "-2 offsets 4 to 6 (3 records)\n");
        List<ConsumerRecord<byte[], byte[]>> records = kafka.records(topic, 2);
        assertThat(records).extracting(record -> text(record.value()))
                .containsExactly("grüße", "grüße", null, new String(new byte[] {0, (byte) 0xff, 10}, StandardCharsets.UTF_8), "one", "",
                        "two");
        assertThat(records.get(3).value()).containsExactly(0, 0xff, 10);
        assertThat(records).extracting(record -> text(record.key())).containsExactly("k", "k", "gone", null, null, null, null);
        assertThat(records.get(0).headers()).extracting(Header::key).containsExactly("a", "b");
        assertThat(records.get(0).headers()).extracting(header -> text(header.value())).containsExactly("1", "x=y");
    }

    @Test
    void produceToAPartitionThatIsNotThereFails() throws IOException {
        String topic = kafka.createTopic(TestKafka.topicName("one-partition"), 1);

        Output output = sluice.run("produce", topic, "v", "--partition", "7");

        assertThat(output).isEqualTo(new Output(1, "", "sluice: Topic " + topic + " has no partition 7; it has 1, 0 to 0\n"));
    }

    @Test
    void functionsAreAddedListedAndRemoved() throws IOException {
        Files.write(directory.resolve("orders.jar"), PrintingHandler.jar(directory, 1));

        Output added =
                sluice.run("functions", "add", "orders", "--jar", "orders.jar", "--handler", PrintingHandler.HANDLER, "--timeout", "10",
                        "--env", "A=b");
        assertThat(added).isEqualTo(new Output(0, "Function orders is registered for every account and region.\n", ""));
        assertThat(sluice.run("functions").out()).isEqualTo(sluice.run("functions", "list").out());
        assertThat(sluice.run("functions", "orders").out()).containsPattern("(?m)^Handler +example.Printer$")
                .containsPattern("(?m)^Variables +A$");
        assertThat(sluice.run("functions", "order"))
                .isEqualTo(new Output(1, "", "sluice: There is no function 'order'; did you mean orders?\n"));
        assertThat(sluice.run("functions", "list").out()).contains("NAME").containsPattern(
                "(?m)^orders +any +any +- +10 s +- +0 +- +example.Printer +" + directory.toRealPath().resolve("orders.jar") + "$");

        assertThat(sluice.run("functions", "remove", "orders").out()).isEqualTo("Function orders is removed.\n");
        assertThat(sluice.run("functions", "remove", "orders"))
                .isEqualTo(new Output(1, "", "sluice: There is no function 'orders'\n"));
        assertThat(sluice.run("functions", "list").out()).doesNotContain("orders");
    }

    @Test
    void logsFollowAFunctionUntilTheyAreToldToEnd() throws IOException {
        String topic = kafka.createTopic(TestKafka.topicName("logs"), 1);
        Files.write(directory.resolve("printer.jar"), PrintingHandler.jar(directory, 1));
        sluice.run("functions", "add", "printer", "--jar", "printer.jar", "--handler", PrintingHandler.HANDLER, "--timeout", "10");
        assertThat(sluice.run("logs", "printer")).isEqualTo(new Output(0, "", "sluice: function printer has logged nothing yet\n"));
        assertThat(sluice.run("logs", "prnter")).isEqualTo(
                new Output(1, "", "sluice: There is no function 'prnter'; did you mean printer?\n"));

        try (SluiceProcess following = sluice.start("logs", "printer", "--follow")) {
            createMapping("printer", topic);
            kafka.produce(topic, "first");
            following.awaitOut("the report", line -> line.contains(" REPORT RequestId: "));
            kafka.produce(topic, "second");
            following.awaitOut("the second record", line -> line.endsWith(" v1 got second"));
            following.terminate();

            assertThat(following.awaitExit(Duration.ofSeconds(10))).isEqualTo(143);
            assertThat(following.out()).containsPattern("(?m)^20\\S+Z \\S{36} START RequestId: \\S{36} Version: \\$LATEST$")
                    .containsPattern("(?m)^20\\S+Z \\S{36} v1 got first$");
            assertThat(following.err()).isEmpty();
        }
        assertThat(sluice.run("logs", "printer", "--limit", "1").out()).containsPattern("^20\\S+Z \\S{36} REPORT .*\n$");
    }

    @Test
    void mappingsShowWhereEachStandsAndRetryEndsABackoff() throws IOException {
        String topic = kafka.createTopic(TestKafka.topicName("mappings"), 1);
        String url;
        try (HttpFunction closedSoon = HttpFunction.answering()) {
            url = closedSoon.url();
        }
        sluice.run("functions", "add", "fails", "--url", url);
        String uuid = createMapping("fails", topic);
        kafka.produce(topic, "waits");

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(sluice.run("mappings").out()).containsPattern(
                "(?m)^" + uuid + " +Enabled +fails +" + topic
                        + " +1 +us-east-1 +000000000000 +PROBLEM: Function call failed\\. Could not be "
                        + "invoked: " + url + " could not be reached: .+$"));
        Output detail = sluice.run("mappings", uuid);
        assertThat(detail.out()).contains("Function     arn:aws:lambda:us-east-1:000000000000:function:fails\n",
                "Brokers      " + server.bootstrapServers() + "\n", "Group        " + uuid + "\n", "Lag          1\n", "Last error   ")
                .containsPattern("(?m)^PARTITION +END +COMMITTED +LAG +IN FLIGHT +ATTEMPT +NEXT ATTEMPT$")
                .containsPattern("(?m)^" + topic + "-0 +1 +0 +1 +1 +\\d+ +\\S+$");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(sluice.run("mappings", "retry", uuid).out()).isEqualTo("The next attempt runs now.\n"));
        for (String meant : List.of(uuid.substring(0, 9), topic, "fails")) {
            assertThat(sluice.run("mappings", meant).out()).contains("UUID         " + uuid + "\n");
        }
        String delivery = deliveryOf(uuid);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(sluice.run("deliveries", delivery.substring(0, 13)).out()).contains(delivery));
        String second = createMapping("fails", kafka.createTopic(TestKafka.topicName("other"), 1));
        assertThat(sluice.run("mappings", "fails").err()).startsWith("sluice: 'fails' means 2 mappings; say more of its UUID: ")
                .contains(uuid, second);
        assertThat(sluice.run("mappings", "nothing").err()).isEqualTo("sluice: There is no mapping 'nothing'\n");
    }

    @Test
    void produceThatIsInterruptedSaysWhatWasWritten() throws IOException {
        String topic = kafka.createTopic(TestKafka.topicName("interrupted"), 1);

        try (SluiceProcess producing = sluice.start("produce", topic, "v", "--count", "100000000")) {
            // Of the second request, which is sent when the first is answered: until then it knows of none that was written.
            await().atMost(Duration.ofSeconds(60)).until(() -> kafka.records(topic, 0).size() > 500);
            producing.assumeItCatchesSigint();
            producing.interrupt();

            assertThat(producing.awaitExit(Duration.ofSeconds(30))).isEqualTo(130);
            assertThat(producing.err())
                    .containsPattern("^sluice: interrupted; \\d+ records were written, and of those on their way nobody knows\n$");
            assertThat(producing.out()).containsPattern("^" + topic + "-0 offsets 0 to \\d+ \\(\\d+ records\\)\n$");
        }
    }

    @Test
    void hintsShowWhatTheAnswerCouldNotSay() throws IOException {
        ControlClient client = new ControlClient(server.endpoint());
        new LambdaClient(client, "111111111111", "us-west-2")
                .createFunction("elsewhere", PrintingHandler.HANDLER, PrintingHandler.jar(directory, 1));

        assertThatThrownBy(() -> new LambdaClient(client, "000000000000", "us-east-1").createMapping(Demo.CLUSTER, "topic", "elsewhere"))
                .hasMessage("Function does not exist");

        assertThat(sluice.run("hints").out()).containsPattern("""
                (?m)^20\\S+Z POST /2015-03-31/event-source-mappings
                  InvalidParameterValueException: Function does not exist
                  Function elsewhere was not found in account 000000000000, region us-east-1, but exists in account 111111111111, \
                region us-west-2\\. The account is that of the access key, as 'sluice env' sets it\\.$""");
    }

    @Test
    void commandsFindTheServerByItsOwnVariables() throws IOException {
        SluiceJar beside = SluiceJar.in(directory).with("SLUICE_HOST", "0.0.0.0");

        assertThat(beside.with("SLUICE_PORT", String.valueOf(server.endpoint().getPort())).run("health").status()).isZero();
        assertThat(beside.with("SLUICE_PORT", "1").run("health").err()).contains("Nothing answers at http://localhost:1;");
        assertThat(beside.with("SLUICE_PORT", "x y").run("health").err())
                .isEqualTo("sluice: What SLUICE_HOST and SLUICE_PORT say of the server is 'http://localhost:x y'; allowed is a URL such as"
                        + " http://localhost:4574\n");
    }

    @Test
    void anUnknownSubcommandIsNamed() throws IOException {
        Output output = sluice.run("mappings", "rety", "4387749b");

        assertThat(output.status()).isEqualTo(2);
        assertThat(output.err()).startsWith("sluice: Unknown command 'mappings rety'; allowed are ")
                .contains("\nDid you mean mappings retry?\n");
    }

    @Test
    void envSetsAShellUp() throws IOException {
        Output shell = SluiceJar.in(directory).with("AWS_PROFILE", "production").with("AWS_SESSION_TOKEN", "real")
                .runShell("eval \"$(sluice env --region eu-west-1 --account-id 222222222222)\"; env | grep ^AWS_ | sort");

        assertThat(shell.err()).isEmpty();
        assertThat(shell.out()).isEqualTo("""
                AWS_ACCESS_KEY_ID=222222222222
                AWS_DEFAULT_REGION=eu-west-1
                AWS_EC2_METADATA_DISABLED=true
                AWS_ENDPOINT_URL=http://localhost:4574
                AWS_REGION=eu-west-1
                AWS_SECRET_ACCESS_KEY=made-up-by-sluice
                """);
    }

    @Test
    void healthAsksTheServer() throws IOException {
        assertThat(sluice.run("health", "--wait", "kafka")).isEqualTo(new Output(0,
                "Sluice is up on " + server.endpoint() + "\nKafka is up on " + server.bootstrapServers() + "\n", ""));
        assertThat(sluice.run("health", "--endpoint", "http://localhost:1")).isEqualTo(
                new Output(1, "", "sluice: Nothing answers at http://localhost:1; start it with: sluice serve\n"));
    }

    private static String createMapping(String function, String topic) {
        ControlClient client = new ControlClient(server.endpoint());
        LambdaClient lambda = new LambdaClient(client, "000000000000", "us-east-1");
        String uuid = lambda.createMapping(Demo.CLUSTER, topic, function);
        // It begins at the latest record, and that is fixed then.
        await().atMost(Duration.ofSeconds(30)).until(() -> lambda.mapping(uuid).text("State").orElse(""), "Enabled"::equals);
        return uuid;
    }

    private static String deliveryOf(String uuid) {
        ControlClient client = new ControlClient(server.endpoint());
        return client.get("/_sluice/deliveries?mapping=" + uuid).list("deliveries").get(0).text("id").orElseThrow();
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
