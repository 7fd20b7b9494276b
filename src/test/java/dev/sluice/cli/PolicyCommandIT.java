package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.fixture.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCommandIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;
    private TestServer server;
    private String uuid;

    @BeforeEach
    void serve() {
        server = TestServer.startWithFile(directory, "localhost:1", Map.of(), "functions: {f: {url: 'http://localhost:1/'}}\n");
        uuid = server.mapping("orders", "f", "LATEST", "\"Enabled\":false",
                "\"DestinationConfig\":{\"OnFailure\":{\"Destination\":\"arn:aws:sqs:us-east-1:000000000000:failed\"}}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void saysWhatTheRoleAndTheNetworkNeedInLinesThatATerminalHolds() {
        CommandRun run = run(uuid);
        assertThat(run.out()).contains("Mapping   " + uuid + "\n", "  sqs:SendMessage\n    on arn:aws:sqs:us-east-1:000000000000:failed\n",
                "AWSLambdaMSKExecutionRole does not suffice; it lacks sqs:SendMessage.\n",
                "\nwhen the cluster has IAM access control: Lambda uses it, as the mapping names no\nsecret.\n",
                "  a way to lambda, sts, sqs\n");
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 80 || line.startsWith("    on arn:"));
    }

    @Test
    void theDocumentIsAPolicyAndTheJsonHasAllOfIt() throws IOException {
        JsonNode document = JSON.readTree(run("orders", "--document").out());
        assertThat(document.path("Version").asText()).isEqualTo("2012-10-17");
        assertThat(document.path("Statement")).isNotEmpty().allSatisfy(statement -> {
            assertThat(statement.path("Effect").asText()).isEqualTo("Allow");
            assertThat(statement.path("Action")).isNotEmpty();
            assertThat(statement.path("Resource")).isNotEmpty();
        });
        JsonNode all = JSON.readTree(run("f", "--json").out());
        assertThat(all.path("policy")).isEqualTo(document);
        assertThat(all).isEqualTo(JSON.readTree(server.send("GET", "/_sluice/mappings/" + uuid.substring(0, 8) + "/policy", null).body()));
        assertThat(all.at("/managedPolicy/suffices").asBoolean(true)).isFalse();
        assertThat(all.at("/reasons/SendFailures").asText()).isEqualTo("The on-failure destination.");
    }

    @Test
    void aMappingThatThereIsNotIsNamed() {
        CommandRun run = CommandRun.of("policy", "nothing", "--endpoint", server.endpoint().toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("sluice: There is no mapping 'nothing'\n");
        assertThat(CommandRun.of("policy", uuid, "--json", "--document", "--endpoint", server.endpoint().toString()).status()).isEqualTo(2);
    }

    private CommandRun run(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "policy";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[all.length - 2] = "--endpoint";
        all[all.length - 1] = server.endpoint().toString();
        CommandRun run = CommandRun.of(all);
        assertThat(run.status()).as(run.err()).isZero();
        return run;
    }
}
