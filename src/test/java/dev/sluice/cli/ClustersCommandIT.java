package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.TestKafka;
import dev.sluice.fixture.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClustersCommandIT {

    @TempDir
    private Path directory;
    private TestServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void showsClustersWhatTheirPortsSpeakAndWhoReadsFromThem() {
        String open = TestKafka.shared().bootstrapServers();
        server = TestServer.startWithFile(directory, open, Map.of("strictClusters", "true"), """
                functions: {f: {url: 'http://localhost:1/'}}
                clusters:
                  - match: ['*.prod.example:9096', 'arn:aws:kafka:us-east-1:000000000000:cluster/orders/*']
                    bootstrapServers: localhost:1
                    advertise: broker1.prod.example:9096
                    properties: {security.protocol: SASL_SSL, sasl.jaas.config: 'a.B required password="hunter2";'}
                """);
        String uuid = server.selfManagedMapping("b1.prod.example:9096", "orders", "f", "LATEST", "\"Enabled\":false");
        String own = server.selfManagedMapping("k.example:1", "orders", "f", "LATEST", "\"Enabled\":false");
        String nowhere = server.mapping("orders", "f", "LATEST", "\"Enabled\":false");
        await().atMost(Duration.ofSeconds(10)).until(() -> lines()[1].contains("Kafka in plaintext"));

        assertThat(lines()).containsExactly("BROKERS  CONFIGURED  PORTS SPEAK  MAPPINGS  CLUSTER",
                open + "  PLAINTEXT  Kafka in plaintext  0  the default cluster",
                "localhost:1  SASL_SSL  not asked  1  *.prod.example:9096 arn:aws:kafka:us-east-1:000000000000:cluster/orders/*",
                "k.example:1  PLAINTEXT  not asked  1  k.example:1",
                "Mapping " + nowhere + ": strictClusters is true, and clusters has no entry for " + TestServer.CLUSTER);
        String json = server.send("GET", "/_sluice/clusters", null).body();
        assertThat(json).contains(uuid, own, "\"properties\":[\"sasl.jaas.config\",\"security.protocol\"]",
                "\"advertise\":\"broker1.prod.example:9096\"").doesNotContain("hunter2");
    }

    // Who wins against whom can't be seen in a template.
    @Test
    void showsWithWhichLogInEachMappingPolls() {
        server = TestServer.startWithFile(directory, TestKafka.shared().bootstrapServers(), Map.of(), """
                functions: {f: {url: 'http://localhost:1/'}}
                secrets: {s: {value: {username: u, password: hunter2}}}
                clusters:
                  - {match: ['b.prod.example:1'], bootstrapServers: localhost:1, listener: plaintext}
                """);
        String access = "{\"Type\":\"BASIC_AUTH\",\"URI\":\"arn:aws:secretsmanager:us-east-1:000000000000:secret:s-AbCdEf\"}";
        String secret = server.mappingWithAccess("k.example:1", access, "orders", "f", "LATEST", "\"Enabled\":false");
        String bare = server.mappingWithAccess("b.prod.example:1", access, "orders", "f", "LATEST", "\"Enabled\":false");

        assertThat(lines()).containsSequence("Mapping " + bare, "  names BASIC_AUTH", "  log-in: none, as it is a plaintext listener")
                .containsSequence("Mapping " + secret, "  names BASIC_AUTH", "  log-in: the secrets")
                .contains("k.example:1  by secrets  not asked  1  k.example:1");
        assertThat(server.send("GET", "/_sluice/clusters", null).body()).doesNotContain("hunter2").contains("\"use\":\"PLAINTEXT\"");
    }

    private String[] lines() {
        CommandRun run = CommandRun.of("clusters", "--endpoint", server.endpoint().toString());
        assertThat(run.status()).as(run.err()).isZero();
        return run.out().lines().map(line -> line.replaceAll("  +", "  ")).toArray(String[]::new);
    }
}
