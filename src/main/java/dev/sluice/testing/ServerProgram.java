package dev.sluice.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Properties;
import java.util.zip.CRC32;

/**
 * Where is the server's program as a file? It comes along as an entry of sluice-junit's JAR, and is laid down in the cache once for each
 * version and content, whole or not at all: any number of builds may do so at once. Immutable.
 *
 * @param jar the program
 * @param name what is made of it is called so: with its version and the beginning of its hash, or by where it is
 */
record ServerProgram(Path jar, String name) {

    private static final String ENTRY = "/META-INF/sluice/sluice.jar";
    private static final String DESCRIPTION = "/META-INF/sluice/program.properties";
    /** Its time is that of the last start of this program. */
    private static final String USED = ".used";

    /** The one that {@code -Dsluice.jar} names, else the one that comes along, laid down when it isn't yet. */
    static ServerProgram find(Path cache) throws IOException {
        String said = System.getProperty("sluice.jar");
        if (said != null) {
            Path jar = Path.of(said).toAbsolutePath();
            CRC32 where = new CRC32();
            where.update(jar.toString().getBytes(StandardCharsets.UTF_8));
            return used(new ServerProgram(jar, "sluice-at-" + Long.toHexString(where.getValue())), cache);
        }
        Properties description = new Properties();
        try (InputStream in = ServerProgram.class.getResourceAsStream(DESCRIPTION)) {
            if (in == null) {
                throw new IOException(
                        "the server's program is not on the class path; depend on dev.sluice:sluice-junit, or name sluice.jar:"
                                + " -Dsluice.jar=/path/to/sluice.jar");
            }
            description.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        }
        String name = "sluice-" + description.getProperty("version") + "-" + description.getProperty("sha256").substring(0, 16);
        Path jar = cache.resolve(name + ".jar");
        ServerProgram program = used(new ServerProgram(jar, name), cache);
        if (!Files.exists(jar) || Files.size(jar) != Long.parseLong(description.getProperty("size"))) {
            layDown(jar);
        }
        return program;
    }

    /** Before anything of it is looked for: nobody sweeps it away from now on. The time of the program itself is what its archive goes by. */
    private static ServerProgram used(ServerProgram program, Path cache) throws IOException {
        Files.write(cache.resolve(program.name() + USED), new byte[0]);
        return program;
    }

    /** Removes programs, and what was made of them, that nobody has used since; who does, lays them down again. */
    static void sweep(Path cache, Instant unusedSince) throws IOException {
        try (DirectoryStream<Path> marks = Files.newDirectoryStream(cache, "sluice-*" + USED)) {
            for (Path mark : marks) {
                if (Files.getLastModifiedTime(mark).toInstant().isBefore(unusedSince)) {
                    String file = mark.getFileName().toString();
                    removeAll(cache, file.substring(0, file.length() - USED.length()));
                }
            }
        }
    }

    private static void removeAll(Path cache, String name) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(cache, name + "*")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void layDown(Path jar) throws IOException {
        Path part = Files.createTempFile(jar.getParent(), jar.getFileName().toString(), ".part");
        try (InputStream in = ServerProgram.class.getResourceAsStream(ENTRY)) {
            if (in == null) {
                throw new IOException("sluice-junit's JAR has no " + ENTRY + "; it is not whole");
            }
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            move(part, jar);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Where a running server holds the file, as Windows does, the one that is there is the same. */
    private static void move(Path part, Path jar) throws IOException {
        try {
            Files.move(part, jar, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, jar, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException held) {
            if (!Files.exists(jar) || Files.size(jar) != Files.size(part)) {
                throw held;
            }
        }
    }

    static ServerProgram find() {
        try {
            return find(CacheDirectory.find());
        } catch (IOException e) {
            throw new UncheckedIOException("The server's program can't be laid down: " + e.getMessage(), e);
        }
    }
}
