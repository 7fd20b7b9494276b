package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class LogsCommandIT {

    private static final String LINES = """
            {"lines":[{"seq":1,"time":"2026-03-04T05:06:08.089Z","requestId":"r1","version":"$LATEST","accountId":"111111111111",\
            "region":"eu-west-1","text":"START RequestId: r1 Version: $LATEST"},\
            {"seq":2,"time":"2026-03-04T05:06:08.090Z","requestId":"r1","version":"$LATEST","text":"\\tat a.B"}],"next":2,"lost":0}""";
    private static final String NONE = "{\"lines\":[],\"next\":2,\"lost\":0}";

    private StubServer server;

    @TempDir
    private Path directory;

    @BeforeEach
    void start() throws IOException {
        server = new StubServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private CommandRun run(String... args) {
        return CommandRun.with(Map.of("SLUICE_ENDPOINT", server.endpoint()), "", directory, args);
    }

    private static String functions(String... names) {
        return "{\"functions\":[{\"name\":\"" + String.join("\"},{\"name\":\"", names) + "\"}]}";
    }

    @Test
    void linesHaveTheirTimeAndRequestId() {
        server.answer(200, LINES).answer(200, functions("orders", "other"));

        CommandRun run = run("logs", "orders", "--limit", "5", "--request", "r1");

        assertThat(run.status()).isZero();
        assertThat(run.out()).isEqualTo("""
                2026-03-04T05:06:08.089Z r1 START RequestId: r1 Version: $LATEST
                2026-03-04T05:06:08.090Z r1 \tat a.B
                """);
        assertThat(run.err()).isEmpty();
        assertThat(server.requests().get(0).line()).isEqualTo("GET /_sluice/functions/orders/logs?limit=5&request=r1");
    }

    @Test
    void accountsAreShownWhereThereAreSeveral() {
        server.answer(200, LINES).answer(200, functions("orders", "orders"));

        assertThat(run("logs", "orders").out()).startsWith(
                "2026-03-04T05:06:08.089Z 111111111111/eu-west-1 r1 START RequestId: r1 Version: $LATEST\n2026-03-04T05:06:08.090Z r1 ");
    }

    @Test
    void followGoesOnWhereItIsAndSaysWhatIsMissing() {
        server.answer(200, NONE).answer(200, functions("orders"))
                .answer(200, NONE)
                .answer(200, LINES.replace("\"next\":2,\"lost\":0", "\"next\":9,\"lost\":5"))
                .answer(503, "{\"message\":\"closing\"}");

        CommandRun run = run("logs", "orders", "--follow");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out().lines()).hasSize(2);
        assertThat(run.err()).isEqualTo("sluice: 5 lines came faster than they could be shown and are missing\nsluice: closing\n");
        assertThat(server.requests()).extracting(StubServer.Request::line).containsExactly("GET /_sluice/functions/orders/logs?limit=100",
                "GET /_sluice/functions", "GET /_sluice/functions/orders/logs?limit=10000&after=2&wait=30",
                "GET /_sluice/functions/orders/logs?limit=10000&after=2&wait=30",
                "GET /_sluice/functions/orders/logs?limit=10000&after=9&wait=30");
    }

    @Test
    void anUnknownFunctionFailsAndNamesTheNearest() {
        server.answer(404, "{\"message\":\"There is no function 'ordres'\"}").answer(200, functions("payments", "orders"));

        assertThat(run("logs", "ordres")).isEqualTo(new CommandRun(1, "", "sluice: There is no function 'ordres'; did you mean orders?\n"));
    }

    @Test
    void anEmptyLogIsSaid() {
        server.answer(200, NONE).answer(200, functions("orders")).answer(200, NONE).answer(200, functions("orders"));

        assertThat(run("logs", "orders")).isEqualTo(new CommandRun(0, "", "sluice: function orders has logged nothing yet\n"));
        assertThat(run("logs", "orders", "--request", "x").err())
                .isEqualTo("sluice: function orders has no lines of an invocation x\n");
    }

    @Test
    void wrongUsageIsStatusTwo() {
        assertThat(run("logs").status()).isEqualTo(2);
        assertThat(run("logs", "orders", "--limit", "0").err())
                .isEqualTo("sluice: --limit is 0; allowed is a whole number from 1 to 10000\n");
        assertThat(run("logs", "--help").out()).contains("START, END and REPORT", "--follow", "--request");
        assertThat(server.requests()).isEmpty();
    }
}
