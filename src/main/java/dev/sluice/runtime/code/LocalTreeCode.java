package dev.sluice.runtime.code;

import dev.sluice.function.FunctionCode;
import dev.sluice.function.NotRunnableException;
import dev.sluice.function.Time;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which version of a class path in the working tree is the newest that can be loaded? It looks when it is asked, but not every time: a
 * look at a large tree takes as long as many an invocation. One caller looks and copies, the others go on with the version before, and
 * so do all while a build writes; {@link BuildSettled} says when it is over.
 */
final class LocalTreeCode implements LocalCode {

    private static final Logger LOG = LoggerFactory.getLogger(LocalTreeCode.class);
    /** How long a look at a tree in which nothing has changed is good for. */
    private static final Duration LOOK = Duration.ofMillis(500);
    /** The same while a change is waited for. */
    private static final Duration SHORTEST_LOOK = Duration.ofMillis(50);
    /** How long a call waits for a tree without a version before, in which something is being written. */
    private static final Duration FIRST = Duration.ofSeconds(3);

    private final FunctionCode.LocalTree tree;
    private final CodeStore store;
    private final Time time;
    /** Held by the one who looks. */
    private final ReentrantLock looking = new ReentrantLock();
    private final BuildSettled quiet = new BuildSettled();
    /** When to look again, and since when the tree can't be loaded; confined to who looks. */
    private long nextLook;
    private boolean building;
    private long buildingSince;
    private NotRunnableException problem;
    /** What the last call got; only to be compared. */
    private volatile CodeVersion given;
    /** Guarded by this, as is what follows. */
    private TreeCopy.Made newest;
    private boolean closed;

    LocalTreeCode(FunctionCode.LocalTree tree, CodeStore store, Time time) {
        this.tree = tree;
        this.store = store;
        this.time = time;
        this.nextLook = time.nanos().getAsLong();
    }

    @Override
    public CodeVersion current() throws NotRunnableException {
        try {
            CodeVersion now = newest();
            given = now;
            return now;
        } catch (NotRunnableException e) {
            given = null;
            throw e;
        }
    }

    @Override
    public CodeWatch.Seen seen() {
        CodeVersion before = given;
        return () -> LocalCode.hasOtherThan(this, before);
    }

    private CodeVersion newest() throws NotRunnableException {
        CodeVersion present = retained();
        if (present == null) {
            looking.lock();
        } else if (!looking.tryLock()) {
            return present;
        }
        try {
            lookWhenDue();
            if (problem != null) {
                throw new NotRunnableException(problem.getMessage(), problem);
            }
            CodeVersion now = retained();
            if (now == null) {
                throw LocalCode.notWanted(tree);
            }
            return now;
        } finally {
            looking.unlock();
            if (present != null) {
                present.release();
            }
        }
    }

    @Override
    public void close() {
        TreeCopy.Made last;
        synchronized (this) {
            closed = true;
            last = newest;
            newest = null;
        }
        if (last != null) {
            last.version().release();
        }
    }

    /** Null before the first version, and once this is closed. */
    private synchronized CodeVersion retained() throws NotRunnableException {
        if (closed) {
            throw LocalCode.notWanted(tree);
        }
        if (newest == null) {
            return null;
        }
        if (!newest.version().retain()) {
            throw new IllegalStateException("the copy of " + tree.place() + " was released too often");
        }
        return newest.version();
    }

    private void lookWhenDue() throws NotRunnableException {
        TreeCopy.Made loaded = loaded();
        if (loaded != null && time.nanos().getAsLong() - nextLook < 0) {
            return;
        }
        problem = null;
        try {
            Duration wait = look(loaded);
            for (long waited = 0; loaded == null && isWaitedFor() && waited < FIRST.toNanos(); waited += wait.toNanos()) {
                pause(wait);
                wait = look(null);
            }
            if (isWaitedFor() && !take(TreeSnapshot.at(tree), null)) {
                problem = new NotRunnableException("the function's class path " + tree.place() + " is being written");
            }
            after(wait);
        } catch (IOException e) {
            quiet.forget();
            after(LOOK);
            if (loaded != null && !building) {
                LOG.warn("{}; the version before stays in use for {} s", reason(e), BuildSettled.BUILD.toSeconds());
            }
            if (loaded == null || !stillBuilding()) {
                problem = new NotRunnableException(reason(e), e);
            }
        }
    }

    private String reason(IOException e) {
        return e instanceof NoSuchFileException missing ? "the function's class path has " + missing.getFile() + ", which doesn't exist"
                : "the function's class path " + tree.place() + " can't be read: " + e.getMessage();
    }

    /** Loads what has changed if it can be; how long the look is good for. */
    private Duration look(TreeCopy.Made loaded) throws IOException {
        TreeSnapshot now = TreeSnapshot.at(tree);
        if (loaded != null && now.equals(loaded.look())) {
            quiet.forget();
            building = false;
            return LOOK;
        }
        Duration missing = quiet.missing(now, loaded == null ? null : loaded.look(), time.clock().instant(), time.nanos().getAsLong());
        // Something writes all the time: what two looks agree on is good enough then.
        boolean tired = loaded != null && !missing.isZero() && !stillBuilding();
        if (!missing.isZero() && !tired || !take(now, loaded)) {
            Duration wait = missing.compareTo(SHORTEST_LOOK) > 0 ? missing : SHORTEST_LOOK;
            return wait.compareTo(LOOK) < 0 ? wait : LOOK;
        }
        quiet.forget();
        building = false;
        return LOOK;
    }

    /** False when it was written to while it was copied. */
    private boolean take(TreeSnapshot now, TreeCopy.Made loaded) throws IOException {
        CodeVersion copy = store.copy(new TreeCopy(now, loaded));
        boolean unchanged = false;
        try {
            unchanged = now.equals(TreeSnapshot.at(tree));
        } finally {
            if (!unchanged) {
                copy.release();
            }
        }
        if (!unchanged) {
            return false;
        }
        synchronized (this) {
            if (closed) {
                copy.release();
                return true;
            }
            newest = new TreeCopy.Made(now, copy);
        }
        if (loaded != null) {
            loaded.version().release();
            LOG.info("{} has changed and was loaded again", tree.place());
        }
        return true;
    }

    private synchronized TreeCopy.Made loaded() {
        return newest;
    }

    private synchronized boolean isWaitedFor() {
        return newest == null && !closed;
    }

    private boolean stillBuilding() {
        long now = time.nanos().getAsLong();
        if (!building) {
            building = true;
            buildingSince = now;
        }
        return now - buildingSince < BuildSettled.BUILD.toNanos();
    }

    private void after(Duration wait) {
        nextLook = time.nanos().getAsLong() + wait.toNanos();
    }

    /** Keeps the lock: whoever else needs the first version waits for the same. */
    private void pause(Duration wait) throws NotRunnableException {
        try {
            Thread.sleep(wait.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotRunnableException("interrupted while " + tree.place() + " was being written", e);
        }
    }
}
