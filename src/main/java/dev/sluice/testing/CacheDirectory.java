package dev.sluice.testing;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;

/**
 * Where is kept what every run needs again: the server's program, and its classes as the JVM lays them out? In the user's cache directory;
 * where that can't be written, in a directory below the temporary one that is this user's alone, as the program in it is run. Stateless.
 */
final class CacheDirectory {

    private CacheDirectory() {
    }

    /** A directory that is there and can be written. */
    static Path find() throws IOException {
        String said = System.getProperty("sluice.cache");
        if (said != null) {
            return Files.createDirectories(Path.of(said).toAbsolutePath());
        }
        Optional<Path> ofUser = ofUser();
        if (ofUser.isPresent()) {
            try {
                Path directory = Files.createDirectories(ofUser.get());
                Files.delete(Files.createTempFile(directory, "can-be-written", null));
                return directory;
            } catch (IOException readOnly) {
                // As in containers whose user has no home.
                return ofTemporary();
            }
        }
        return ofTemporary();
    }

    private static Optional<Path> ofUser() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (system.contains("windows")) {
            return path(System.getenv("LOCALAPPDATA")).map(local -> local.resolve("Sluice").resolve("cache"));
        }
        Optional<Path> home = path(System.getProperty("user.home"));
        if (system.contains("mac")) {
            return home.map(own -> own.resolve("Library/Caches/sluice"));
        }
        // XDG Base Directory Specification
        return path(System.getenv("XDG_CACHE_HOME")).or(() -> home.map(own -> own.resolve(".cache"))).map(cache -> cache.resolve("sluice"));
    }

    /** Only an absolute one: user.home is "?" where nobody knows it. */
    private static Optional<Path> path(String text) {
        return text == null || text.isBlank() ? Optional.empty() : Optional.of(Path.of(text)).filter(Path::isAbsolute);
    }

    private static Path ofTemporary() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        Path shared = temporary.resolve("sluice-cache-" + System.getProperty("user.name").replaceAll("[^a-zA-Z0-9._-]", "_"));
        if (!temporary.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return Files.createDirectories(shared); // a user's temporary directory is his own there
        }
        var onlyOwner = PosixFilePermissions.fromString("rwx------");
        if (!Files.exists(shared, LinkOption.NOFOLLOW_LINKS)) {
            try {
                return Files.createDirectory(shared, PosixFilePermissions.asFileAttribute(onlyOwner));
            } catch (FileAlreadyExistsException anotherBuild) {
                return ifOwn(shared, temporary);
            }
        }
        return ifOwn(shared, temporary);
    }

    /** Somebody else may have made it before, with a program of his own in it. */
    private static Path ifOwn(Path shared, Path temporary) throws IOException {
        Path mine = Files.createTempDirectory(temporary, "sluice-cache-");
        boolean own = Files.isDirectory(shared, LinkOption.NOFOLLOW_LINKS)
                && Files.getOwner(shared, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(mine))
                && Files.getPosixFilePermissions(shared, LinkOption.NOFOLLOW_LINKS).equals(PosixFilePermissions.fromString("rwx------"));
        if (own) {
            Files.delete(mine);
        }
        return own ? shared : mine;
    }
}
