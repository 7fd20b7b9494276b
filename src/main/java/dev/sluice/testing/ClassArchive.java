package dev.sluice.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * How does the server start in a third of the time? By a file with its classes as this JVM lays them out in memory, one for each JVM and
 * program. A process of its own makes it when the first run is over, so that no test waits for it; nothing depends on it. Immutable.
 */
final class ClassArchive {

    private final ServerProgram program;
    private final Path java;
    private final Path file;

    private ClassArchive(ServerProgram program, Path java, Path file) {
        this.program = program;
        this.java = java;
        this.file = file;
    }

    /** @param java the program {@code java} that runs the server */
    static ClassArchive of(ServerProgram program, Path java, Path cache) {
        CRC32 ofJvm = new CRC32();
        for (String property : List.of("java.home", "java.vm.version", "java.vm.name", "os.arch")) {
            ofJvm.update(System.getProperty(property, "").getBytes(StandardCharsets.UTF_8));
            ofJvm.update('\n');
        }
        return new ClassArchive(program, java, cache.resolve(program.name() + "-" + Long.toHexString(ofJvm.getValue()) + ".jsa"));
    }

    /** One that is older than the program is of another build, and the JVM would leave it aside. */
    boolean exists() {
        try {
            return Files.exists(file) && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(program.jar())) > 0;
        } catch (IOException gone) {
            return false;
        }
    }

    /** What the JVM is started with, to use it; and it is quiet when the archive doesn't fit. */
    List<String> flags() {
        return exists() ? List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + file, "-Xlog:cds=off", "-Xlog:cds+dynamic=off",
                "-Xlog:class+path=off") : List.of();
    }

    /** Has it made by a process that outlives this one. Two builds may do so at once: the second finds that there is one. */
    void makeInBackground() {
        if (exists()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(ServerProcess.QUICK);
        command.addAll(List.of("-cp", program.jar().toString(), "dev.sluice.cli.ClassArchiveMain", file.toString()));
        try {
            new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            // Only the next start is slower for it.
            System.err.println("sluice: the archive for a faster start can't be made: " + e.getMessage());
        }
    }
}
