package dev.sluice.runtime.api;

import static dev.sluice.runtime.api.Children.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.invocation.Payload;
import dev.sluice.runtime.api.Children.Child;
import dev.sluice.runtime.process.RuntimeProcess.Event;
import dev.sluice.runtime.process.RuntimeProcess.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events to real processes, and the answers. */
class ChildProcessesIT {

    @TempDir
    Path directory;
    private Children children;

    @BeforeEach
    void open() {
        children = new Children(directory);
    }

    @AfterEach
    void close() {
        children.close();
    }

    @Test
    void aWarmProcessGetsEveryEventUnderItsOwnId() throws IOException {
        Child child = children.python("loop(lambda event, head, id: id + ' ' + event.decode())");
        assertThat(child.process().awaitReady()).isEmpty();
        for (int i = 0; i < 1_000; i++) {
            assertThat(text(child.invoke("id-" + i, "{\"n\":" + i + "}"))).isEqualTo("id-" + i + " {\"n\":" + i + "}");
        }
        assertThat(child.process().isAlive()).isTrue();
    }

    @Test
    void anEventComesWithWhatLambdaSaysOfIt() throws IOException {
        Child child = children.python("loop(lambda event, head, id: json.dumps(sorted(head.getheaders())))");
        assertThat(text(child.invoke("1", "{}"))).isEqualTo("""
                [["Content-Length", "2"], ["Content-Type", "application/json"], \
                ["Lambda-Runtime-Aws-Request-Id", "1"], ["Lambda-Runtime-Deadline-Ms", "1800000000000"], \
                ["Lambda-Runtime-Invoked-Function-Arn", "%s"], ["Lambda-Runtime-Trace-Id", "%s"]]"""
                .formatted(Children.ARN, Children.TRACE));
    }

    @Test
    void aClientContextArrivesAsItIs() throws IOException {
        Child child = children.python("loop(lambda event, head, id: "
                + "head.getheader('Lambda-Runtime-Client-Context').encode('iso-8859-1'))");
        Result result = child.process().invoke(new Event(Payload.of(new byte[0]),
                "1", Children.ARN, Children.TRACE, "{\"custom\":\n{\"name\":\"Zoë €\"}}", 1));
        assertThat(text(result)).isEqualTo("{\"custom\": {\"name\":\"Zoë €\"}}");
    }

    @Test
    void sixMegabytesGoThereAndBack() throws IOException {
        Child child = children.python("loop(lambda event, head, id: event)");
        byte[] event = new byte[6 * 1024 * 1024];
        for (int i = 0; i < event.length; i++) {
            event[i] = (byte) (i * 31 + i / 251);
        }
        for (int round = 0; round < 3; round++) {
            Result result = child.process().invoke(Children.event("big-" + round, event));
            assertThat(result).isInstanceOfSatisfying(Result.Answered.class,
                    answered -> assertThat(Arrays.equals(answered.answer(), event)).isTrue());
        }
    }

