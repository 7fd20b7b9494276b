package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.Programs;
import dev.sluice.fixture.SluiceJar;
import dev.sluice.fixture.SluiceJar.Output;
import dev.sluice.fixture.SluiceProcess;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.ZipOf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Server and commands where LC_ALL is C, as in many an image and unit of systemd: what they are given is what arrives. */
@EnabledOnOs(OS.LINUX)
class PosixLocaleIT {

    /** Of UTF-8 in octal: the shell is given ASCII alone, whatever this JVM's own locale is. */
    private static final String U_UMLAUT = "\\303\\274";
    private static final String PYTHON = """
            import os
            def handler(event, context):
                print('druckt ü')
                return os.environ['GREETING'] + ' ' + os.environ['SHARED'] + ' ' + str('PWD' in os.environ)
            """;

    @TempDir
    private static Path directory;

    private static SluiceProcess server;
    private static SluiceJar sluice;
    private static TestKafka kafka;

    @BeforeAll
    static void start() throws IOException {
        Files.createDirectory(directory.resolve("python"));
        Files.writeString(directory.resolve("python/app.py"), PYTHON);
        Files.writeString(directory.resolve("sluice.yaml"),
                """
                        functionEnvironment: {SHARED: "schön"}
                        functions:
                          python: {directory: python, runtime: python3.12, handler: app.handler, timeoutSeconds: 30, environment: {GREETING: "it's grüß 文"}}
                        """);
        SluiceJar posix = SluiceJar.in(directory).with("LC_ALL", "C");
        server = posix.serve().awaitKafka();
        sluice = posix.with("SLUICE_ENDPOINT", server.endpoint().toString());
        kafka = TestKafka.at(server.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        kafka.close();
        server.close();
    }

    @Test
    void producesTheArgumentsThatWereTyped() throws IOException {
        String topic = kafka.createTopic(TestKafka.topicName("arguments"), 1);

        Output output =
                sluice.runShell("u=$(printf '" + U_UMLAUT + "'); sluice produce " + topic + " --key \"$u\" --header \"h=$u\" \"wert $u\"");

        assertThat(output).isEqualTo(new Output(0, topic + "-0 offset 0\n", ""));
        ConsumerRecord<byte[], byte[]> record = kafka.records(topic, 0).get(0);
        assertThat(List.of(record.key(), record.headers().lastHeader("h").value(), record.value()))
                .extracting(bytes -> new String(bytes, StandardCharsets.UTF_8)).containsExactly("ü", "ü", "wert ü");
    }

    @Test
    void anArgumentThatIsNoTextIsRefusedAndNothingWritten() throws IOException {
        String topic = kafka.createTopic(TestKafka.topicName("no-text"), 1);

        Output output = sluice.runShell("sluice produce " + topic + " \"$(printf '\\377')\"");

        assertThat(output).isEqualTo(new Output(2, "", "sluice: Argument 3 has bytes that are no UTF-8\n"));
        assertThat(kafka.records(topic, 0)).isEmpty();
    }

    @Test
    void linesOfStandardInputAreWrittenByteForByte() throws IOException {
        String topic = kafka.createTopic(TestKafka.topicName("bytes"), 1);

        sluice.runShell("printf '" + U_UMLAUT + "\\n\\377\\200\\n' | sluice produce " + topic);

        assertThat(kafka.records(topic, 0)).extracting(ConsumerRecord::value)
                .containsExactly("ü".getBytes(StandardCharsets.UTF_8), new byte[] {(byte) 0xff, (byte) 0x80});
    }

    @Test
    void aProcessGetsItsVariablesAsTheyWereWritten() {
        Programs.assume(List.of("python3"));

        assertThat(invoke("python")).isEqualTo("it's grüß 文 schön False");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(server.err()).containsPattern("(?m)^\\[python \\S+\\] druckt ü$"));
    }

    @Test
    void aCommandGetsItsArgumentsAndVariablesAsTheyWereTyped() throws IOException {
        Programs.assume(List.of("curl"));
        Files.writeString(directory.resolve("asks.sh"), """
                api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
                while :; do
                  id=$(curl -s -D - -o /dev/null $api/next | tr -d '\\r' | sed -n 's/^lambda-runtime-aws-request-id: //Ip')
                  curl -s -o /dev/null -d "\\"$V $1 $$\\"" $api/$id/response
                done
                """);

        Output added = sluice.runShell(
                "u=$(printf '" + U_UMLAUT + "'); sluice functions add command --timeout 30 --env \"V=$u\" -- sh asks.sh \"it's $u\"");

        assertThat(added.status()).as(added.err()).isZero();
        String[] answer = invoke("command").split(" ");
        assertThat(String.join(" ", answer[0], answer[1], answer[2])).isEqualTo("ü it's ü");
        assertThat(ProcessHandle.of(server.pid()).orElseThrow().children().map(ProcessHandle::pid))
                .as("the process itself, and no shell before it")
                .contains(Long.valueOf(answer[3]));
    }

