package dev.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * A function of the Lambda API whose handler writes {@code CODE VALUE} into a file for each record it takes, so that a test sees which
 * code had which record. Confined to one thread.
 */
public final class RecordingFunction {

    private static final String FUNCTIONS = "/2015-03-31/functions";

    private final TestServer server;
    private final String name;
    private final Path directory;
    private final Path taken;

    private RecordingFunction(TestServer server, String name, Path directory) {
        this.server = server;
        this.name = name;
        this.directory = directory;
        this.taken = directory.resolve(name + ".taken");
    }

    /** Creates it, with this code published as version 1. */
    public static RecordingFunction create(TestServer server, String name, Path directory, String code) {
        RecordingFunction function = new RecordingFunction(server, name, directory);
        function.expect(201, server.send("POST", FUNCTIONS, "{\"FunctionName\":\"" + name + "\",\"Runtime\":\"java17\",\"Timeout\":30,"
                + "\"Role\":\"arn:aws:iam::000000000000:role/r\",\"Handler\":\"example.Recorder\",\"Publish\":true,"
                + "\"Code\":{\"ZipFile\":\"" + function.zip(code) + "\"}}"));
        return function;
    }

    /** UpdateFunctionCode, published as the next version. */
    public void publish(String code) {
        expect(200, server.send("PUT", FUNCTIONS + "/" + name + "/code", "{\"ZipFile\":\"" + zip(code) + "\",\"Publish\":true}"));
    }

    /** CreateAlias. */
    public void createAlias(String alias, String version) {
        expect(201, server.send("POST", FUNCTIONS + "/" + name + "/aliases",
                "{\"Name\":\"" + alias + "\",\"FunctionVersion\":\"" + version + "\"}"));
    }

    /** UpdateAlias. */
    public void updateAlias(String alias, String version) {
        expect(200, server.send("PUT", FUNCTIONS + "/" + name + "/aliases/" + alias, "{\"FunctionVersion\":\"" + version + "\"}"));
    }

    /** DeleteAlias. */
    public void deleteAlias(String alias) {
        expect(204, server.send("DELETE", FUNCTIONS + "/" + name + "/aliases/" + alias, null));
    }

    /** PutFunctionConcurrency. */
    public void reserve(int concurrency) {
        expect(200, server.send("PUT", "/2017-10-31/functions/" + name + "/concurrency",
                "{\"ReservedConcurrentExecutions\":" + concurrency + "}"));
    }

    /** DeleteFunctionConcurrency. */
    public void unreserve() {
        expect(204, server.send("DELETE", "/2017-10-31/functions/" + name + "/concurrency", null));
    }

    /** What was taken, in order. */
    public List<String> taken() {
        try {
            return Files.exists(taken) ? Files.readAllLines(taken) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until these were taken, in this order and nothing else. */
    public void awaitTaken(String... lines) {
        await().atMost(TestServer.PATIENCE).pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(taken()).containsExactly(lines));
    }

    /** Code named {@code broken} takes nothing and fails. */
    private String zip(String code) {
        try {
            return Base64.getEncoder().encodeToString(CompiledHandler.compile(directory, "Recorder", """
                    public class Recorder implements RequestHandler<Map<String, Object>, String> {
                        @Override
                        public String handleRequest(Map<String, Object> event, Context context) {
                            if ("%1$s".equals("broken")) {
                                throw new IllegalStateException("as asked");
                            }
                            for (Object partition : ((Map<?, ?>) event.get("records")).values()) {
                                for (Object record : (List<?>) partition) {
                                    String value = (String) ((Map<?, ?>) record).get("value");
                                    String line = "%1$s " + new String(Base64.getDecoder().decode(value)) + "\\n";
                                    try (FileWriter out = new FileWriter("%2$s", true)) {
                                        out.write(line);
                                    } catch (IOException e) {
                                        throw new UncheckedIOException(e);
                                    }
                                }
                            }
                            return context.getFunctionVersion();
                        }
                    }
                    """.formatted(code, taken)).zip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void expect(int status, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    }
}
