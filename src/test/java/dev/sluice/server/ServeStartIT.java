package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.Authorization;
import dev.sluice.fixture.ChildBroker;
import dev.sluice.fixture.HttpApi;
import dev.sluice.fixture.SluiceJar;
import dev.sluice.fixture.SluiceJar.Output;
import dev.sluice.fixture.SluiceProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the built jar needs to start as a server, and what it says when it can't. */
class ServeStartIT {

    @TempDir
    private Path directory;

    @Test
    void bothPortsTakenAreToldInOneMessage() throws IOException {
        try (ServerSocket api = held(); ServerSocket broker = held()) {
            Output run = SluiceJar.in(directory).run("serve", "--port", port(api), "--embedded-kafka-port", port(broker));

            assertThat(run.status()).isEqualTo(2);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).endsWith("sluice: The configuration has 2 problems:\n"
                    + "  port: port " + port(api) + " on localhost is taken by another program; choose another with --port, or --port 0"
                    + " for any free one\n"
                    + "  embeddedKafkaPort: port " + port(broker) + " is taken by another program. If it is a Kafka broker and you want to"
                    + " use it, start with --kafka localhost:" + port(broker) + "; for an embedded broker on any free port, with"
                    + " --embedded-kafka-port 0\n");
        }
    }

    @Test
    void aPortTakenOnOneLoopbackAddressOnlyIsTaken() throws IOException {
        try (ServerSocket api = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            Output run = SluiceJar.in(directory).run("serve", "--port", port(api), "--embedded-kafka-port", "0");

            assertThat(run.status()).isEqualTo(2);
            assertThat(run.err()).contains("port: port " + port(api) + " on localhost is taken by another program");
        }
    }

    @Test
    void aHostOfAnotherMachineIsAProblemOfTheConfiguration() throws IOException {
        Output run = SluiceJar.in(directory).run("serve", "--host", "192.0.2.1", "--port", "0", "--embedded-kafka-port", "0");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).endsWith("  host: host is '192.0.2.1', which is no address of this machine\n");
    }

    @Test
    void everyProblemOfFileEnvironmentAndFlagsIsInOneMessage() throws IOException {
        Files.writeString(directory.resolve("sluice.yaml"), """
                retry: {initialBackof: 1s}
                functions:
                  orders: {url: "no url"}
                mappings:
                  m: {function: nobody, topic: [a]}
                """);

        Output run = SluiceJar.in(directory).with("SLUICE_REGION", "nowhere").with("SLUICE_TIMEOUTS_STOP", "5")
                .run("serve", "--port", "99999", "--embeded-kafka-port", "0");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("--embeded-kafka-port: unknown flag; did you mean '--embedded-kafka-port'?\n",
                "--port: is '99999'; allowed is a whole number from 0 to 65535\n", "SLUICE_REGION: is 'nowhere'; allowed is a region",
                "SLUICE_TIMEOUTS_STOP: is '5'; allowed is a duration", "sluice.yaml: retry.initialBackof: unknown key; did you mean",
                "sluice.yaml: functions.orders.url", "sluice.yaml: mappings.m.topic");
        assertThat(directory.resolve(".sluice")).doesNotExist();
    }

    @Test
    void aDirectoryThatCannotBeMadeIsOneClearLine() throws IOException {
        Files.writeString(directory.resolve("file"), "");

        Output run = SluiceJar.in(directory).run("serve", "--port", "0", "--embedded-kafka-port", "0", "--data-dir", "file/data");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("sluice: The data directory " + directory.toRealPath().resolve("file/data") + " can't be used: ")
                .hasLineCount(1);
    }

    @Test
    void aDatabaseOfANewerVersionIsRefusedAndLeftAsItIs() throws IOException, SQLException {
        SluiceJar jar = SluiceJar.in(directory);
        try (SluiceProcess server = jar.serve("--kafka", "localhost:1").awaitReady()) {
            server.terminate();
            server.awaitExit(Duration.ofSeconds(8));
        }
        Path database = directory.resolve(".sluice/sluice.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }
        byte[] before = Files.readAllBytes(database);

        Output run = jar.run("serve", "--port", "0", "--kafka", "localhost:1");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("has version 99, written by a newer Sluice");
        assertThat(Files.readAllBytes(database)).isEqualTo(before);
    }

    @Test
    void eachFlagIsAlsoAVariable() throws Exception {
        Path config = Files.writeString(directory.resolve("other.yaml"), "functions: {web: {url: 'http://localhost:1/'}}\n");
        SluiceJar jar = SluiceJar.in(directory).with("SLUICE_HOST", "127.0.0.1").with("SLUICE_PORT", "0").with("SLUICE_DATA_DIR", "here")
                .with("SLUICE_CONFIG", config.toString()).with("SLUICE_EMBEDDED_KAFKA_PORT", "0")
                .with("SLUICE_EMBEDDED_KAFKA_ADVERTISE", "advertised.test:19092").with("SLUICE_REGION", "eu-west-1")
                .with("SLUICE_ACCOUNT_ID", "222222222222").with("SLUICE_RELAXED", "true");

        try (SluiceProcess server = jar.start("serve").awaitReady()) {
            assertThat(server.endpoint().getHost()).isEqualTo("127.0.0.1");
            assertThat(server.bootstrapServers()).isEqualTo("advertised.test:19092");
            assertThat(directory.resolve("here/.gitignore")).exists();
            assertThat(get(server, "/2015-03-31/functions/web").body())
                    .contains("\"FunctionArn\":\"arn:aws:lambda:eu-west-1:222222222222:function:web\"");
            // Refused but for --relaxed: self-managed Kafka without SourceAccessConfigurations.
            assertThat(post(server, "/2015-03-31/event-source-mappings", "{\"FunctionName\":\"web\",\"Topics\":[\"orders\"],"
                    + "\"SelfManagedEventSource\":{\"Endpoints\":{\"KAFKA_BOOTSTRAP_SERVERS\":[\"localhost:1\"]}}}").statusCode())
                    .isEqualTo(202);
        }
    }

    @Test
    void flagsWinOverVariablesAndVariablesOverTheFile() throws Exception {
        Files.writeString(directory.resolve("sluice.yaml"), "region: eu-west-1\naccountId: '333333333333'\nkafka: localhost:1\nport: 0\n"
                + "functions: {web: {url: 'http://localhost:1/'}}\n");

        try (SluiceProcess server = SluiceJar.in(directory).with("SLUICE_REGION", "eu-west-2").with("SLUICE_ACCOUNT_ID", "444444444444")
                .start("serve", "--region", "eu-west-3")) {
            assertThat(get(server, "/2015-03-31/functions/web").body()).contains("arn:aws:lambda:eu-west-3:444444444444:function:web");
            assertThat(server.bootstrapServers()).isEqualTo("localhost:1");
        }
    }

    @Test
    void brokersThatAnswerLaterNeedNoAction() throws Exception {
        try (ChildBroker broker = ChildBroker.onFreePort(directory.resolve("broker"));
                SluiceProcess server = SluiceJar.in(directory).start("serve", "--port", "0", "--kafka", broker.bootstrapServers())) {
            assertThat(get(server, "/_sluice/health?wait=kafka").statusCode()).isEqualTo(503);
            assertThat(get(server, "/_sluice/health").statusCode()).isEqualTo(200);
            assertThat(get(server, "/_sluice/health").body()).contains("\"kafka\":\"down\"");
            assertThat(server.outLines()).containsExactly(
                    "Sluice ready on " + server.endpoint() + " (Kafka " + broker.bootstrapServers() + ")");

            broker.start();
            server.awaitKafka();

            assertThat(server.outLines()).hasSize(2).last().isEqualTo("Kafka ready on " + broker.bootstrapServers());
            assertThat(get(server, "/_sluice/health?wait=kafka").statusCode()).isEqualTo(200);
            assertThat(directory.resolve(".sluice/kafka")).doesNotExist();
        }
    }

    @Test
    void saysOnceThatItWaitsForItsBrokers() throws Exception {
        try (SluiceProcess server = SluiceJar.in(directory).start("serve", "--port", "0", "--kafka", "localhost:1").awaitReady()) {
            server.awaitErr("a line that names the brokers", line -> line.contains("localhost:1"));
            server.terminate();

            assertThat(server.awaitExit(Duration.ofSeconds(8))).isZero();
            assertThat(List.of(server.err().split("\n"))).filteredOn(line -> line.contains("localhost:1")).hasSize(1);
        }
    }

    private static HttpResponse<String> get(SluiceProcess server, String path) {
        return HttpApi.send(HttpApi.given(server.endpoint(), Authorization.WITHOUT_REGION), "GET", path, null);
    }

    private static HttpResponse<String> post(SluiceProcess server, String path, String body) {
        return HttpApi.send(HttpApi.given(server.endpoint(), Authorization.WITHOUT_REGION), "POST", path, body);
    }

    private static ServerSocket held() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    }

    private static String port(ServerSocket socket) {
        return String.valueOf(socket.getLocalPort());
    }
}
