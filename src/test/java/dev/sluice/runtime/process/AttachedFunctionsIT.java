package dev.sluice.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.FunctionStore;
import dev.sluice.invocation.InvocationOptions;
import dev.sluice.invocation.InvocationResult;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Functions whose processes somebody else starts, here in bash with curl, as in AWS's tutorial for custom runtimes. */
class AttachedFunctionsIT {

    private static final String BOOTSTRAP =
            """
                    while true; do
                      headers=$(mktemp)
                      event=$(curl -sS -D "$headers" "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next") || exit 1
                      id=$(grep -i ^lambda-runtime-aws-request-id "$headers" | tr -d '[:space:]' | cut -d: -f2)
                      rm "$headers"
                      %s
                      curl -sS -o /dev/null "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/$id/response" -d "\\"got $event\\"" || exit 1
                    done
                    """;

    @TempDir
    Path directory;
    private FunctionsFixture fixture;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void open() {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")) && Files.isExecutable(Path.of("/usr/bin/curl")), "bash and curl");
        fixture = new FunctionsFixture(directory);
    }

    @AfterEach
    void close() throws Exception {
        if (fixture != null) {
            fixture.close();
        }
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    private void register(String name, int timeoutSeconds) {
        fixture.functions.registry().register(name, new FunctionCode.Attached(), FunctionsFixture.settings(null, timeoutSeconds));
    }

    private String address(String name) {
        return fixture.functions.registry().all().stream().filter(function -> function.name().equals(name)).findFirst()
                .flatMap(fixture.functions::attachAddress).orElseThrow();
    }

    /** @param work what it does between an event and its answer */
    private Process attach(String name, String work) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("/bin/bash", "-c", BOOTSTRAP.formatted(work));
        builder.environment().put("AWS_LAMBDA_RUNTIME_API", address(name));
        Process process = builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        started.add(process);
        return process;
    }

    @Test
    void theAddressIsKnownBeforeAnyEventAndIsTheSameAtTheNextStart() {
        register("orders", 1);
        String address = address("orders");
        assertThat(address).matches("127\\.0\\.0\\.1:\\d+");
        FunctionStore store = fixture.store;
        fixture.close();
        fixture = new FunctionsFixture(directory, FunctionsFixture.LIMITS, store);
        assertThat(address("orders")).isEqualTo(address);
    }

    @Test
    void noTimeoutApplies() throws Exception {
        register("orders", 1);
        attach("orders", "sleep 2");
        Recorded recorded = fixture.invoke("orders", "7", new InvocationOptions(InvocationOptions.WhenBusy.WAIT, null, true, null, null));
        assertThat(recorded.answer()).isEqualTo("\"got 7\"");
        assertThat(recorded.log()).contains("START RequestId: ", "END RequestId: ", "REPORT RequestId: ");
    }

    @Test
    void anEventThatNobodyTookIsToBeRetriedWhenTheFunctionIsDeleted() throws Exception {
        register("orders", 1);
        Recorded recorded = fixture.invoke("orders", "7");
        recorded.started.join();
        fixture.functions.registry().unregister("orders");
        assertThat(recorded.result()).isInstanceOf(InvocationResult.CouldNotInvoke.class);
    }

    @Test
    void whatBecomesAnotherKindOfFunctionFreesItsPort() {
        register("orders", 1);
        String[] address = address("orders").split(":");
        fixture.url("orders", java.net.URI.create("http://127.0.0.1:9/"), false);
        assertThat(fixture.functions.attachAddress(fixture.functions.registry().all().get(0))).isEmpty();
        await().until(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address[0], Integer.parseInt(address[1])), 1000);
                return false;
            } catch (IOException refused) {
                return true;
            }
        });
    }

    @Test
    void whoRegistersAFunctionAnewGetsTheEventsOfStuckProcessesBack() throws Exception {
        register("orders", 1);
        String before = address("orders");
        Path taken = directory.resolve("taken");
        Process stuck = attach("orders", "touch " + taken + "; sleep 600");
        Recorded recorded = fixture.invoke("orders", "7");
        await().until(() -> Files.exists(taken));
        register("orders", 2);
        assertThat(recorded.error()).contains("Runtime.ExitError", "the function was registered anew");
        assertThat(address("orders")).isEqualTo(before);
        stuck.descendants().forEach(ProcessHandle::destroyForcibly);
        stuck.destroyForcibly();
        attach("orders", ":");
        assertThat(fixture.invoke("orders", "8").answer()).isEqualTo("\"got 8\"");
    }

    @Test
    void theSameRegistrationAgainGetsThemBackToo() throws Exception {
        register("orders", 1);
        Path taken = directory.resolve("taken");
        Process stuck = attach("orders", "touch " + taken + "; sleep 600");
        Recorded recorded = fixture.invoke("orders", "7");
        await().until(() -> Files.exists(taken));
        register("orders", 1);
        assertThat(recorded.error()).contains("Runtime.ExitError", "the function was registered anew");
        stuck.descendants().forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void aClosingServerWaitsForNoEventThatNobodyTook() throws Exception {
        register("orders", 1);
        Recorded recorded = fixture.invoke("orders", "7");
        recorded.started.join();
        long before = System.nanoTime();
        fixture.functions.close(Duration.ofSeconds(20));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        assertThat(recorded.result()).isInstanceOf(InvocationResult.CouldNotInvoke.class);
    }
}
