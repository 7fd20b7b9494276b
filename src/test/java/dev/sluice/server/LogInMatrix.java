package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.HandlerEndpoint;
import dev.sluice.fixture.Pem;
import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import dev.sluice.fixture.TokenEndpoint;
import java.io.IOException;
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
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each way to log in, with and without TLS, with a secret that is right, wrong, missing or comes late, on the listeners of one broker. All
 * mappings are made first, and wait together.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LogInMatrix {

    static final String USER = "alice";
    static final Map<String, String> TIMES =
            Map.of("timeouts.broker", "1s", "timeouts.unrecoverable", "20s", "timeouts.refusedLogIn", "1s");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ARN = "arn:aws:secretsmanager:us-east-1:000000000000:secret:";
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

    /** Of the server with its {@code sluice.yaml}; before it is started, with what the subclass puts into it. */
    Path directory;
    private final TokenEndpoint tokens = new TokenEndpoint("client", "right");
    private final HandlerEndpoint endpoint = new HandlerEndpoint();
    private final Map<Case, String> mappings = new LinkedHashMap<>();
    private TestServer server;
    private TestKafka kafka;
    private Pem other;

    /** @param secrets the section of sluice.yaml, with a secret named ca beside those of the cases, each a file {@code NAME.json} */
    abstract TestServer serve(String secrets) throws IOException;

    /** The addresses of the broker by security protocol. */
    abstract Map<String, String> listeners() throws IOException;

    /** For a broker that checks the tokens' signatures. */
    String tokenKeys() {
        return tokens.keys();
    }

    /** Of {@link #USER}. */
    abstract String password();

    /** The secret's text for SERVER_ROOT_CA_CERTIFICATE. */
    abstract String rootCa() throws IOException;

    /** The secret's text for CLIENT_CERTIFICATE_TLS_AUTH. */
    abstract String clientCertificate() throws IOException;

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
    void makeAllMappings(@TempDir Path empty) throws IOException {
        directory = empty;
        StringBuilder secrets = new StringBuilder("secrets:\n  ca: {file: ca.json}\n  alice: {file: alice.json}\n");
        cases().forEach(its -> secrets.append("  ").append(its.name()).append(": {file: ").append(file(its)).append("}\n"));
        other = Pem.ofNobody(directory.resolve("other"));
        server = serve(secrets.toString());
        server.function("f", endpoint);
        Map<String, String> listeners = listeners();
        kafka = TestKafka.at(listeners.get("PLAINTEXT"));
        cases().forEach(its -> kafka.createTopic(its.name(), 1));
        Files.writeString(directory.resolve("ca.json"), rootCa());
        Files.writeString(directory.resolve("alice.json"), json(Map.of("username", USER, "password", password())));
        for (Case its : cases().toList()) {
            if (its.secret() == Secret.RIGHT || its.secret() == Secret.WRONG) {
                write(its);
            }
        }
        cases().forEach(its -> mappings.put(its,
                server.mappingWithAccess(listeners.get(its.listener()), access(its), its.name(), "f", "TRIM_HORIZON")));
        for (Case its : cases().toList()) {
            if (its.secret() == Secret.LATE) {
                server.awaitResult(mappings.get(its), NO_SECRET + ARN + its.name());
                write(its);
            }
        }
        cases().forEach(its -> kafka.produce(its.name(), its.name()));
    }

    @AfterAll
    void stop() {
        if (kafka != null) {
            kafka.close();
        }
        if (server != null) {
            server.close();
        }
        endpoint.close();
        tokens.close();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void endsAsItsSecretLetsIt(Case its) {
        String uuid = mappings.get(its);
        switch (its.secret()) {
            case RIGHT, LATE -> {
                await().atMost(LONG).until(() -> endpoint.values().contains(its.name()));
                server.awaitResult(uuid, "OK").awaitState(uuid, "Enabled");
            }
            case WRONG -> refused(uuid, refusal(its.type()), "EVENT_SOURCE_AUTHN_ERROR", its);
            case MISSING -> refused(uuid, NO_SECRET + ARN + its.name(), "ESM_CONFIG_NOT_VALID", its);
        }
    }

    private void refused(String uuid, String result, String reason, Case its) {
        await().atMost(LONG).until(() -> server.state(uuid).equals("Disabled"));
        assertThat(server.result(uuid)).startsWith(result);
        assertThat(server.get(uuid).path("StateTransitionReason").asText()).isEqualTo(reason);
        assertThat(endpoint.values()).doesNotContain(its.name());
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

    private void write(Case its) throws IOException {
        boolean wrong = its.secret() == Secret.WRONG;
        String text = switch (its.type()) {
            case "OAUTHBEARER_AUTH" -> json(Map.of("clientId", "client", "clientSecret", wrong ? "other" : "right", "tokenEndpoint",
                    tokens.url("/token")));
            case "CLIENT_CERTIFICATE_TLS_AUTH" -> wrong ? json(Map.of("certificate", other.certificate(), "privateKey", other.key()))
                    : clientCertificate();
            case "SERVER_ROOT_CA_CERTIFICATE" -> wrong ? json(Map.of("certificate", other.certificate())) : rootCa();
            default -> json(Map.of("username", USER, "password", wrong ? "other" : password()));
        };
        Files.writeString(directory.resolve(file(its)), text);
    }

    static String json(Map<String, String> members) {
        return JSON.valueToTree(members).toString();
    }
}
