package dev.sluice.runtime.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionSettings;
import dev.sluice.function.Isolation;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.runtime.log.LogLine;
import dev.sluice.runtime.log.LogQuery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handlers that do to their own JVM what one may do to it on Lambda, and what their function comes to. */
class OwnJvmIT {

    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path directory;
    private FunctionsFixture fixture;

    @AfterEach
    void close() {
        fixture.close();
    }

    private static final String HANDLER =
            """
                    public class Own {
                        static int calls;
                        static class \\u00dcberfehler extends RuntimeException { }
                        public String handle(String how, Context c) throws Exception {
                            calls++;
                            switch (how) {
                                case "close":
                                    System.out.close();
                                    System.err.close();
                                    c.getLogger().log("told although closed");
                                    throw new IllegalStateException("reported although closed");
                                case "urls":
                                    java.net.URL.setURLStreamHandlerFactory(protocol -> protocol.equals("http") ? new java.net.URLStreamHandler() {
                                        protected java.net.URLConnection openConnection(java.net.URL url) throws IOException {
                                            throw new IOException("no way there");
                                        }
                                    } : null);
                                    return "set";
                                case "hook":
                                    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                                        java.util.concurrent.locks.LockSupport.parkNanos(60_000_000_000L);
                                    }));
                                    throw new OutOfMemoryError("none left");
                                case "properties":
                                    new Thread(() -> java.util.concurrent.locks.LockSupport.parkNanos(60_000_000_000L)).start();
                                    System.setProperties(new Properties() {
                                        public synchronized Object setProperty(String name, String value) { throw new IllegalStateException("none"); }
                                    });
                                    return "set";
                                case "unicode": throw new \\u00dcberfehler();
                                case "sleep": Thread.sleep(60_000); return "";
                                default: return calls + " " + ProcessHandle.current().pid();
                            }
                        }
                    }""";

    private void function(Path home, Map<String, String> environment) throws Exception {
        fixture = new FunctionsFixture(home, Isolation.PROCESS);
        Path jar = Files.createTempFile(directory, "handler", ".jar");
        Files.write(jar, CompiledHandler.compile(directory, "Own", HANDLER).zip());
        fixture.functions.registry().register("f", new FunctionCode.LocalJar(jar),
                new FunctionSettings(null, "example.Own::handle", null, "", Duration.ofSeconds(20), 256, environment));
    }

    private InvocationResult call(String how) throws Exception {
        Recorded recorded = fixture.invoke("f", '"' + how + '"');
        InvocationResult result = recorded.result();
        recorded.awaitEnd(SOON);
        return result;
    }

    private String answer(String how) throws Exception {
        InvocationResult result = call(how);
        assertThat(result).isInstanceOf(InvocationResult.Success.class);
        return new String(((InvocationResult.Success) result).answer()).replace("\"", "");
    }

    @Test
    void aLibraryThatClosesItsOutputSilencesNoLogger() throws Exception {
        function(directory, Map.of());

        assertThat(new String(((InvocationResult.FunctionError) call("close")).error())).contains("reported although closed");

        assertThat(answer("")).startsWith("2 ");
        assertThat(fixture.output()).contains("told although closed").contains("reported although closed: java.lang.IllegalStateException");
    }

    @Test
    void whoHandlesTheFunctionsUrlsHandlesNotItsEvents() throws Exception {
        function(directory, Map.of());

        assertThat(answer("urls")).isEqualTo("set");

        assertThat(answer("")).startsWith("2 ");
    }

    @Test
    void theTimeoutOfTheFunctionsOwnConnectionsLeavesAnIdleProcessAlone() throws Exception {
        function(directory, Map.of("JAVA_TOOL_OPTIONS", "-Dsun.net.client.defaultReadTimeout=200"));
        long pid = Long.parseLong(answer("").substring(2));

        await().during(Duration.ofSeconds(1)).atMost(SOON).until(() -> ProcessHandle.of(pid).isPresent());

        assertThat(answer("")).isEqualTo("2 " + pid);
    }

    @Test
    void aProcessThatEndsAfterAnErrorIsWaitedForNoLongerThanAnotherOne() throws Exception {
        function(directory, Map.of());

        assertThat(call("hook")).isInstanceOf(InvocationResult.FunctionError.class);

        assertThat(answer("")).startsWith("1 ");
    }

    @Test
    void threadsOfTheFunctionKeepNoProcessThatTakesNoMoreEvents() throws Exception {
        function(directory, Map.of());

        assertThat(answer("properties")).isEqualTo("set");

        assertThat(new String(((InvocationResult.FunctionError) call("")).error())).contains("Runtime.ExitError");
        assertThat(answer("")).startsWith("1 ");
    }

    @Test
    void anErrorsClassMayHaveAnyName() throws Exception {
        function(directory, Map.of());

        assertThat(((InvocationResult.FunctionError) call("unicode")).errorType()).isEqualTo("example.Own$\u00dcberfehler");
    }

    @Test
    void itsCodeMayBeInADirectoryOfAnyName() throws Exception {
        assumeTrue(String.valueOf(System.getenv("LC_ALL") == null ? System.getenv("LANG") : System.getenv("LC_ALL")).startsWith("C."));
        function(Files.createDirectory(directory.resolve("pr\u00fcfen")), Map.of());

        assertThat(answer("")).startsWith("1 ");
    }

    @Test
    void whatIsKilledAsItsTimeIsUpHasNotExited() throws Exception {
        function(directory, Map.of());

        Recorded sleeping = fixture.invoke("f", "\"sleep\"");
        assertThat(sleeping.result()).isInstanceOf(InvocationResult.TimedOut.class);
        sleeping.awaitEnd(SOON);

        List<LogLine> lines = fixture.functions.logs().read(new LogQuery("f", null, 100, sleeping.started.get()), Duration.ZERO)
                .toCompletableFuture().get().lines();
        assertThat(lines).extracting(LogLine::text).noneMatch(line -> line.contains("exited") || line.contains("Runtime.ExitError"));
    }
}
