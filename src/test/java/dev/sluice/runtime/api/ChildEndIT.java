package dev.sluice.runtime.api;

import static dev.sluice.runtime.api.Children.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.runtime.api.Children.Child;
import dev.sluice.runtime.process.RuntimeProcess.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How processes are ended, and that nothing of them is left. */
class ChildEndIT {

    /** Starts four others, as unlike a child as can be, and says their ids. */
    private static final String FAMILY = """
            children = [
                subprocess.Popen(['/bin/sleep', '600']),
                subprocess.Popen(['/bin/sh', '-c', 'sleep 600 & sleep 600']),
                subprocess.Popen(['/bin/sleep', '600'], start_new_session=True),
                subprocess.Popen(['/bin/sleep', '600'], start_new_session=True, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL),
            ]
            orphan = subprocess.run(['/bin/sh', '-c', 'setsid nohup sleep 600 >/dev/null 2>&1 & echo $!'], capture_output=True)
            pids = ' '.join([str(os.getpid())] + [str(p.pid) for p in children] + [orphan.stdout.decode().strip()])
            """;

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

    private static List<ProcessHandle> handles(String pids) {
        return Stream.of(pids.strip().split(" ")).map(Long::parseLong).map(pid -> ProcessHandle.of(pid).orElseThrow()).toList();
    }

    /** Or ended and not yet waited for by their new parent, which may take its time. */
    private static void assertGone(List<ProcessHandle> handles) {
        await().atMost(Duration.ofSeconds(5)).untilAsserted(
                () -> assertThat(handles).noneMatch(handle -> ProcessTable.entry(handle.pid()).isPresent()));
    }

    @Test
    void killLeavesNothingOfItsFamily() throws Exception {
        Child child = children.python(FAMILY
                + "loop(lambda event, head, id: (print('took it', flush=True), time.sleep(600)) if event else pids)");
        List<ProcessHandle> family = handles(text(child.invoke("1", "")));
        assertThat(family).hasSize(6).allMatch(ProcessHandle::isAlive);
        CompletableFuture<Result> running = child.invokeAside("2", "sleep");
        await().until(() -> child.printed().text().contains("took it"));
        child.process().kill();
        child.process().kill();
        assertThat(child.process().isAlive()).isFalse();
        assertThat(running).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(new Result.Exited("signal: killed"));
        assertGone(family);
    }

    @Test
    void aProcessThatEndsByItselfTakesItsFamilyAlong() throws Exception {
        Child child = children.python(FAMILY + "loop(lambda event, head, id: os._exit(7) if event else pids)");
        List<ProcessHandle> family = handles(text(child.invoke("1", "")));
        assertThat(child.invoke("2", "end")).isEqualTo(new Result.Exited("exit status 7"));
        assertGone(family);
    }

    @Test
    void whatAProcessLeavesThatEndsAtOnceIsKilledToo() throws Exception {
        for (int i = 0; i < 10; i++) {
            Child child = children.bash("setsid sleep 600 & echo -n $!; sleep 600 & echo \" $!\"");
            assertThat(child.process().awaitReady()).contains(new Result.Exited(null));
            for (String pid : child.printed().text().strip().split(" ")) {
                await().until(() -> ProcessTable.entry(Long.parseLong(pid)).isEmpty());
            }
        }
    }

    @Test
    void killIsFast() throws Exception {
        Child child = children.python("loop(lambda event, head, id: time.sleep(600))");
        CompletableFuture<Result> running = child.invokeAside("1", "{}");
        assertThat(child.process().awaitReady()).isEmpty();
        long start = System.nanoTime();
        child.process().kill();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        assertThat(running).succeedsWithin(Duration.ofSeconds(5));
    }

    @Test
    void stopLetsAProcessSayItsLastWord() throws Exception {
        Child child = children.python("""
                def bye(signal, frame):
                    print('bye', flush=True)
                    os._exit(0)
                signal.signal(signal.SIGTERM, bye)
                print('ready', flush=True)
                loop(lambda event, head, id: '')
                """);
        assertThat(child.process().awaitReady()).isEmpty();
        child.process().stop();
        // It may have ended before the event comes.
        assertThat(child.invoke("1", "{}")).isIn(new Result.Exited(null), new Result.NotTaken(null));
        assertThat(child.printed().text()).isEqualTo("ready\nbye\n");
    }

