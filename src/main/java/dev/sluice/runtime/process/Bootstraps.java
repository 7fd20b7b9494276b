package dev.sluice.runtime.process;

import dev.sluice.runtime.code.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Where are the programs on disk that run handlers of other languages? In this server's JAR, and copied from there when needed.
 * Thread-safe.
 */
final class Bootstraps {

    private final Path directory;
    private final Map<String, Path> copied = new HashMap<>();

    /** @param directory made when missing */
    Bootstraps(Path directory) {
        this.directory = directory;
    }

    synchronized Path file(String name) throws IOException {
        Path present = copied.get(name);
        if (present != null && Files.isRegularFile(present)) {
            return present;
        }
        PrivateFiles.createDirectories(directory);
        Path made = Files.createTempFile(directory, name, null);
        try (InputStream in = Bootstraps.class.getResourceAsStream(name)) {
            Files.copy(in, made, StandardCopyOption.REPLACE_EXISTING);
        }
        Path file = directory.resolve(name);
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        copied.put(name, file);
        return file;
    }
}
