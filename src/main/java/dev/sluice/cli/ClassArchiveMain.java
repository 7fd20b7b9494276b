package dev.sluice.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Makes the file from which the JVM takes the server's classes as they lie in memory, by a short run of the demo in another JVM, as it is
 * written when a JVM ends. It is there whole or not at all; of two that make the same one, the second leaves it to the first. A program of
 * its own and no command: whoever starts servers for tests calls it when nobody waits any more.
 */
public final class ClassArchiveMain {

    private ClassArchiveMain() {
    }

    /** @param arguments the file */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path archive = Path.of(arguments[0]).toAbsolutePath();
        Path lock = archive.resolveSibling(archive.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock mine = channel.tryLock()) {
            if (mine != null && !isCurrent(archive)) {
                make(archive);
            }
        }
    }

    private static boolean isCurrent(Path archive) throws IOException {
        return Files.exists(archive) && Files.getLastModifiedTime(archive)
                .compareTo(Files.getLastModifiedTime(Path.of(System.getProperty("java.class.path")))) > 0;
    }

    private static void make(Path archive) throws InterruptedException, IOException {
        Path part = archive.resolveSibling(archive.getFileName() + ".part");
        Files.deleteIfExists(part);
        Process demo = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:ArchiveClassesAtExit=" + part, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar",
                System.getProperty("java.class.path"), "demo", "--records", "20", "--exit"))
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        demo.getOutputStream().close();
        int status = demo.waitFor();
        if (!Files.exists(part)) {
            throw new IOException("the demo ended with status " + status + " and left no archive");
        }
        Files.move(part, archive, StandardCopyOption.REPLACE_EXISTING);
    }
}