    @Test
    void whoIgnoresStopIsKilledHalfASecondLater() throws Exception {
        Child child = children.python("""
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                head, event = call('GET', 'invocation/next')
                time.sleep(600)
                """);
        assertThat(child.process().awaitReady()).isEmpty();
        long start = System.nanoTime();
        child.process().stop();
        assertThat(child.process().isAlive()).isTrue();
        assertThat(child.invoke("1", "{}")).isEqualTo(new Result.Exited("signal: killed"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(450), Duration.ofSeconds(3));
    }

    @Test
    void closeEndsAllOfThemAndNothingCanBeStartedAfterwards() throws Exception {
        List<Child> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(children.python("signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
                    + "loop(lambda event, head, id: (print('took it', flush=True), time.sleep(600)))"));
            all.add(children.python("loop(lambda event, head, id: (print('took it', flush=True), time.sleep(600)))"));
        }
        for (Child child : all) {
            assertThat(child.process().awaitReady()).isEmpty();
        }
        List<CompletableFuture<Result>> running = all.subList(0, 4).stream().map(child -> child.invokeAside("1", "{}")).toList();
        await().until(() -> all.subList(0, 4).stream().allMatch(child -> child.printed().text().contains("took it")));
        long start = System.nanoTime();
        children.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        for (CompletableFuture<Result> one : running) {
            assertThat(one).succeedsWithin(Duration.ofSeconds(5)).isInstanceOf(Result.Exited.class);
        }
        assertThat(all).noneMatch(child -> child.process().isAlive());
        children.close();
        assertThatThrownBy(() -> children.bash("true")).isInstanceOf(IOException.class).hasMessageContaining("is being closed");
    }

    @Test
    void nothingIsLeftOfProcessesThatHaveEnded() throws Exception {
        // What the first one starts stays for the next: the server and its thread.
        children.bash("true").process().awaitReady();
        await().until(() -> children.processes.running() == 0);
        int descriptors = descriptors();
        for (int i = 0; i < 15; i++) {
            Child child = children.python("loop(lambda event, head, id: os._exit(1) if event else '')");
            assertThat(text(child.invoke("1", ""))).isEmpty();
            if (i % 3 == 0) {
                child.process().kill();
            } else if (i % 3 == 1) {
                child.process().stop();
            }
            assertThat(child.invoke("2", "end")).isInstanceOfAny(Result.Exited.class, Result.NotTaken.class);
        }
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            assertThat(children.processes.running()).isZero();
            assertThat(children.processes.openPorts()).isZero();
            assertThat(descriptors()).isLessThanOrEqualTo(descriptors + 5);
            assertThat(threads()).noneMatch(name -> name.startsWith("output of orders") || name.startsWith("end of orders"));
        });
        children.close();
        await().atMost(Duration.ofSeconds(5)).untilAsserted(
                () -> assertThat(threads()).noneMatch(name -> name.startsWith("runtime-api")));
    }

    @Test
    void aDescendantThatNobodyFindsHoldsNothingUp() throws Exception {
        Child child = children.python("""
                hidden = subprocess.Popen(['/usr/bin/env', '-i', '/bin/sleep', '600'], start_new_session=True,
                                          stdout=subprocess.DEVNULL)
                os.write(1, b'%d' % hidden.pid)
                os._exit(5)
                """);
        assertThat(child.process().awaitReady()).contains(new Result.Exited("exit status 5"));
        ProcessHandle hidden = ProcessHandle.of(Long.parseLong(child.printed().text())).orElseThrow();
        try {
            await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
                assertThat(children.processes.running()).isZero();
                assertThat(threads()).noneMatch(name -> name.startsWith("output of orders"));
            });
            // Otherwise the test would show nothing.
            assertThat(hidden.isAlive()).isTrue();
        } finally {
            hidden.destroyForcibly();
        }
    }

    @Test
    void aDescendantWithoutItsEnvironmentIsFoundByItsOutput() throws Exception {
        Child child = children.python("""
                first = os.fork()
                if first == 0:
                    os.setsid()
                    second = os.fork()
                    if second == 0:
                        os.execve('/bin/sleep', ['sleep', '600'], {})
                    os.write(1, b'%d' % second)
                    os._exit(0)
                os.waitpid(first, 0)
                os._exit(5)
                """);
        assertThat(child.process().awaitReady()).contains(new Result.Exited("exit status 5"));
        long hidden = Long.parseLong(child.printed().text());
        await().atMost(Duration.ofSeconds(5)).until(() -> ProcessTable.entry(hidden).isEmpty());
    }

    @Test
    void processesOfOthersAreLeftAlone() throws Exception {
        Child other = children.python(FAMILY + "loop(lambda event, head, id: pids)");
        List<ProcessHandle> family = handles(text(other.invoke("1", "")));
        Child child = children.start(children.pythonCommand("loop(lambda event, head, id: '')"), Map.of("OTHER", "variable"));
        child.invoke("1", "");
        child.process().kill();
        assertThat(child.invoke("2", "")).isIn(new Result.Exited("signal: killed"), new Result.NotTaken("signal: killed"));
        assertThat(family).allMatch(ProcessHandle::isAlive);
        assertThat(text(other.invoke("2", ""))).isNotEmpty();
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).collect(Collectors.toSet());
    }

    private static int descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return (int) open.count();
        }
    }
}
