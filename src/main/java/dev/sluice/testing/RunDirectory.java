package dev.sluice.testing;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Where does one server keep its data, and where is its log? The data goes with it, or, when this JVM was killed, with the start of the
 * next one; the log stays in the build's directory. Immutable.
 */
final class RunDirectory {

    /** The JVM that has started the server, and the server, each by id and beginning, as an id alone comes again. */
    private static final String OWNER = "owner";
    private static final String SERVER = "server";

    private static final Duration KEPT = Duration.ofDays(60);

    private final Path directory;
    private final Path log;

    private RunDirectory(Path directory, Path log) {
        this.directory = directory;
        this.log = log;
    }

    static RunDirectory make(Path cache) throws IOException {
        Path runs = Files.createDirectories(cache.resolve("runs"));
        Path directory = Files.createTempDirectory(runs, "run-");
        ProcessHandle own = ProcessHandle.current();
        write(directory.resolve(OWNER), own);
        Thread sweeper = new Thread(() -> {
            sweep(runs);
            sweepPrograms(cache);
        }, "sluice-sweeper");
        sweeper.setDaemon(true);
        sweeper.start();
        return new RunDirectory(directory,
                buildDirectory(directory).resolve("sluice-" + own.pid() + "-" + directory.getFileName() + ".log"));
    }

    /** Maven's or Gradle's, where there is one: there it is looked for, and goes with the next clean build. */
    private static Path buildDirectory(Path otherwise) {
        for (String name : List.of("target", "build")) {
            Path directory = Path.of(name).toAbsolutePath();
            if (Files.isDirectory(directory) && Files.isWritable(directory)) {
                return directory;
            }
        }
        return otherwise;
    }

    private static long started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    /** What others have left whose JVM is no more. */
    private static void sweep(Path runs) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(runs, "run-*")) {
            for (Path one : all) {
                if (isLeft(one)) {
                    delete(one);
                }
            }
        } catch (IOException another) {
            // Of two that sweep at once, one finds less than it has seen.
        }
    }

    private static void sweepPrograms(Path cache) {
        try {
            ServerProgram.sweep(cache, Instant.now().minus(KEPT));
        } catch (IOException another) {
            // As above; and a program that runs can't be deleted everywhere.
        }
    }

    /** One that was just made says nothing yet; one whose server was kept for somebody to look at goes with that. */
    private static boolean isLeft(Path run) throws IOException {
        return Files.exists(run.resolve(OWNER)) && !isAlive(run.resolve(OWNER)) && !isAlive(run.resolve(SERVER));
    }

    private static boolean isAlive(Path said) throws IOException {
        if (!Files.exists(said)) {
            return false;
        }
        String[] process = Files.readString(said).split(" ");
        return ProcessHandle.of(Long.parseLong(process[0])).filter(ProcessHandle::isAlive)
                .filter(running -> started(running) == Long.parseLong(process[1])).isPresent();
    }

    private static void write(Path file, ProcessHandle process) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, process.pid() + " " + started(process));
        Files.move(part, file);
    }

    void belongsTo(ProcessHandle server) throws IOException {
        write(directory.resolve(SERVER), server);
    }

    Path data() {
        return directory.resolve("data");
    }

    Path readyFile() {
        return directory.resolve("ready.json");
    }

    Path log() {
        return log;
    }

    void delete() throws IOException {
        delete(directory);
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException any) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
