package dev.sluice.function;

import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How does a function's Java code leave the server's JVM for good? The reason is stored with the function, so that it holds for all its
 * instances, and after a restart, a deploy or a rebuild, until somebody says its isolation anew. Thread-safe.
 */
public final class FunctionMoves {

    private static final Logger LOG = LoggerFactory.getLogger(FunctionMoves.class);

    private final FunctionDefinitions definitions;
    private final Clock clock;

    public FunctionMoves(FunctionDefinitions definitions, Clock clock) {
        this.definitions = definitions;
        this.clock = clock;
    }

    /** The first reason stays; a function that is gone meanwhile has no place any more. */
    public void store(FunctionDefinitions.Key key, String because) {
        boolean[] moves = {false};
        FunctionDefinition now = definitions.put(key, present -> {
            moves[0] = present != null && present.move() == null;
            return moves[0] ? present.withMove(new FunctionMove(because, clock.instant())) : present;
        });
        if (moves[0]) {
            LOG.warn(
                    "Function {} moves to a process of its own, as {}. There its {} MB are a limit, its timeout kills it, and breakpoints need"
                            + " debugPort; isolation: jvm keeps it here",
                    key.name(), because, now.latest().settings().memoryMb());
        }
    }
}
