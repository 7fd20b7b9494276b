package dev.sluice.runtime.code;

import dev.sluice.function.FunctionCode;
import dev.sluice.function.NotRunnableException;
import dev.sluice.function.Time;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has anything changed in a directory in which processes run as it is? It looks when it is asked, but not every time; what was changed
 * counts once nothing was written for a moment, as an editor or a compiler writes several files. Thread-safe.
 */
final class LocalDirectoryCode implements LocalCode {

    private static final Logger LOG = LoggerFactory.getLogger(LocalDirectoryCode.class);
    /** How long a look is good for. */
    private static final Duration LOOK = Duration.ofMillis(300);
    /** How long nothing must have been written. */
    private static final Duration QUIET = Duration.ofMillis(200);
    /** How long something may be written all the time before a change counts all the same. */
    private static final Duration RESTLESS = Duration.ofSeconds(2);

    private final Path directory;
    /** What is started there: of a name without a slash it is looked for elsewhere. */
    private final String program;
    private final Time time;
    /** How long a build may leave the directory missing. */
    private static final Duration BUILD = Duration.ofSeconds(30);
    /** How many times longer than it took a look is good for. */
    private static final int PART = 10;

    /** Held by the one who looks; the others go on with what was. */
    private final ReentrantLock looking = new ReentrantLock();
    /** Confined to who looks, as what follows. */
    private Snapshot used;
    private Snapshot seen;
    private long seenAt;
    private long nextLook;
    /** Null while it is as it was. */
    private Long differsSince;
    /** Null while it is there. */
    private Long missingSince;
    /** Guarded by this. Null before the first look, and after the end. */
    private CodeVersion newest;
    private boolean closed;
    /** Whether the last look found no directory. */
    private volatile boolean missing;

    LocalDirectoryCode(FunctionCode.LocalDirectory place, Time time) {
        this.directory = place.directory();
        this.program = place.command().isEmpty() ? ProvidedBootstrap.NAME : place.command().get(0);
        this.time = time;
    }

    @Override
    public CodeVersion current() throws NotRunnableException {
        if (present() == null) {
            looking.lock();
        } else if (!looking.tryLock()) {
            return retained();
        }
        try {
            long now = time.nanos().getAsLong();
            if (used == null || now - nextLook >= 0) {
                lookOrWait(now);
                // A large directory is looked at less often.
                long took = time.nanos().getAsLong() - now;
                nextLook = now + Math.max(LOOK.toNanos(), took * PART);
            }
        } finally {
            looking.unlock();
        }
        return retained();
    }

    /** From how it looks after the last call: what that has written is no news. Nothing is left of a directory that wasn't there. */
    @Override
    public CodeWatch.Seen seen() {
        return CodeWatch.Seen.comparing(this::lookNow, missing ? null : lookNow());
    }

    /** With the program, which may be one directory further, and of which a change of its mode counts. */
    private record Look(Snapshot directory, Path program, FileTime modified, boolean executable) {
    }

    /** Null when the directory isn't there. */
    private Object lookNow() {
        try {
            if (!Files.isDirectory(directory)) {
                return null;
            }
            Path found = program();
            return new Look(DirectorySnapshot.at(directory), found, found == null ? null : Files.getLastModifiedTime(found),
                    found != null && Files.isExecutable(found));
        } catch (IOException gone) {
            return null;
        }
    }

    /** Null when it isn't there. */
    private Path program() {
        Stream<Path> places = program.contains("/") || program.equals(ProvidedBootstrap.NAME) ? Stream.of(directory)
                : Stream.of(ServerPath.TEXT.split(File.pathSeparator)).filter(entry -> !entry.isEmpty()).map(Path::of);
        return places.map(place -> place.resolve(program)).filter(Files::isRegularFile).findFirst().orElse(null);
    }

    @Override
    public void close() {
        CodeVersion last;
        synchronized (this) {
            closed = true;
            last = newest;
            newest = null;
        }
        if (last != null) {
            last.release();
        }
    }

    /** While a build has taken the directory away, what runs goes on for a while. */
    private void lookOrWait(long now) throws NotRunnableException {
        try {
            look(now);
            missingSince = null;
            missing = false;
        } catch (IOException e) {
            missing = true;
            if (missingSince == null) {
                missingSince = now;
            }
            if (used == null || now - missingSince >= BUILD.toNanos()) {
                boolean gone = e instanceof NoSuchFileException || e instanceof NotDirectoryException;
                throw new NotRunnableException("the function's directory " + directory
                        + (gone ? " doesn't exist" : " can't be read: " + e.getMessage()), e);
            }
        }
    }

    private void look(long now) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new NoSuchFileException(directory.toString());
        }
        Snapshot look = DirectorySnapshot.at(directory);
        if (look.equals(used)) {
            differsSince = null;
            return;
        }
        if (differsSince == null) {
            differsSince = now;
        }
        if (!look.equals(seen)) {
            seen = look;
            seenAt = now;
        }
        Duration watched = Duration.ofNanos(now - seenAt);
        Duration age = Duration.between(look.newest(), time.clock().instant());
        boolean restless = now - differsSince >= RESTLESS.toNanos();
        if (used == null || restless || watched.compareTo(QUIET) >= 0 || age.compareTo(QUIET) >= 0) {
            take(look);
        }
    }

    private void take(Snapshot look) {
        Snapshot last = used;
        used = look;
        differsSince = null;
        CodeVersion before;
        synchronized (this) {
            if (closed) {
                return;
            }
            before = newest;
            newest = CodeVersion.inPlace(directory);
        }
        if (last != null) {
            LOG.info("{} has changed; the next invocation has a new process", directory.resolve(look.otherThan(last)));
            before.release();
        }
    }

    private synchronized CodeVersion present() {
        return newest;
    }

    private synchronized CodeVersion retained() throws NotRunnableException {
        if (newest == null) {
            throw LocalCode.notWanted(new FunctionCode.LocalDirectory(directory, java.util.List.of()));
        }
        if (!newest.retain()) {
            throw new IllegalStateException("the use of " + directory + " was released too often");
        }
        return newest;
    }
}
