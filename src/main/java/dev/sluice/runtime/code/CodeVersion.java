package dev.sluice.runtime.code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * One version of a function's code on disk, and who uses it: a zip with classes at its root, and the JARs of its {@code lib/} in
 * class path order. Its files stay until the last user has released it. Thread-safe.
 */
public final class CodeVersion {

    private final Path archive;
    private final List<Path> libraries;
    /** Of code that is used where it is; null for what was copied. */
    private final Path place;
    private final Runnable whenUnused;
    private int users = 1;

    /** A version with one user: the caller. */
    public CodeVersion(Path archive, List<Path> libraries, Runnable whenUnused) {
        this(archive, libraries, null, whenUnused);
    }

    private CodeVersion(Path archive, List<Path> libraries, Path place, Runnable whenUnused) {
        this.archive = archive;
        this.libraries = List.copyOf(libraries);
        this.place = place;
        this.whenUnused = whenUnused;
    }

    /** A directory that is used as it is, whatever becomes of it; with one user: the caller. */
    static CodeVersion inPlace(Path directory) {
        return new CodeVersion(null, List.of(), directory, () -> {});
    }

    /** Null of a directory that is used as it is. */
    public Path archive() {
        return archive;
    }

    public List<Path> libraries() {
        return libraries;
    }

    /**
     * The directory that is used as it is, or the archive unpacked, as Lambda has it in its task root; unpacked when first asked for.
     * Whoever runs there may write to it, as nobody can on Lambda; the archive stays what it is.
     */
    public synchronized Path unpacked() throws IOException {
        if (place != null) {
            return place;
        }
        Path home = archive.resolveSibling("task");
        if (!Files.isDirectory(home)) {
            Path made = Files.createTempDirectory(archive.getParent(), "task-");
            try {
                UnpackedArchive.write(archive, made);
                Files.move(made, home, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                PrivateFiles.deleteTree(made);
            }
        }
        return home;
    }

    /** Adds a user; false when the last one has gone already, and the files with it. */
    public synchronized boolean retain() {
        if (users == 0) {
            return false;
        }
        users++;
        return true;
    }

    public void release() {
        synchronized (this) {
            if (users == 0) {
                throw new IllegalStateException("released more often than retained: " + (place == null ? archive : place));
            }
            users--;
            if (users > 0) {
                return;
            }
        }
        whenUnused.run();
    }
}
