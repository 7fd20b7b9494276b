package dev.sluice.runtime.handler;

import dev.sluice.runtime.instance.InstanceExit;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the code of an instance in this JVM made a call that needs a JVM of its own, and what becomes of it? Where the code may move, the
 * call is not made, and the instance is of no more use, whatever its code does next; else it is made, and the log says so once.
 * Thread-safe.
 */
public final class InstanceMove implements Consumer<String> {

    private static final Logger LOG = LoggerFactory.getLogger(InstanceMove.class);

    private final String function;
    private final boolean mayMove;
    private final Set<String> told;
    /** The thread of the running call; others of the function have nobody who would hear of an Error. */
    private volatile Thread running;
    private volatile String because;

    /** @param told the calls that the log has been told of already; thread-safe, of all instances of the function */
    public InstanceMove(String function, boolean mayMove, Set<String> told) {
        this.function = function;
        this.mayMove = mayMove;
        this.told = told;
    }

    /** Why it is to move; empty while it needn't. */
    Optional<String> because() {
        return Optional.ofNullable(because);
    }

    void begin() {
        running = Thread.currentThread();
    }

    void end() {
        running = null;
    }

    /** Called by the function's code, on any thread, before the call. Throws where the code may move. */
    @Override
    public void accept(String call) {
        if (!mayMove) {
            if (told.add(call)) {
                LOG.warn(
                        "Function {} calls {}, which changes this JVM for all functions in it; isolation: process gives it a JVM of its own",
                        function, call);
            }
            return;
        }
        move("it called " + call);
        if (Thread.currentThread() != running) {
            InstanceExit.endQuietly(Thread.currentThread(), HandlerMove.class);
        }
        throw new HandlerMove(because);
    }

    /** The heap, which is everybody's, was too small for what the function's call wanted. True when it is to move for that. */
    boolean outOfMemory() {
        if (mayMove) {
            move("it ran out of the memory that all functions share (OutOfMemoryError)");
        }
        return mayMove;
    }

    private synchronized void move(String reason) {
        if (because == null) {
            because = reason;
        }
    }
}
