package dev.sluice.runtime.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.invocation.Payload;
import dev.sluice.runtime.api.ChildProcesses;
import dev.sluice.runtime.process.RuntimeProcess.Result;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Node.js functions of tests: files in a directory of the test's, and processes that run them with the bootstrap. */
final class NodeFunction implements AutoCloseable {

    static final String ARN = "arn:aws:lambda:eu-central-1:000000000000:function:orders";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ChildProcesses processes = new ChildProcesses();
    final Path code;
    private final Path bootstrap;
    private final List<String> node;

    NodeFunction(Path directory) throws IOException {
        this.code = Files.createDirectories(directory.resolve("code"));
        this.bootstrap = directory.resolve("bootstrap.mjs");
        try (InputStream in = Objects.requireNonNull(NodeFunction.class.getResourceAsStream("bootstrap.mjs"))) {
            Files.copy(in, bootstrap);
        }
        String executable = Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(entry -> Path.of(entry, "node"))
                .filter(Files::isExecutable).map(Path::toString).findFirst().orElse(null);
        assumeTrue(executable != null, "there is no node");
        this.node = List.of(executable);
    }

    /** Writes a file of the function's. */
    NodeFunction file(String name, String text) throws IOException {
        Path file = code.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    /** A started process, and what it has printed. */
    record Running(RuntimeProcess process, ByteArrayOutputStream printed) {

        Result call(String id, String event) {
            return call(id, event, null);
        }

        Result call(String id, String event, String clientContext) {
            return process.invoke(new RuntimeProcess.Event(Payload.of(event.getBytes(StandardCharsets.UTF_8)), id, ARN,
                    "Root=1-" + id, clientContext, 4_000_000_000_000L));
        }

        /** The answer, "TYPE: MESSAGE" of an error, or how it ended. */
        String answer(String id, String event) {
            return text(call(id, event));
        }

        String start() {
            return process.awaitReady().map(NodeFunction::text).orElse("ready");
        }

        String output() {
            synchronized (printed) {
                return printed.toString(StandardCharsets.UTF_8);
            }
        }
    }

    /** @param variables over those that every function has, "NAME=VALUE" */
    Running start(String runtime, String handler, String... variables) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of("PATH", System.getenv("PATH"), "_HANDLER", handler,
                "LAMBDA_TASK_ROOT", code.toString(), "AWS_EXECUTION_ENV", "AWS_Lambda_" + runtime,
                "AWS_LAMBDA_FUNCTION_NAME", "orders", "AWS_LAMBDA_FUNCTION_VERSION", "7", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256",
                "AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/orders", "AWS_LAMBDA_LOG_STREAM_NAME", "stream"));
        for (String variable : variables) {
            environment.put(variable.substring(0, variable.indexOf('=')), variable.substring(variable.indexOf('=') + 1));
        }
        List<String> command = new ArrayList<>(node);
        command.add(bootstrap.toString());
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        return new Running(processes.start(new RuntimeProcesses.Launch("orders", command, code, environment), (bytes, from, count) -> {
            synchronized (printed) {
                printed.write(bytes, from, count);
            }
        }), printed);
    }

    static String text(Result result) {
        if (result instanceof Result.Answered answered) {
            return new String(answered.answer(), StandardCharsets.UTF_8);
        }
        if (result instanceof Result.Failed failed) {
            JsonNode error = document(failed);
            return error.path("errorType").asText() + ": " + error.path("errorMessage").asText();
        }
        return result instanceof Result.Exited exited ? "exited: " + exited.how() : result.toString();
    }

    static JsonNode document(Result.Failed failed) {
        try {
            return JSON.readTree(failed.error());
        } catch (IOException e) {
            throw new AssertionError("an error that is no JSON", e);
        }
    }

    @Override
    public void close() {
        processes.close();
    }
}