    /** As in AWS's tutorial for custom runtimes; curl asks before it sends a large body ("Expect: 100-continue"). */
    @Test
    void aShellScriptWithCurlIsARuntimeToo() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "there is no curl");
        Child child = children.bash("""
                while true; do
                  curl -sS -LD headers -o event "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next"
                  id=$(grep -Fi Lambda-Runtime-Aws-Request-Id headers | tr -d '[:space:]' | cut -d: -f2)
                  curl -sS -X POST "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/$id/response" --data-binary @event
                done
                """);
        assertThat(text(child.invoke("1", "{\"small\":1}"))).isEqualTo("{\"small\":1}");
        byte[] large = new byte[3_000_000];
        Arrays.fill(large, (byte) 'x');
        assertThat(child.process().invoke(Children.event("2", large))).isInstanceOfSatisfying(Result.Answered.class,
                answered -> assertThat(Arrays.equals(answered.answer(), large)).isTrue());
        assertThat(child.process().isAlive()).isTrue();
    }

    @Test
    void onlyThePayloadsOwnBytesAreSent() throws IOException {
        Child child = children.python("loop(lambda event, head, id: event)");
        byte[] buffer = "{\"a\":1}and what an earlier event left".getBytes(StandardCharsets.UTF_8);
        Result result = child.process().invoke(new Event(
                new Payload(buffer, 7), "1", Children.ARN, Children.TRACE, null, 1));
        assertThat(text(result)).isEqualTo("{\"a\":1}");
    }

    /** The lengths around the limit: what is just allowed, one byte more, and a good answer afterwards. */
    @Test
    void aTooLargeAnswerIsOneOutcomeAndTheProcessGoesOn() throws IOException {
        Child child = children.python("""
                def handle(event, head, id):
                    answer, body = call('POST', 'invocation/%s/response' % id, b'x' * int(event))
                    print(answer.status, body.decode(), flush=True)
                loop(handle)
                """);
        assertThat(child.invoke("1", "6291556")).isInstanceOfSatisfying(Result.Answered.class,
                answered -> assertThat(answered.answer()).hasSize(6_291_556));
        assertThat(child.invoke("2", "6291557")).isEqualTo(new Result.AnsweredTooMuch(6_291_557));
        assertThat(child.invoke("3", "20000000")).isEqualTo(new Result.AnsweredTooMuch(20_000_000));
        assertThat(text(child.invoke("4", "2"))).isEqualTo("xx");
        assertThat(child.printed().text()).contains("413 {\"errorMessage\":\"Exceeded maximum allowed payload size "
                + "(6291556 bytes).\",\"errorType\":\"RequestEntityTooLarge\"}\n");
    }

    @Test
    void reportedErrorsAreHandedOnAsTheyAre() throws IOException {
        Child child = children.python("""
                def handle(event, head, id):
                    form = json.loads(event)
                    call('POST', 'invocation/%s/error' % id, form['body'], form['headers'])
                loop(handle)
                """);
        assertFailed(child.invoke("1", "{\"headers\":{\"Lambda-Runtime-Function-Error-Type\":\"Runtime.MyError\"},"
                + "\"body\":\"{\\\"errorType\\\":\\\"E\\\"}\"}"), "Runtime.MyError", "{\"errorType\":\"E\"}");
        assertFailed(child.invoke("2", "{\"headers\":{},\"body\":\"\"}"), null, "");
        assertFailed(child.invoke("3", "{\"headers\":{},\"body\":\"no JSON\"}"), null, "no JSON");
        assertFailed(child.invoke("4", "{\"headers\":{\"Content-Type\":\"application/vnd.aws.lambda.error.cause+json\"},"
                + "\"body\":\"{\\\"errorType\\\":\\\"E\\\",\\\"errorCause\\\":{\\\"working_directory\\\":\\\"/\\\"}}\"}"),
                null, "{\"errorType\":\"E\"}");
    }

    @Test
    void anErrorOfTheStartIsSaidToWhoAwaitsIt() throws IOException {
        Child child = children.python("""
                print('no config', flush=True)
                answer, body = call('POST', 'init/error', '{"errorType":"E"}',
                                    {'Lambda-Runtime-Function-Error-Type': 'Runtime.NoConfig'})
                print(answer.status, body.decode(), flush=True)
                sys.exit(1)
                """);
        assertFailed(child.process().awaitReady().orElseThrow(), "Runtime.NoConfig", "{\"errorType\":\"E\"}");
        assertThat(child.printed().text()).startsWith("no config\n");
        assertThat(child.invoke("1", "{}")).isEqualTo(new Result.NotTaken("exit status 1"));
        assertThat(child.printed().text()).isEqualTo("no config\n202 {\"status\":\"OK\"}\n");
    }

    @Test
    void theEndOfAProcessIsSaidInLambdasWords() throws IOException {
        String script = "loop(lambda event, head, id: eval(event))";
        assertThat(children.python(script).invoke("1", "os._exit(1)")).isEqualTo(new Result.Exited("exit status 1"));
        assertThat(children.python(script).invoke("1", "os._exit(0)")).isEqualTo(new Result.Exited(null));
        assertThat(children.python(script).invoke("1", "os.kill(os.getpid(), 9)")).isEqualTo(new Result.Exited("signal: killed"));
        assertThat(children.python(script).invoke("1", "os.abort()")).isEqualTo(new Result.Exited("signal: aborted"));
        assertThat(children.bash("exit 3").process().awaitReady()).contains(new Result.Exited("exit status 3"));
        assertThat(children.bash("true").process().awaitReady()).contains(new Result.Exited(null));
    }

    @Test
    void anAnswerBeforeTheEndIsAnAnswer() throws IOException {
        for (int i = 0; i < 20; i++) {
            Child child = children.python("""
                    head, event = call('GET', 'invocation/next')
                    id = head.getheader('Lambda-Runtime-Aws-Request-Id')
                    # Without waiting for what comes back.
                    api.request('POST', base + 'invocation/%s/response' % id, event)
                    os._exit(9)
                    """);
            assertThat(text(child.invoke("1", "{\"last\":true}"))).isEqualTo("{\"last\":true}");
            assertThat(child.invoke("2", "{}")).isEqualTo(new Result.NotTaken("exit status 9"));
            assertThat(child.process().isAlive()).isFalse();
        }
    }

    @Test
    void aProcessThatEndsBetweenTwoEventsHasEnded() throws IOException {
        Child child = children.python("loop(lambda event, head, id: str(os.getpid()))");
        long pid = Long.parseLong(text(child.invoke("1", "")));
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        // What was written to a connection in the moment when it broke may have been seen.
        assertThat(child.invoke("2", "")).isIn(new Result.Exited("signal: killed"), new Result.NotTaken("signal: killed"));
        assertThat(child.invoke("3", "")).isEqualTo(new Result.NotTaken("signal: killed"));
        assertThat(child.process().awaitReady()).contains(new Result.Exited("signal: killed"));
    }

    @Test
    void anInterruptKillsTheProcess() throws Exception {
        Child child = children.python("loop(lambda event, head, id: time.sleep(60) if event else '')");
        assertThat(text(child.invoke("1", ""))).isEmpty();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        CompletableFuture<Result> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            result.complete(child.invoke("2", "sleep"));
            interrupted.complete(Thread.currentThread().isInterrupted());
        });
        thread.start();
        await().until(() -> thread.getState() == Thread.State.WAITING);
        thread.interrupt();
        assertThat(result).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(new Result.Exited("signal: killed"));
        assertThat(interrupted).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(true);
        assertThat(child.process().isAlive()).isFalse();
    }

    @Test
    void manyProcessesDoNotMixTheirEventsUp() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(20);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int number = 0; number < 20; number++) {
                int own = number;
                all.add(threads.submit(() -> {
                    Child child = children.python("loop(lambda event, head, id: id + event.decode() + ' of " + own + "')");
                    for (int i = 0; i < 50; i++) {
                        assertThat(text(child.invoke(own + "-" + i, "!"))).isEqualTo(own + "-" + i + "! of " + own);
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(children.processes.openPorts()).isEqualTo(20);
    }

    @Test
    void theMostMemoryIsKnownWhereTheSystemTellsIt() throws IOException {
        Child child = children.python("""
                kept = []
                loop(lambda event, head, id: str(kept.append(b'x' * int(event))))
                """);
        child.invoke("1", "0");
        long before = child.process().peakMemoryBytes().orElseThrow();
        child.invoke("2", "50000000");
        assertThat(child.process().peakMemoryBytes().orElseThrow() - before).isBetween(40_000_000L, 80_000_000L);
    }

    static void assertFailed(Result result, String errorType, String body) {
        assertThat(result).isInstanceOfSatisfying(Result.Failed.class, failed -> {
            assertThat(failed.errorType()).isEqualTo(errorType);
            assertThat(new String(failed.error(), StandardCharsets.UTF_8)).isEqualTo(body);
        });
    }
}
