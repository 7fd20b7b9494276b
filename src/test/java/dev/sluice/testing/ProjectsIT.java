package dev.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fixture.OwnThread;
import dev.sluice.fixture.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The projects of {@code src/it} are built and tested as their developers would, two at a time, with sluice-junit as it was just built. */
class ProjectsIT {

    private static final Path PROJECTS = Path.of("src/it").toAbsolutePath();
    private static final Path ARTIFACT = Path.of("target/sluice-junit-0.1.0.jar").toAbsolutePath();
    private static final int LONGEST_MINUTES = 10;
    /** What each has to have run: a build without tests is green, too. */
    private static final Map<String, Integer> TESTS = new TreeMap<>(
            Map.of("aws-sdk", 2, "kotlin", 1, "modules", 1, "plain", 23, "spring-boot", 4));

    @TempDir
    private Path directory;

    private record Built(String name, int status, String output) {
    }

    @Test
    void theirTestsPass() throws IOException {
        Programs.assume(List.of("mvn"));
        try (Stream<Path> all = Files.list(PROJECTS)) {
            assertThat(all.map(project -> project.getFileName().toString())).containsExactlyInAnyOrderElementsOf(TESTS.keySet());
        }
        // Those that are long begin first, each in a turn of its own.
        CompletableFuture<List<Built>> first = turn("spring-boot");
        CompletableFuture<List<Built>> second = turn("plain", "kotlin", "aws-sdk", "modules");
        assertThat(Stream.concat(first.join().stream(), second.join().stream())).allSatisfy(built -> {
            assertThat(built.status()).as(built.name() + ": " + built.output()).isZero();
            assertThat(testsOf(built.name())).as(built.name()).isEqualTo(TESTS.get(built.name()));
            // What the application logs is its own; we log nothing in its JVM.
            assertThat(built.output()).as(built.name()).doesNotContain("dev.sluice");
        });
    }

    private CompletableFuture<List<Built>> turn(String... names) {
        return CompletableFuture.supplyAsync(() -> Stream.of(names).map(this::build).toList(), OwnThread.EXECUTOR);
    }

    private Built build(String name) {
        try {
            Path project = copy(name);
            Path output = project.resolve("output.txt");
            ProcessBuilder builder = new ProcessBuilder("mvn", "-B", "-q", "-ntp",
                    "-Dmaven.repo.local=" + System.getProperty("maven.repository"), "-Dstyle.color=never", "test")
                    .directory(project.toFile()).redirectErrorStream(true).redirectOutput(output.toFile());
            // Nor does a user's cache get the program of each build.
            builder.environment().putAll(Map.of("XDG_CACHE_HOME", Path.of("target/caches").toAbsolutePath().toString(), "MAVEN_OPTS",
                    "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"));
            Process maven = builder.start();
            if (!maven.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
                maven.destroyForcibly();
                throw new AssertionError(name + " isn't built within " + LONGEST_MINUTES + " minutes: " + Files.readString(output));
            }
            return new Built(name, maven.exitValue(), Files.readString(output));
        } catch (IOException e) {
            throw new AssertionError(name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(name, e);
        }
    }

    /** With the artifact named as a file, so that nobody's local repository gets one that isn't released. */
    private Path copy(String name) throws IOException {
        Path copy = Files.createDirectory(directory.resolve(name));
        try (Stream<Path> files = Files.walk(PROJECTS.resolve(name))) {
            for (Path file : files.filter(file -> !file.equals(PROJECTS.resolve(name))).toList()) {
                Files.copy(file, copy.resolve(PROJECTS.resolve(name).relativize(file).toString()));
            }
        }
        String pom = Files.readString(copy.resolve("pom.xml"));
        Matcher dependency =
                Pattern.compile("(<artifactId>sluice-junit</artifactId>\\s*<version>[^<]*</version>)\\s*(<scope>test</scope>)?")
                        .matcher(pom);
        assertThat(dependency.find()).isTrue();
        Files.writeString(copy.resolve("pom.xml"), dependency.replaceFirst(
                "$1<scope>system</scope><systemPath>" + Matcher.quoteReplacement(ARTIFACT.toString()) + "</systemPath>"));
        return copy;
    }

    private int testsOf(String name) throws IOException {
        int tests = 0;
        try (Stream<Path> reports = Files.list(directory.resolve(name).resolve("target/surefire-reports"))) {
            for (Path report : reports.filter(file -> file.toString().endsWith(".txt")).toList()) {
                Matcher run = Pattern.compile("Tests run: (\\d+), Failures: 0, Errors: 0, Skipped: 0").matcher(Files.readString(report));
                assertThat(run.find()).as(report.toString()).isTrue();
                tests += Integer.parseInt(run.group(1));
            }
        }
        return tests;
    }
}
