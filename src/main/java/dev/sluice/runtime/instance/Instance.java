package dev.sluice.runtime.instance;

import dev.sluice.function.FunctionVersion;
import dev.sluice.function.NotRunnableException;
import dev.sluice.invocation.InvocationResult;
import dev.sluice.invocation.Payload;
import dev.sluice.runtime.code.CodeVersion;
import dev.sluice.runtime.code.LayerStack;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One execution environment of a function: it is initialised by its first call and takes one call at a time. Used by one thread at a
 * time, but for {@link #abort}; whoever has it discards it.
 */
public interface Instance {

    Origin origin();

    /**
     * What it was made from.
     *
     * @param code which the instance is a user of, and releases when it is discarded
     * @param layers the same
     */
    record Origin(FunctionVersion version, CodeVersion code, LayerStack layers) {

        /** Whether it can take a call of this version, code and layers. @param currentCode null for any code of the version */
        public boolean runs(FunctionVersion current, CodeVersion currentCode, LayerStack currentLayers) {
            return version.runsAs(current) && (currentCode == null || code == currentCode) && layers == currentLayers;
        }

        /** JARs for the class path of Java code, after the archive: as with Lambda's runtime the function's own win. */
        public List<Path> libraries() {
            return Stream.of(code.libraries(), layers.libraries()).flatMap(List::stream).toList();
        }

        /** Makes the caller one more user of code and layers. */
        public void retain() {
            if (!code.retain() || !layers.retain()) {
                throw new IllegalStateException("the code of " + version.function() + " was released too often");
            }
        }

        /** Lets code and layers go. */
        public void release() {
            code.release();
            layers.release();
        }
    }

    /** Whether it is a process of its own, and no part of this JVM. */
    boolean inProcess();

    /** Why its code must move to a process; empty while it needn't. */
    default Optional<String> wantsToMove() {
        return Optional.empty();
    }

    /** Whether it was not initialised yet. */
    boolean cold();

    /** Whether it can take another call. */
    boolean reusable();

    /**
     * Runs the function's code up to where it takes events; null when that went well.
     *
     * @throws NotRunnableException when nobody can until it is changed
     */
    InvocationResult initialise(RunningCall call) throws NotRunnableException;

    /** @throws NotRunnableException when it had to be started again, and nobody can until it is changed */
    InvocationResult invoke(Payload event, RunningCall call) throws NotRunnableException;

    /** Makes a running call stop as far as that is possible; called by another thread, which interrupts the running one itself. */
    void abort();

    /** Ends it and lets the code go. */
    void discard();
}
