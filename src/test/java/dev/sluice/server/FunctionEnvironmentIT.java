package dev.sluice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What sluice.yaml says of functions' environments, and the accounts that own them, arrive in the handler. */
class FunctionEnvironmentIT {

    private static final String INVOKED = "/2015-03-31/functions/%s/invocations";

    @TempDir
    private Path directory;

    @Test
    void isThatOfTheFileAndOfTheOwnersAccountAndOutlivesAnExit() throws Exception {
        byte[] zip = CompiledHandler.compile(directory, "Asking", """
                public class Asking {
                    public String handle(String what) {
                        if (what.equals("exit")) { System.exit(2); }
                        return String.join(" ", System.getenv("ENDPOINT"), System.getenv("TABLE"), System.getenv("AWS_ACCESS_KEY_ID"),
                            System.getenv("AWS_REGION"), System.getenv("HOME"));
                    }
                }""").zip();
        Files.write(directory.resolve("asking.jar"), zip);
        try (TestServer server = TestServer.startWithFile(directory, "localhost:1", Map.of("region", "eu-central-1"), """
                functionEnvironment: {ENDPOINT: 'http://localhost:8000', TABLE: everybody}
                functions:
                  declared: {jar: asking.jar, handler: 'example.Asking::handle', timeoutSeconds: 20, environment: {TABLE: orders}}
                """)) {
            String created = "{\"FunctionName\":\"owned\",\"Handler\":\"example.Asking::handle\",\"Runtime\":\"java17\",\"Timeout\":20,"
                    + "\"Role\":\"arn:aws:iam::222222222222:role/r\",\"Code\":{\"ZipFile\":\"" + Base64.getEncoder().encodeToString(zip)
                    + "\"}}";
            assertThat(server.sendAs("222222222222", "us-west-2", "POST", "/2015-03-31/functions", created).statusCode()).isEqualTo(201);

            assertThat(server.sendAs("222222222222", "us-west-2", "POST", INVOKED.formatted("owned"), "\"\"").body())
                    .isEqualTo("\"http://localhost:8000 everybody 222222222222 us-west-2 null\"");
            // Every account sees a declared function; its environment is that of the server's own account and region.
            assertThat(server.sendAs("222222222222", "us-west-2", "POST", INVOKED.formatted("declared"), "\"exit\"").body())
                    .contains("Runtime exited with error: exit status 2");
            assertThat(server.sendAs("222222222222", "us-west-2", "POST", INVOKED.formatted("declared"), "\"\"").body())
                    .isEqualTo("\"http://localhost:8000 orders 000000000000 eu-central-1 null\"");
        }
    }
}
