package dev.sluice.runtime.api;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.invocation.Payload;
import dev.sluice.runtime.process.RuntimeProcess;
import dev.sluice.runtime.process.RuntimeProcess.Event;
import dev.sluice.runtime.process.RuntimeProcess.Result;
import dev.sluice.runtime.process.RuntimeProcesses.Launch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Processes for tests, written into a directory of the test's. */
final class Children implements AutoCloseable {

    static final String ARN = "arn:aws:lambda:eu-central-1:000000000000:function:orders";
    static final String TRACE = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1";

    /** A runtime in Python: {@code handle} is the test's, and returns what is answered. */
    private static final String PYTHON = """
            import http.client, os, sys, time, json, subprocess, signal, base64
            api = http.client.HTTPConnection(os.environ['AWS_LAMBDA_RUNTIME_API'])
            base = '/2018-06-01/runtime/'
            def call(method, path, body=None, headers={}):
                api.request(method, base + path, body, headers)
                answer = api.getresponse()
                return answer, answer.read()
            def loop(handle):
                while True:
                    head, event = call('GET', 'invocation/next')
                    id = head.getheader('Lambda-Runtime-Aws-Request-Id')
                    answer = handle(event, head, id)
                    if answer is not None:
                        call('POST', 'invocation/%s/response' % id, answer)
            """;

    final ChildProcesses processes = new ChildProcesses();
    private final Path directory;

    Children(Path directory) {
        this.directory = directory;
    }

    /** What a process has printed so far. */
    static final class Printed {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        synchronized void write(byte[] from, int offset, int count) {
            bytes.write(from, offset, count);
        }

        synchronized String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        synchronized byte[] bytes() {
            return bytes.toByteArray();
        }
    }

    record Child(RuntimeProcess process, Printed printed) {
        Result invoke(String id, String event) {
            return process.invoke(event(id, event));
        }

        /** On a thread of its own. */
        CompletableFuture<Result> invokeAside(String id, String event) {
            return CompletableFuture.supplyAsync(() -> invoke(id, event), run -> new Thread(run).start());
        }
    }

    Child python(String script) throws IOException {
        return start(pythonCommand(script), Map.of("PATH", "/usr/local/bin:/usr/bin:/bin"));
    }

    List<String> pythonCommand(String script) throws IOException {
        Path python = List.of("/usr/bin/python3", "/usr/local/bin/python3").stream().map(Path::of).filter(Files::isExecutable)
                .findFirst().orElse(null);
        assumeTrue(python != null, "there is no python3");
        Path file = Files.createTempFile(directory, "child", ".py");
        Files.writeString(file, PYTHON + script);
        return List.of(python.toString(), file.toString());
    }

    Child bash(String script) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "there is no bash");
        return start(List.of("/bin/bash", "-c", script), Map.of("PATH", "/usr/bin:/bin"));
    }

    Child start(List<String> command, Map<String, String> environment) throws IOException {
        Printed printed = new Printed();
        return new Child(processes.start(new Launch("orders", command, directory, environment), printed::write), printed);
    }

    static Event event(String id, String event) {
        return event(id, event.getBytes(StandardCharsets.UTF_8));
    }

    static Event event(String id, byte[] event) {
        return new Event(Payload.of(event), id, ARN, TRACE, null, 1_800_000_000_000L);
    }

    static String text(Result result) {
        return result instanceof Result.Answered answered ? new String(answered.answer(), StandardCharsets.UTF_8)
                : result.toString();
    }

    @Override
    public void close() {
        processes.close();
    }
}
