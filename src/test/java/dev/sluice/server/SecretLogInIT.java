package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.testing.HandlerEndpoint;
import dev.sluice.testing.Pem;
import dev.sluice.testing.TestKafka;
import dev.sluice.testing.TestServer;
import dev.sluice.testing.TokenEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each way to log in, with and without TLS, with a secret that is right, wrong, missing or comes late, on the embedded broker's listeners. All
 * mappings are made first, and wait together.
 */
class SecretLogInIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ARN = "arn:aws:secretsmanager:us-east-1:000000000000:secret:";
    private static final String PASSWORD = "p\"w; \\ü\nq";
    private static final String NO_SECRET =
            "PROBLEM: Connection error. Please check your event source connection configuration. The secret ";
    private static final Duration LONG = Duration.ofSeconds(60);

    enum Secret {
        RIGHT, WRONG, MISSING, LATE
    }

    /** @param listener of the broker @param type of the access */
    record Case(String listener, String type, Secret secret) {
        String name() {
            return (listener + "-" + type + "-" + secret).toLowerCase(Locale.ROOT);
        }
    }

    @TempDir
    private static Path directory;
    private static final TokenEndpoint TOKENS = new TokenEndpoint("client", "right");
    private static final HandlerEndpoint ENDPOINT = new HandlerEndpoint();
    private static final Map<Case, String> MAPPINGS = new LinkedHashMap<>();
    private static final Map<String, String> SERVERS = new LinkedHashMap<>();
    private static TestServer server;
    private static TestKafka kafka;
    private static Pem other;

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String listener : List.of("SASL_PLAINTEXT", "SASL_SSL")) {
            for (String type : List.of("BASIC_AUTH", "SASL_SCRAM_256_AUTH", "SASL_SCRAM_512_AUTH", "OAUTHBEARER_AUTH")) {
                for (Secret secret : Secret.values()) {
                    cases.add(new Case(listener, type, secret));
                }
            }
        }
        for (Secret secret : Secret.values()) {
            cases.add(new Case("SSL", "CLIENT_CERTIFICATE_TLS_AUTH", secret));
            cases.add(new Case("SASL_SSL", "SERVER_ROOT_CA_CERTIFICATE", secret));
        }
        return cases.stream();
    }

    @BeforeAll
    static void makeAllMappings() throws IOException {
        StringBuilder secrets = new StringBuilder("secrets:\n  ca: {file: data/kafka-clients/secret-root-ca.json}\n"
                + "  alice: {file: alice.json}\n");
        cases().forEach(its -> secrets.append("  ").append(its.name()).append(": {file: ").append(file(its)).append("}\n"));
        Files.writeString(directory.resolve("password"), PASSWORD);
        Files.writeString(directory.resolve("alice.json"), json(Map.of("username", "alice", "password", PASSWORD)));
        other = Pem.ofNobody(directory.resolve("other"));
        server = TestServer.startWithFile(directory, null,
                Map.of("timeouts.broker", "1s", "timeouts.unrecoverable", "20s", "timeouts.refusedLogIn", "1s", "embeddedKafkaPort", "0",
                        "embeddedKafkaListeners", "plaintext,ssl,sasl_plaintext,sasl_ssl", "embeddedKafkaSslClientAuth", "required"),
                "embeddedKafkaUsers: {alice: {file: password}}\n" + secrets);
        server.function("f", ENDPOINT);
        for (JsonNode listener : JSON.readTree(server.send("GET", "/_sluice/clusters", null).body()).path("listeners")) {
            SERVERS.put(listener.path("securityProtocol").asText(), listener.path("bootstrapServers").asText());
        }
        kafka = TestKafka.at(SERVERS.get("PLAINTEXT"));
        cases().forEach(its -> kafka.createTopic(its.name(), 1));
        cases().filter(its -> its.secret() == Secret.RIGHT || its.secret() == Secret.WRONG).forEach(SecretLogInIT::write);
        cases().forEach(its -> MAPPINGS.put(its,
                server.mappingWithAccess(SERVERS.get(its.listener()), access(its), its.name(), "f", "TRIM_HORIZON")));
        cases().filter(its -> its.secret() == Secret.LATE).forEach(its -> {
            server.awaitResult(MAPPINGS.get(its), NO_SECRET + ARN + its.name());
            write(its);
        });
        cases().forEach(its -> kafka.produce(its.name(), its.name()));
    }

    @AfterAll
    static void stop() {
        kafka.close();
        server.close();
        ENDPOINT.close();
        TOKENS.close();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void endsAsItsSecretLetsIt(Case its) {
        String uuid = MAPPINGS.get(its);
        switch (its.secret()) {
            case RIGHT, LATE -> {
                await().atMost(LONG).until(() -> ENDPOINT.values().contains(its.name()));
                server.awaitResult(uuid, "OK").awaitState(uuid, "Enabled");
            }
            case WRONG -> refused(uuid, refusal(its.type()), "EVENT_SOURCE_AUTHN_ERROR", its);
            case MISSING -> refused(uuid, NO_SECRET + ARN + its.name(), "ESM_CONFIG_NOT_VALID", its);
        }
    }

    private static void refused(String uuid, String result, String reason, Case its) {
        await().atMost(LONG).until(() -> server.state(uuid).equals("Disabled"));
        assertThat(server.result(uuid)).startsWith(result);
        assertThat(server.get(uuid).path("StateTransitionReason").asText()).isEqualTo(reason);
        assertThat(ENDPOINT.values()).doesNotContain(its.name());
    }

    private static String refusal(String type) {
        return switch (type) {
            case "CLIENT_CERTIFICATE_TLS_AUTH" -> "PROBLEM: Server failed to authenticate Lambda";
            case "SERVER_ROOT_CA_CERTIFICATE" -> "PROBLEM: Lambda failed to authenticate server";
            default -> "PROBLEM: SASL authentication failed.";
        };
    }

    private static String file(Case its) {
        return its.name() + ".json";
    }

    private static String access(Case its) {
        String more = its.type().equals("SERVER_ROOT_CA_CERTIFICATE") ? ",{\"Type\":\"BASIC_AUTH\",\"URI\":\"" + ARN + "alice-AbCdEf\"}"
                : its.listener().endsWith("SSL") ? ",{\"Type\":\"SERVER_ROOT_CA_CERTIFICATE\",\"URI\":\"" + ARN + "ca-AbCdEf\"}" : "";
        String scope = its.type().startsWith("OAUTH") ? ",{\"Type\":\"OAUTHBEARER_SCOPE\",\"URI\":\"kafka:read\"}" : "";
        return "{\"Type\":\"" + its.type() + "\",\"URI\":\"" + ARN + its.name() + "-AbCdEf\"}" + more + scope;
    }

    private static void write(Case its) {
        boolean wrong = its.secret() == Secret.WRONG;
        String text = switch (its.type()) {
            case "OAUTHBEARER_AUTH" -> json(Map.of("clientId", "client", "clientSecret", wrong ? "other" : "right", "tokenEndpoint",
                    TOKENS.url("/token")));
            case "CLIENT_CERTIFICATE_TLS_AUTH" -> wrong ? json(Map.of("certificate", other.certificate(), "privateKey", other.key()))
                    : read("secret-client-certificate.json");
            case "SERVER_ROOT_CA_CERTIFICATE" -> wrong ? json(Map.of("certificate", other.certificate())) : read("secret-root-ca.json");
            default -> json(Map.of("username", "alice", "password", wrong ? "other" : PASSWORD));
        };
        try {
            Files.writeString(directory.resolve(file(its)), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(String clientFile) {
        Path file = directory.resolve("data/kafka-clients").resolve(clientFile);
        await().atMost(LONG).until(() -> Files.exists(file));
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String json(Map<String, String> members) {
        return JSON.valueToTree(members).toString();
    }
}
