package dev.sluice.runtime.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.invocation.Payload;
import dev.sluice.runtime.api.ChildProcesses;
import dev.sluice.runtime.process.RuntimeProcess.Event;
import dev.sluice.runtime.process.RuntimeProcess.Result;
import dev.sluice.runtime.process.RuntimeProcesses.Launch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One process of a function in Python, whose code is what the test wrote into its task root. */
final class PythonFunction {

    static final String ARN = "arn:aws:lambda:eu-central-1:000000000000:function:orders";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RuntimeProcess process;
    private final ByteArrayOutputStream printed;

    private PythonFunction(RuntimeProcess process, ByteArrayOutputStream printed) {
        this.process = process;
        this.printed = printed;
    }

    /** @param more environment variables; over those that every function has */
    static PythonFunction start(ChildProcesses processes, Path taskRoot, String handler, Map<String, String> more) throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Launch launch = new Launch("orders", command(taskRoot.resolveSibling("runtime")), taskRoot,
                environment(taskRoot, handler, more));
        return new PythonFunction(processes.start(launch, (bytes, offset, count) -> {
            synchronized (printed) {
                printed.write(bytes, offset, count);
            }
        }), printed);
    }

    static Map<String, String> environment(Path taskRoot, String handler, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(Map.of("PATH", "/usr/bin:/bin", "LANG", "en_US.UTF-8", "_HANDLER", handler,
                "AWS_EXECUTION_ENV", "AWS_Lambda_python3.12", "LAMBDA_TASK_ROOT", taskRoot.toString(),
                "AWS_LAMBDA_FUNCTION_NAME", "orders", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128",
                "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST", "AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/orders",
                "AWS_LAMBDA_LOG_STREAM_NAME", "2026/11/24/[$LATEST]0"));
        environment.putAll(more);
        return environment;
    }

    static List<String> command(Path directory) throws IOException {
        Path python = Stream.of(System.getenv("PATH").split(":")).map(entry -> Path.of(entry, "python3"))
                .filter(Files::isExecutable).findFirst().orElse(null);
        assumeTrue(python != null, "there is no python3");
        Path bootstrap = directory.resolve("bootstrap.py");
        if (!Files.exists(bootstrap)) {
            Files.createDirectories(directory);
            try (InputStream resource = PythonFunction.class.getResourceAsStream("bootstrap.py")) {
                Files.copy(resource, bootstrap);
            }
        }
        return List.of(python.toString(), "-u", "-B", "-X", "utf8", bootstrap.toString());
    }

    RuntimeProcess process() {
        return process;
    }

    Result invoke(String id, byte[] event, String clientContext) {
        return process.invoke(new Event(Payload.of(event), id, ARN, "Root=" + id, clientContext,
                System.currentTimeMillis() + 60_000));
    }

    Result invoke(String id, String event) {
        return invoke(id, event.getBytes(StandardCharsets.UTF_8), null);
    }

    Result invokeWith(String clientContext) {
        return invoke("1", "{}".getBytes(StandardCharsets.UTF_8), clientContext);
    }

    /** What a function answers that evaluates its event. */
    String evaluated(String expression) throws IOException {
        return answer("1", quoted(expression));
    }

    /** As an event. */
    static String quoted(String text) throws IOException {
        return JSON.writeValueAsString(text);
    }

    /** What it answered, or how it ended. */
    String answer(String id, String event) {
        return text(invoke(id, event));
    }

    static String text(Result result) {
        return result instanceof Result.Answered answered ? new String(answered.answer(), StandardCharsets.UTF_8)
                : describe(result);
    }

    private static String describe(Result result) {
        return result instanceof Result.Failed failed ? failed.errorType() + " " + new String(failed.error(), StandardCharsets.UTF_8)
                : result.toString();
    }

    /** The document of an error, of which the type is said in the header too. */
    static JsonNode error(Result result) throws IOException {
        if (result instanceof Result.Failed failed) {
            JsonNode error = JSON.readTree(failed.error());
            if (error.path("errorType").asText().equals(failed.errorType())) {
                return error;
            }
        }
        throw new AssertionError(text(result));
    }

    /** What it printed since this was asked last. */
    String printed() {
        synchronized (printed) {
            String text = printed.toString(StandardCharsets.UTF_8);
            printed.reset();
            return text;
        }
    }
}