    @Test
    void javaInAProcessGetsItsVariablesAsTheyWereTyped() throws IOException {
        Files.write(directory.resolve("variables.jar"), CompiledHandler.compile(directory, "Variables", """
                public class Variables implements RequestHandler<Map<String, Object>, String> {
                    @Override
                    public String handleRequest(Map<String, Object> event, Context context) {
                        return System.getenv("V");
                    }
                }
                """).zip());

        sluice.runShell("sluice functions add variables --jar variables.jar --handler example.Variables --isolation process --timeout 30"
                + " --env \"V=$(printf '" + U_UMLAUT + "')\"");

        assertThat(invoke("variables")).isEqualTo("ü");
    }

    @Test
    void aZipWhoseFilesCannotBeNamedIsRefusedWhenItIsUploadedWithItsCause() throws IOException {
        String zip = Base64.getEncoder().encodeToString(ZipOf.file(directory, "daten-ü.txt", "x"));

        ControlClient.Answer answer =
                lambda("POST", "/2015-03-31/functions", "{\"FunctionName\":\"zip\",\"Runtime\":\"python3.12\",\"Handler\":"
                        + "\"app.handler\",\"Role\":\"arn:aws:iam::000000000000:role/r\",\"Code\":{\"ZipFile\":\"" + zip + "\"}}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).isEqualTo("Could not unzip uploaded file. Please check your file, then try to upload again.");
        assertThat(server.err()).contains("'daten-ü.txt' can't be unpacked: Java can't name files beyond ASCII here, as it runs in a locale"
                + " that isn't UTF-8", "start it with LC_ALL=C.UTF-8");
    }

    @Test
    void aDirectoryThatCannotBeNamedIsRefusedWithItsCause() throws IOException {
        ControlClient.Answer answer = new ControlClient(server.endpoint()).send("PUT", "/_sluice/functions/there",
                "{\"directory\":\"" + directory + "/verz-ü\",\"runtime\":\"python3.12\",\"handler\":\"app.handler\"}", Map.of());
        Output command = sluice.runShell("sluice functions add there --runtime python3.12 --handler app.handler --directory \"v-$(printf '"
                + U_UMLAUT + "')\"");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message())
                .endsWith("Java can't name files beyond ASCII here, as it runs in a locale that isn't UTF-8 (its encoding"
                        + " is ANSI_X3.4-1968); start it with LC_ALL=C.UTF-8");
        assertThat(command).isEqualTo(new Output(2, "", "sluice: Invalid value for option '--directory': 'v-ü' can't be a path, as Java"
                + " can't name files beyond ASCII in this locale; set LC_ALL=C.UTF-8, or another locale of UTF-8\n"
                + "'sluice functions add --help' shows what is allowed.\n"));
    }

    @Test
    void aWorkingDirectoryThatCannotBeNamedIsRefusedInsteadOfMade() throws IOException {
        Output output = sluice.runShell("mkdir -p here && cd here && d=\"v-$(printf '" + U_UMLAUT + "')\" && mkdir \"$d\" && cd \"$d\" &&"
                + " sluice serve --port 0; echo $?; cd .. && ls | wc -l");

        assertThat(output.out()).matches("2\n *1\n");
        assertThat(output.err()).startsWith("sluice: The working directory's name has characters beyond ASCII");
    }

    @Test
    void theFileTakesVariablesAsTheyWereSet() throws IOException {
        Files.createDirectories(directory.resolve("variables"));
        Files.writeString(directory.resolve("variables/sluice.yaml"), "functions: {f: {url: \"${URL}\"}}\nregion: ${BROKEN}\n");

        Output output = sluice.runShell("cd variables && URL=\"no-$(printf '" + U_UMLAUT + "')\" BROKEN=\"$(printf '\\377')\""
                + " sluice serve --port 0");

        assertThat(output.status()).isEqualTo(2);
        assertThat(output.err()).contains("functions.f.url: is 'no-ü'",
                "region: is '${BROKEN}'; allowed is a variable of UTF-8 text: BROKEN has bytes that are none");
    }

    private static String invoke(String function) {
        ControlClient.Answer answer = lambda("POST", "/2015-03-31/functions/" + function + "/invocations", "{}");
        return String.valueOf(answer.body().value());
    }

    private static ControlClient.Answer lambda(String method, String path, String body) {
        return new ControlClient(server.endpoint()).send(method, path, body, Map.of("Authorization",
                "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0"));
    }
}
