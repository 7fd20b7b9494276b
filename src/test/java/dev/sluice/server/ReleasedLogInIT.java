package dev.sluice.server;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.fixture.ReleasedBroker;
import dev.sluice.fixture.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

/** On a broker that others run, in a JVM of its own: the last one of the system property {@code sluice.brokers}. */
class ReleasedLogInIT extends LogInMatrix {

    private ReleasedBroker broker;

    @Override
    TestServer serve(String secrets) throws IOException {
        String[] versions = System.getProperty("sluice.brokers", "3.9.1").split("[, ]+");
        // SCRAM came to KRaft with 3.5, Kafka's own check of tokens into its place with 3.4.
        assumeThat(versions[versions.length - 1]).as("a version with every way to log in").doesNotMatch("(2\\.|3\\.[0-4]\\.).*");
        broker = new ReleasedBroker(versions[versions.length - 1], Files.createDirectory(directory.resolve("broker")), tokenKeys());
        broker.addScramUser();
        return TestServer.startWithFile(directory, broker.plaintext(), TIMES, secrets);
    }

    @AfterAll
    void stopTheBroker() {
        if (broker != null) {
            broker.close();
        }
    }

    @Override
    Map<String, String> listeners() {
        return broker.listeners();
    }

    @Override
    String password() {
        return ReleasedBroker.PASSWORD;
    }

    @Override
    String rootCa() {
        return json(Map.of("certificate", broker.rootCertificate()));
    }

    @Override
    String clientCertificate() {
        return json(Map.of("certificate", broker.client().certificate(), "privateKey", broker.client().key()));
    }
}
