package dev.sluice.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fixture.CompiledHandler;
import dev.sluice.fixture.FunctionsFixture;
import dev.sluice.fixture.Recorded;
import dev.sluice.function.FunctionCode;
import dev.sluice.function.Isolation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where and when the code of a process becomes files. */
class ProcessCodeIT {

    private static final String HANDLER = "public class Coded { public String handle() { return \"ran\"; } }";

    @TempDir
    Path directory;
    private FunctionsFixture fixture;

    @BeforeEach
    void open() {
        fixture = new FunctionsFixture(directory, Isolation.PROCESS);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Recorded invoked(Object... files) throws Exception {
        Path jar = Files.createTempFile(directory, "handler", ".jar");
        Files.write(jar, CompiledHandler.compile(directory, "Coded", HANDLER).zip(files));
        fixture.functions.registry().register("f", new FunctionCode.LocalJar(jar), FunctionsFixture.settings("example.Coded::handle", 20));
        Recorded recorded = fixture.invoke("f", "{}");
        recorded.result();
        recorded.awaitEnd(Duration.ofSeconds(10));
        return recorded;
    }

    @Test
    void landsNowhereButInTheFunctionsDirectory() throws Exception {
        for (String outside : new String[] {"../outside", "a/../../outside", "/../outside"}) {
            Recorded recorded = invoked(outside, "evil".getBytes());

            assertThat(recorded.couldNotInvoke()).as(outside).contains("can't be unpacked");
            // Before its time begins, in which a large archive might never be done.
            assertThat(recorded.started).isNotDone();
        }
        try (Stream<Path> all = Files.walk(directory)) {
            assertThat(all).noneMatch(file -> file.getFileName().toString().equals("outside"));
        }
        assertThat(unfinished()).isEmpty();
    }

    /** The server has a few seconds for its end: a process that takes a while for its own takes it while others are waited for. */
    @Test
    void ofAFunctionThatNobodyCallsTheProcessIsEndedBeforeCallsAreWaitedFor() throws Exception {
        Path release = directory.resolve("release");
        Path pid = directory.resolve("pid");
        Path jar = Files.createTempFile(directory, "handler", ".jar");
        Files.write(jar, CompiledHandler.compile(directory, "Ending", """
                public class Ending {
                    public String idle() throws Exception {
                        return java.nio.file.Files.writeString(java.nio.file.Path.of("%s"), "" + ProcessHandle.current().pid()).toString();
                    }
                    public String busy() throws Exception {
                        while (!java.nio.file.Files.exists(java.nio.file.Path.of("%s"))) {
                            Thread.sleep(5);
                        }
                        return "done";
                    }
                }""".formatted(pid, release)).zip());
        for (String name : new String[] {"idle", "busy"}) {
            fixture.functions.registry().register(name, new FunctionCode.LocalJar(jar),
                    FunctionsFixture.settings("example.Ending::" + name, 60));
        }
        Recorded idle = fixture.invoke("idle", "{}");
        idle.result();
        idle.awaitEnd(Duration.ofSeconds(10));
        ProcessHandle process = ProcessHandle.of(Long.parseLong(Files.readString(pid))).orElseThrow();
        Recorded busy = fixture.invoke("busy", "{}");
        busy.started.get(10, TimeUnit.SECONDS);

        Thread closing = new Thread(() -> fixture.functions.close(Duration.ofSeconds(30)));
        closing.start();
        try {
            await().atMost(Duration.ofSeconds(15)).until(() -> !process.isAlive());
            assertThat(busy.completed).isNotDone();
        } finally {
            Files.createFile(release);
            closing.join();
        }
    }

    private List<Path> unfinished() throws Exception {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> file.getFileName().toString().startsWith("task-")).toList();
        }
    }
}
