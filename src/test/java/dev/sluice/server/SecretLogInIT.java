package dev.sluice.server;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** On the embedded broker's listeners, with its files for clients. */
class SecretLogInIT extends LogInMatrix {

    private TestServer server;

    @Override
    TestServer serve(String secrets) throws IOException {
        Files.writeString(directory.resolve("password"), password());
        Map<String, String> settings = new HashMap<>(TIMES);
        settings.putAll(Map.of("embeddedKafkaPort", "0", "embeddedKafkaListeners", "plaintext,ssl,sasl_plaintext,sasl_ssl",
                "embeddedKafkaSslClientAuth", "required"));
        server = TestServer.startWithFile(directory, null, settings,
                "embeddedKafkaUsers: {" + USER + ": {file: password}}\n" + secrets);
        return server;
    }

    @Override
    Map<String, String> listeners() throws IOException {
        Map<String, String> listeners = new HashMap<>();
        for (JsonNode listener : new ObjectMapper().readTree(server.send("GET", "/_sluice/clusters", null).body()).path("listeners")) {
            listeners.put(listener.path("securityProtocol").asText(), listener.path("bootstrapServers").asText());
        }
        return listeners;
    }

    @Override
    String password() {
        return "p\"w; \\ü\nq";
    }

    @Override
    String rootCa() throws IOException {
        return read("secret-root-ca.json");
    }

    @Override
    String clientCertificate() throws IOException {
        return read("secret-client-certificate.json");
    }

    private String read(String clientFile) throws IOException {
        Path file = directory.resolve("data/kafka-clients").resolve(clientFile);
        await().atMost(TestServer.PATIENCE).until(() -> Files.exists(file));
        return Files.readString(file);
    }
}
