package dev.sluice.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Where does SQLite's driver find its native code? In the data directory, laid down once: the driver's own way, a copy in the temporary
 * directory that it compares byte by byte at each start, took a sixth of the time in which a server starts. Where that copy can't be loaded
 * (a directory from which nothing may be run), the driver goes its own way. Stateless; {@code class} guards the JVM's properties.
 */
final class NativeLibrary {

    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);
    // The driver's properties: https://github.com/xerial/sqlite-jdbc/blob/master/USAGE.md
    private static final String PATH = "org.sqlite.lib.path";
    private static final String NAME = "org.sqlite.lib.name";

    private NativeLibrary() {
    }

    /** Does nothing where the program has said where it is, or it was loaded before. */
    static synchronized void load(Path dataDirectory) {
        if (System.getProperty(PATH) != null) {
            return;
        }
        try {
            String name = LibraryLoaderUtil.getNativeLibName();
            String system = LibraryLoaderUtil.getNativeLibResourcePath();
            URL library = SQLiteJDBCLoader.class.getResource(system + "/" + name);
            if (library == null) {
                return; // of a system for which the driver has none, which it says itself
            }
            // The directory may be one of another machine.
            Path directory = Files.createDirectories(dataDirectory.resolve("native").resolve("sqlite-" + SQLiteJDBCLoader.getVersion()
                    + system.substring(system.indexOf("native") + "native".length()).replace('/', '-')));
            layDown(library, directory.resolve(name));
            System.setProperty(PATH, directory.toString());
            System.setProperty(NAME, name);
            SQLiteJDBCLoader.initialize();
        } catch (Exception e) { // which is what the driver declares
            LOG.debug("SQLite's native code is not taken from {}", dataDirectory, e);
        } finally {
            // Another program in this JVM may have a driver of its own.
            System.clearProperty(PATH);
            System.clearProperty(NAME);
        }
    }

    private static void layDown(URL library, Path file) throws IOException {
        if (Files.exists(file) && Files.size(file) == library.openConnection().getContentLengthLong()) {
            return;
        }
        Path part = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".part");
        try (InputStream in = library.openStream()) {
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
