package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.ChildServer;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.Pem;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import dev.sluice.fixture.TokenEndpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing of any secret is in the data directory, in a log at TRACE, or in an answer, whether the secret is right, wrong or unusable. */
class SecretsStaySecretIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ARN = "arn:aws:secretsmanager:us-east-1:000000000000:secret:";
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void nothingOfAnySecretIsWrittenDown() throws IOException {
        Pem nobody = Pem.ofNobody(directory.resolve("other"));
        Path data = directory.resolve("data");
        Path log = directory.resolve("log");
        try (TokenEndpoint tokens = new TokenEndpoint("client", "token-client-hush"); HandlerEndpoint endpoint = new HandlerEndpoint()) {
            Map<String, String> secrets = new LinkedHashMap<>();
            secrets.put("right", json(Map.of("username", "alice", "password", "right-hush")));
            secrets.put("wrong", json(Map.of("username", "alice", "password", "wrong-hush")));
            secrets.put("no-json", "no-json-hush");
            secrets.put("other-members", json(Map.of("user", "alice", "pass", "member-hush")));
            secrets.put("certificate", json(Map.of("certificate", nobody.certificate(), "privateKey", nobody.key())));
            secrets.put("no-key", json(Map.of("certificate", nobody.certificate(), "privateKey", "no-key-hush")));
            secrets.put("token", json(Map.of("clientId", "client", "clientSecret", "token-client-hush", "tokenEndpoint",
                    tokens.url("/token"))));
            StringBuilder yaml = new StringBuilder("embeddedKafkaUsers: {alice: {value: right-hush}}\nsecrets:\n");
            secrets.forEach((name, text) -> yaml.append("  ").append(name).append(": {value: ").append(quoted(text)).append("}\n"));
            Files.writeString(directory.resolve("sluice.yaml"), yaml);
            Files.writeString(directory.resolve("trace.xml"), """
                    <configuration>
                      <appender name="A" class="ch.qos.logback.core.FileAppender">
                        <file>%s</file><encoder><pattern>%%d %%p %%c %%m%%n%%ex</pattern></encoder>
                      </appender>
                      <root level="TRACE"><appender-ref ref="A"/></root>
                    </configuration>
                    """.formatted(log));

            try (ChildServer process = new ChildServer(List.of("-Dlogback.configurationFile=" + directory.resolve("trace.xml")),
                    ProcessBuilder.Redirect.to(directory.resolve("errors").toFile()), data, "--config",
                    directory.resolve("sluice.yaml").toString(), "--embedded-kafka-port", "0", "--embedded-kafka-listeners",
                    "plaintext,ssl,sasl_plaintext")) {
                TestServer server = TestServer.at(process);
                server.function("f", endpoint);
                List<String> answers = use(server, endpoint);
                assertThat(process.terminate()).isIn(0, 143);
                assertThat(answers).noneMatch(SecretsStaySecretIT::tells);
            }
            List<String> keyLines = nobody.key().lines().filter(line -> !line.startsWith("-")).toList();
            assertThat(Files.size(log)).as("a log at TRACE").isGreaterThan(1_000_000);
            assertNotIn(log, keyLines);
            assertNotIn(directory.resolve("errors"), keyLines);
            try (Stream<Path> files = Files.walk(data)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    assertNotIn(file, keyLines);
                }
            }
        }
    }

    private static List<String> use(TestServer server, HandlerEndpoint endpoint) throws IOException {
        Map<String, String> servers = new LinkedHashMap<>();
        for (JsonNode listener : JSON.readTree(server.send("GET", "/_sluice/clusters", null).body()).path("listeners")) {
            servers.put(listener.path("securityProtocol").asText(), listener.path("bootstrapServers").asText());
        }
        Map<String, String> mappings = new LinkedHashMap<>();
        for (String[] its : new String[][] {{"SASL_PLAINTEXT", "SASL_SCRAM_512_AUTH", "right"}, {"SASL_PLAINTEXT", "BASIC_AUTH", "right"},
                {"SASL_PLAINTEXT", "OAUTHBEARER_AUTH", "token"}, {"SASL_PLAINTEXT", "SASL_SCRAM_512_AUTH", "wrong"},
                {"SASL_PLAINTEXT", "BASIC_AUTH", "wrong"}, {"SASL_PLAINTEXT", "BASIC_AUTH", "no-json"},
                {"SASL_PLAINTEXT", "BASIC_AUTH", "other-members"}, {"SSL", "CLIENT_CERTIFICATE_TLS_AUTH", "certificate"},
                {"SSL", "CLIENT_CERTIFICATE_TLS_AUTH", "no-key"}}) {
            String topic = its[1].toLowerCase(Locale.ROOT) + "-" + its[2];
            mappings.put(topic, server.mappingWithAccess(servers.get(its[0]),
                    "{\"Type\":\"" + its[1] + "\",\"URI\":\"" + ARN + its[2] + "-AbCdEf\"}", topic, "f", "TRIM_HORIZON"));
        }
        try (TestKafka kafka = TestKafka.at(servers.get("PLAINTEXT"))) {
            mappings.keySet().forEach(topic -> {
                kafka.createTopic(topic, 1);
                kafka.produce(topic, topic);
            });
            await().atMost(LONG).until(() -> endpoint.values().containsAll(
                    List.of("sasl_scram_512_auth-right", "basic_auth-right", "oauthbearer_auth-token")));
        }
        server.awaitResult(mappings.get("basic_auth-wrong"), "PROBLEM: SASL");
        server.awaitResult(mappings.get("client_certificate_tls_auth-no-key"), "PROBLEM: Provided certificate or private key is invalid");
        server.awaitResult(mappings.get("basic_auth-no-json"), "PROBLEM: Connection error.");
        List<String> answers = new ArrayList<>();
        for (String path : List.of("/2015-03-31/event-source-mappings", "/_sluice/mappings", "/_sluice/clusters", "/_sluice/deliveries",
                "/_sluice/health", "/metrics")) {
            answers.add(server.send("GET", path, null).body());
        }
        mappings.values().forEach(uuid -> answers.add(server.detail(uuid).toString()));
        return answers;
    }

    private static boolean tells(String text) {
        return text.contains("-hush");
    }

    private static void assertNotIn(Path file, List<String> keyLines) throws IOException {
        String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        for (String line : content.split("\n")) {
            assertThat(line).as(file.toString()).matches(its -> !tells(its) && keyLines.stream().noneMatch(its::contains));
        }
    }

    private static String json(Map<String, String> members) {
        return JSON.valueToTree(members).toString();
    }

    /** A text of YAML in single quotes. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
