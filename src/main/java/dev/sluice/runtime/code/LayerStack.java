package dev.sluice.runtime.code;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The layers of a version on disk, one over the other as Lambda has them in {@code /opt}, and who uses them. The directory stays
 * until the last user has released it. Thread-safe.
 */
public final class LayerStack {

    /** Of a version without layers; nobody counts who uses it. */
    static final LayerStack NONE = new LayerStack(null, List.of(), () -> {});

    private final Path directory;
    private final List<Path> libraries;
    private final Runnable whenUnused;
    private int users = 1;

    private LayerStack(Path directory, List<Path> libraries, Runnable whenUnused) {
        this.directory = directory;
        this.libraries = List.copyOf(libraries);
        this.whenUnused = whenUnused;
    }

    /** A stack with one user: the caller. @param libraries JARs for the class path of Java code, in its order */
    static LayerStack at(Path directory, List<Path> libraries, Runnable whenUnused) {
        return new LayerStack(directory, libraries, whenUnused);
    }

    /** What is {@code /opt} on Lambda; empty without layers. */
    public Optional<Path> directory() {
        return Optional.ofNullable(directory);
    }

    public List<Path> libraries() {
        return libraries;
    }

    /** Adds a user; false when the last one has gone already, and the directory with it. */
    public synchronized boolean retain() {
        if (directory == null) {
            return true;
        }
        if (users == 0) {
            return false;
        }
        users++;
        return true;
    }

    public void release() {
        synchronized (this) {
            if (directory == null) {
                return;
            }
            if (users == 0) {
                throw new IllegalStateException("released more often than retained: " + directory);
            }
            users--;
            if (users > 0) {
                return;
            }
        }
        whenUnused.run();
    }
}
