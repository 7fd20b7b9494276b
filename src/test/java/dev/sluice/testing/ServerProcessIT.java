package dev.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of a test's JVM: it begins from the artifact alone, and ends with that JVM, however it ends. */
class ServerProcessIT {

    private static final Path ARTIFACT = Path.of("target/sluice-junit-0.1.0.jar").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Nobody writes into a directory that goes with the test. */
    private static final String NO_ARCHIVE = "-Dsluice.archive=false";
    /** What tests that ask nothing of the cache share: the first lays the program down. */
    private static final Path CACHE = Path.of("target/caches/sluice").toAbsolutePath();

    @TempDir
    private Path directory;

    /** A test's JVM, which says what its server is and ends as it is told. */
    public static final class Tests {
        private Tests() {
        }

        public static void main(String[] arguments) throws InterruptedException {
            SluiceServer server = SluiceServer.shared();
            try (SluiceAccount account = server.account()) {
                String topic = account.topic();
                account.function("f", event -> {
                });
                account.mapping("f").onTopic(topic).create();
                account.produce(topic, "v");
                account.awaitDelivered("f", 1);
            }
            if (arguments[0].equals("keep")) {
                server.keep();
            }
            System.out.println("server " + ProcessHandle.current().children().findFirst().orElseThrow().pid() + " log " + server.log());
            if (arguments[0].equals("stay")) {
                Thread.sleep(600_000); // until it is killed
            }
        }
    }

    @Test
    void itEndsWithTheJvm() throws Exception {
        Process tests = start(List.of("-Dsluice.cache=" + CACHE), "end");
        long server = serverOf("end.txt");
        assertThat(tests.waitFor()).isZero();
        assertEnds(server);
    }

    @Test
    void itEndsWithAJvmThatIsKilled() throws Exception {
        Process tests = start(List.of("-Dsluice.cache=" + CACHE), "stay");
        long server = serverOf("stay.txt");
        Path run = runOf(tests);
        tests.destroyForcibly();
        assertEnds(server);
        assertThat(run).exists();

        // The next one clears away what that has left.
        Process next = start(List.of("-Dsluice.cache=" + CACHE), "stay", "next.txt");
        long nextServer = serverOf("next.txt");
        await().atMost(PATIENCE).until(() -> !Files.exists(run));
        next.destroyForcibly();
        assertEnds(nextServer);
    }

    @Test
    void itStaysWhereATestHasFailedAndSomebodyWantsToLook() throws Exception {
        Process tests = start(List.of("-Dsluice.cache=" + CACHE, "-Dsluice.keep"), "keep");
        long server = serverOf("keep.txt");
        assertThat(tests.waitFor()).isZero();
        assertThat(isAlive(server)).isTrue();
        assertThat(Files.readString(directory.resolve("keep.txt"))).contains("the server stays up", "end it with: kill " + server);
        ProcessHandle.of(server).ifPresent(ProcessHandle::destroy);
        assertEnds(server);
    }

    @Test
    void twoBuildsLayTheProgramDownAtOnce() throws Exception {
        Path cache = directory.resolve("cache");
        Process first = start(List.of("-Dsluice.cache=" + cache), "end");
        Process second = start(List.of("-Dsluice.cache=" + cache), "end", "second.txt");
        assertThat(first.waitFor()).as(output("end.txt")).isZero();
        assertThat(second.waitFor()).as(output("second.txt")).isZero();
        try (Stream<Path> files = Files.list(cache)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".jar") || name.contains(".part")
                    && !name.contains(".jsa"))).singleElement().asString().endsWith(".jar");
        }
        // The archive is made when nobody waits any more, once.
        await().atMost(PATIENCE).untilAsserted(() -> {
            try (Stream<Path> files = Files.list(cache)) {
                assertThat(files.filter(file -> file.toString().endsWith(".jsa"))).hasSize(1);
            }
        });
    }

    @Test
    void aHomeThatCanNotBeWrittenIsNone() throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        Process tests = start(List.of(NO_ARCHIVE, "-Duser.home=/proc/nobody", "-Djava.io.tmpdir=" + temporary), "end");
        assertThat(tests.waitFor()).as(output("end.txt")).isZero();
        try (Stream<Path> files = Files.list(temporary)) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("sluice-cache-"))).singleElement()
                    .satisfies(cache -> assertThat(Files.getPosixFilePermissions(cache)).hasSize(3));
        }
    }

    @Test
    void whatNobodyHasUsedForLongIsSweptAway() throws Exception {
        Instant now = Instant.now();
        for (String file : List.of("old.jar", "old-1f.jsa", "old-1f.jsa.lock", "old.used", "new.jar", "new.used")) {
            Files.createFile(directory.resolve("sluice-" + file));
        }
        // The time of what is used is when it was made.
        Files.setLastModifiedTime(directory.resolve("sluice-new.jar"), FileTime.from(now.minus(Duration.ofDays(90))));
        Files.setLastModifiedTime(directory.resolve("sluice-old.used"), FileTime.from(now.minus(Duration.ofDays(61))));

        ServerProgram.sweep(directory, now.minus(Duration.ofDays(60)));

        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("sluice-new.jar", "sluice-new.used");
        }
    }

    @Test
    void whatTheServerRefusesIsTheReason() {
        assertThat(catchThrowable(() -> SluiceServer.builder().arguments("--no-such-flag").start()))
                .isInstanceOf(SluiceStartException.class).hasMessageContaining("ended with status 2 before it was ready")
                .hasMessageContaining("--no-such-flag");
    }

    private static Path runOf(Process tests) throws IOException {
        try (Stream<Path> runs = Files.list(CACHE.resolve("runs"))) {
            return runs.filter(run -> ownerOf(run).startsWith(tests.pid() + " ")).findFirst().orElseThrow();
        }
    }

    private static String ownerOf(Path run) {
        try {
            return Files.readString(run.resolve("owner"));
        } catch (IOException goneOrJustMade) {
            return "";
        }
    }

    private static void assertEnds(long server) {
        await().atMost(PATIENCE).until(() -> !isAlive(server));
    }

    private static boolean isAlive(long process) {
        return ProcessHandle.of(process).filter(ProcessHandle::isAlive).isPresent();
    }

    private Process start(List<String> options, String how) throws IOException {
        return start(options, how, how + ".txt");
    }

    private Process start(List<String> options, String how, String output) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.addAll(List.of("-cp", ARTIFACT + File.pathSeparator + Path.of("target/test-classes").toAbsolutePath(),
                Tests.class.getName(), how));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
                .redirectOutput(directory.resolve(output).toFile());
        builder.environment().remove("XDG_CACHE_HOME");
        return builder.start();
    }

    /** Which one it said last that it has. */
    private long serverOf(String output) {
        return await().atMost(PATIENCE).until(() -> output(output).lines().filter(line -> line.startsWith("server "))
                .map(line -> Long.parseLong(line.split(" ")[1])).findFirst(), Optional::isPresent).orElseThrow();
    }

    private String output(String name) {
        try {
            return Files.exists(directory.resolve(name)) ? Files.readString(directory.resolve(name)) : "";
        } catch (IOException e) {
            return "";
        }
    }
}
