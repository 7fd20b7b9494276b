package dev.sluice.runtime.code;

import dev.sluice.function.FunctionCode;
import dev.sluice.function.NotRunnableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which version of a JAR in the working tree is the newest that can be loaded? It looks at size and time each time it is asked, so
 * that a rebuilt JAR is picked up between two invocations. While a build replaces it, the copy of the version before stays in use: a
 * missing or half-written file for a moment is no reason to stop a mapping. Thread-safe.
 */
final class LocalJarCode implements LocalCode {

    private static final Logger LOG = LoggerFactory.getLogger(LocalJarCode.class);
    /** How long a build may leave the JAR missing or unreadable. */
    private static final Duration BUILD = Duration.ofSeconds(30);

    private final Path jar;
    private final CodeStore store;
    /** Guarded by this, as is what follows. */
    private CodeVersion newest;
    private FileStamp stamp;
    /** What the last call found, null when there was no file, and what it got, null when that was nothing; only to be compared. */
    private FileStamp found;
    private CodeVersion given;
    private long unusableSince;
    private boolean unusable;
    private boolean closed;

    LocalJarCode(Path jar, CodeStore store) {
        this.jar = jar;
        this.store = store;
    }

    @Override
    public synchronized CodeVersion current() throws NotRunnableException {
        if (closed) {
            throw LocalCode.notWanted(new FunctionCode.LocalJar(jar));
        }
        found = null;
        given = null;
        try {
            FileStamp now = FileStamp.of(jar);
            found = now;
            if (newest == null || !now.equals(stamp)) {
                renew(now);
            }
            unusable = false;
        } catch (IOException e) {
            if (newest == null || !stillBuilding()) {
                String reason = Files.exists(jar) ? "JAR " + jar + " can't be read: " + e.getMessage() : "JAR " + jar + " doesn't exist";
                throw new NotRunnableException(reason, e);
            }
        }
        if (!newest.retain()) {
            throw new IllegalStateException("the copy of " + jar + " was released too often");
        }
        given = newest;
        return newest;
    }

    /** A file that is written to for a while is tried only when nothing has been written for one look. */
    @Override
    public synchronized CodeWatch.Seen seen() {
        CodeVersion before = given;
        CodeWatch.Seen file = CodeWatch.Seen.comparing(this::stamp, found);
        return () -> file.changed() && LocalCode.hasOtherThan(this, before);
    }

    /** Null when there is no file. */
    private Object stamp() {
        try {
            return FileStamp.of(jar);
        } catch (IOException gone) {
            return null;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (newest != null) {
            newest.release();
            newest = null;
        }
    }

    private void renew(FileStamp now) throws IOException {
        CodeVersion copy = store.copy(jar);
        if (newest != null && !Objects.equals(now, FileStamp.of(jar))) {
            // Written to while it was copied; the next invocation looks again.
            copy.release();
            return;
        }
        if (newest != null) {
            newest.release();
            LOG.info("{} has changed and was loaded again", jar);
        }
        newest = copy;
        stamp = now;
    }

    private boolean stillBuilding() {
        long now = System.nanoTime();
        if (!unusable) {
            unusable = true;
            unusableSince = now;
            LOG.warn("{} is missing or half written; its last version stays in use for {} s", jar, BUILD.toSeconds());
        }
        return now - unusableSince < BUILD.toNanos();
    }
}
